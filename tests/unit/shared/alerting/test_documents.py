"""What machines get: versioned documents that say what was left out of them."""

import json
from typing import Any

import pytest

from functions.notifier.formats.body import LIMIT, sns_body
from functions.notifier.formats.event import DETAIL_TYPES, detail, detail_type
from functions.shared.alerting.alert import State
from functions.shared.alerting.formats.document import alert_document, notification_document
from functions.shared.alerting.handling import Acknowledgement, Handling, Mute, MutedBy
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import AlertEvent, Notice, Notification
from functions.shared.core.severity import Severity
from tests.golden.scenes import CONTEXT as GOLDEN
from tests.golden.scenes import scenes
from tests.unit.conftest import NOW
from tests.unit.shared.alerting.alerts import CONTEXT, ago, alert, message, named, notice
from tests.unit.shared.alerting.test_limits import ALERT, EVENT, NOTIFICATION


@pytest.mark.parametrize("name", scenes())
def test_the_messages_that_were_approved_keep_the_schema(name: str) -> None:
    notification = scenes()[name]
    NOTIFICATION.validate(notification_document(notification, GOLDEN))
    for one in notification.notices:
        EVENT.validate(detail(one, GOLDEN))


@pytest.mark.parametrize("event", AlertEvent)
def test_events_of_news_and_of_decisions_keep_the_schema(event: AlertEvent) -> None:
    one = notice(event)
    EVENT.validate(detail(one, CONTEXT, muted="A silence."))
    assert detail_type(one) == f"Alert {event.value.title()}"
    assert detail_type(one) in DETAIL_TYPES.values()


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "urgent"},
        {"fingerprint": ""},
        {"function": {}},
        {"first_seen": "yesterday"},
        {"places": [{"title": "x", "url": "javascript:alert(1)"}]},
        {"acknowledgement": "ada"},
        {"version": "2.0"},
    ],
)
def test_the_schema_refuses_what_is_no_alert(change: dict[str, Any]) -> None:
    document = alert_document(notice(), CONTEXT)
    assert ALERT.is_valid(document)
    assert not ALERT.is_valid(document | change)


def test_readers_must_allow_fields_that_are_added_later() -> None:
    assert ALERT.is_valid(alert_document(notice(), CONTEXT) | {"score": 0.9})


def test_the_document_says_who_works_on_it_and_what_became_of_it() -> None:
    handling = Handling(
        reminders=2,
        acknowledgement=Acknowledgement("ada", ago(hours=1), NOW, Severity.HIGH),
        history=(HistoryEntry(ago(hours=1), "acknowledged", "ada"),),
    )
    one = alert_document(
        notice(handling=handling, history=(HistoryEntry(ago(hours=2), "opened", "high"),)), CONTEXT
    )
    assert one["acknowledgement"]["by"] == "ada"
    assert one["reminders"] == 2
    assert [entry["what"] for entry in one["history"]] == ["opened", "acknowledged"]
    assert one["runbook"] == "https://git.example.com/runbooks/tag-policy.md"


def test_what_nobody_is_told_goes_to_the_bus_all_the_same() -> None:
    muted = Handling(mute=Mute(MutedBy.WAIVER, "w-1", "Replaced next month."))
    body = detail(Notice(alert(), muted, AlertEvent.WAIVED), CONTEXT, muted="Replaced next month.")
    assert (body["state"], body["event"]) == ("waived", "waived")
    assert body["muted"] == "Replaced next month."


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "critical"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "info"),
        (Severity.INFO, "info"),
    ],
)
def test_the_level_is_that_of_pagers(severity: Severity, level: str) -> None:
    assert detail(notice(severity=severity), CONTEXT)["level"] == level


def _heavy(count: int, lines: int, length: int = 400) -> Notification:
    """A message whose alerts carry much evidence, half of them severe."""
    return message(
        *(
            notice(
                function=named(f"f{number:02}"),
                severity=Severity.CRITICAL if number % 2 else Severity.LOW,
                evidence={"lines": [f'"{n}' + '"' * length for n in range(lines)]},
            )
            for number in range(count)
        )
    )


def _reported(notification: Notification) -> dict[str, Any]:
    body = sns_body(notification, CONTEXT)
    assert len(body.encode()) <= LIMIT
    document: dict[str, Any] = json.loads(json.loads(body)["default"])
    NOTIFICATION.validate(document)
    return document


def test_a_message_that_fits_says_everything() -> None:
    document = _reported(_heavy(8, 5))
    assert document["left_out"] == 0
    assert all(one["evidence"] and one["evidence_is_whole"] for one in document["alerts"])
    assert {one["evidence_elsewhere"] for one in document["alerts"]} == {""}


def test_the_evidence_of_the_least_severe_goes_first_and_says_where_it_is() -> None:
    document = _reported(_heavy(12, 20))
    by_severity: dict[str, list[bool]] = {}
    for one in document["alerts"]:
        by_severity.setdefault(one["severity"], []).append(bool(one["evidence"]))
        if not one["evidence"]:
            assert not one["evidence_is_whole"]
            assert one["evidence_elsewhere"] == f"warden alerts {one['fingerprint']}"
    assert all(by_severity["critical"])
    assert not all(by_severity["low"])
    assert document["left_out"] == 0


def test_evidence_that_was_cut_before_is_linked_where_it_is_whole() -> None:
    document = _reported(_heavy(40, 60))
    gone = [one for one in document["alerts"] if not one["evidence"]]
    assert gone
    for one in gone:
        assert one["evidence_elsewhere"].startswith("https://eu-west-1.console.aws.amazon.com/s3/")


def test_alerts_that_do_not_fit_at_all_are_counted() -> None:
    words = "\U0001f600" * 1990
    many = message(
        *(
            notice(function=named(f"f{number:02}"), reason=words, remedy=words[:990])
            for number in range(60)
        )
    )
    document = _reported(many)
    assert document["total"] == 60
    assert 0 < len(document["alerts"]) < 40
    assert document["left_out"] == 60 - len(document["alerts"])


def test_the_state_is_that_of_the_alert_and_told_what_the_message_says() -> None:
    one = alert_document(notice(AlertEvent.REMINDER, state=State.UPDATED), CONTEXT)
    assert (one["state"], one["event"]) == ("updated", "reminder")
