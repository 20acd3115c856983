"""What pagers are sent: readable in the night, and no title can break it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from functions.notifier.formats.event import detail
from functions.notifier.formats.pager import LEVELS, pager
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.shared.alerting import anything
from tests.unit.shared.findings import finding

CONTEXT = Context(now=NOW, runbooks_url="https://git.example.com/warden/runbooks")


def _schema(name: str) -> Any:
    return json.loads((Path("docs") / name).read_text(encoding="utf-8"))


_ALERT: Final = "alert.schema.json"
EVENT: Final = Draft202012Validator(
    _schema("event.schema.json"),
    registry=Registry[Any]().with_resource(_ALERT, Resource.from_contents(_schema(_ALERT))),
)


def notice(event: AlertEvent = AlertEvent.OPENED, **changes: str) -> Notice:
    alert = Alert(
        finding=finding(**changes),
        scope="tags",
        state=State.OPENED,
        first_seen=NOW - timedelta(hours=4),
        last_seen=NOW,
        count=17,
        owner="payments",
        environment="production",
    )
    return Notice(alert, Handling(), event)


def test_whoever_is_woken_reads_what_where_how_bad_why_and_what_to_do() -> None:
    one = notice(AlertEvent.REMINDER, severity_reason="Nobody can be asked.")
    made = pager(one, CONTEXT)
    payload = made["payload"]
    assert payload["summary"] == "orders: No owner"
    assert payload["severity"] == "error"
    assert payload["custom_details"] == {
        "What happened": "It has been open for 4 h. Nobody has acknowledged it.",
        "Severity": "high. Nobody can be asked.",
        "Why": "Nobody can be asked.",
        "What to do": "Tag it.",
        "Runbook": "https://git.example.com/warden/runbooks/no-owner.md",
        "Owner": "payments",
        "Environment": "production",
        "Alert opened": "2026-03-10 08:00 UTC (4 h ago, seen 17 times)",
        "History": f"warden alerts {one.alert.finding.fingerprint}",
    }
    assert made["links"][0] == {
        "text": "Runbook",
        "href": "https://git.example.com/warden/runbooks/no-owner.md",
    }


def test_the_end_of_a_silence_is_named_as_such() -> None:
    details = pager(notice(AlertEvent.UNMUTED), CONTEXT)["payload"]["custom_details"]
    assert details["What happened"] == "It was muted until now."


def test_a_title_cannot_put_a_link_or_a_quotation_mark_into_the_summary() -> None:
    payload = pager(notice(title='See "https://evil.example" \\n'), CONTEXT)["payload"]
    assert payload["summary"] == "orders: See 'https[://]evil.example' /n"


def test_every_severity_has_one_of_the_four_levels_of_pagers() -> None:
    assert set(LEVELS) == set(Severity)
    assert set(LEVELS.values()) == {"critical", "error", "warning", "info"}


@given(anything.notices, anything.contexts)
def test_nothing_that_a_function_says_breaks_a_page(one: Notice, context: Context) -> None:
    made = pager(one, context)
    payload = made["payload"]
    assert 0 < len(payload["summary"]) <= 1024
    assert json.dumps(payload["summary"], ensure_ascii=False) == f'"{payload["summary"]}"'
    details = payload["custom_details"]
    assert all(isinstance(text, str) and text for text in details.values())
    shown = [payload["summary"], *(text for name, text in details.items() if name != "Runbook")]
    assert not any("://" in text.replace("[://]", "") for text in shown)
    assert all(link["href"].startswith("https://") for link in made["links"])
    assert len(json.dumps(made).encode()) < 64 * 1024
    EVENT.validate(detail(one, context, muted="silence"))
