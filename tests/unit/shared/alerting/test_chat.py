"""Messages for Slack and Teams: native, in threads, and with nothing smuggled into them."""

import re
from typing import Any, Final

import pytest
from hypothesis import given

from functions.notifier.formats.chat import chat
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.unlinked import chat_text
from functions.shared.alerting.notification import AlertEvent, Notification, Occasion
from functions.shared.core.severity import Severity
from tests.unit.shared.alerting.alerts import CONTEXT, ago, message, named, notice
from tests.unit.shared.alerting.anything import contexts, hostile, notifications

_LINK: Final = re.compile(r"<https://[!-;=?-~]+>")
_CODE: Final = re.compile(r"`[^`]*`")


def content(notification: Notification, context: Context = CONTEXT) -> dict[str, Any]:
    found: dict[str, Any] = chat(notification, context)["content"]
    return found


def test_a_message_reads_well_in_a_channel() -> None:
    event = content(message(notice(severity_reason="Nobody would know.")))
    assert event["textType"] == "client-markdown"
    assert event["title"] == "HIGH: No owner (orders)"
    assert "- Function: `orders` in eu-west-1, account 123456789012" in event["description"]
    assert "- Severity: high. Nobody would know." in event["description"]
    assert "*Why:* Nobody can be asked." in event["description"]
    assert event["nextSteps"][:2] == [
        "Tag it.",
        "Runbook: <https://git.example.com/runbooks/tag-policy.md>",
    ]
    assert event["keywords"] == ["high", "payments", "production", "tag-policy"]


def test_an_incident_keeps_its_thread_from_opening_to_resolution() -> None:
    threads = {
        chat(message(notice(event, first_seen=ago(hours=3))), CONTEXT)["metadata"]["threadId"]
        for event in (
            AlertEvent.OPENED,
            AlertEvent.UPDATED,
            AlertEvent.REMINDER,
            AlertEvent.FLAPPING,
            AlertEvent.RESOLVED,
        )
    }
    assert threads == {notice().alert.finding.fingerprint}


def test_a_group_has_a_thread_of_its_own() -> None:
    several = message(notice(function=named("a")), notice(function=named("b")))
    metadata = chat(several, CONTEXT)["metadata"]
    assert metadata["threadId"] == "owner=payments"
    assert metadata["additionalContext"]["total"] == "2"
    assert len(metadata["relatedResources"]) == 2


def test_what_is_over_gives_no_steps_to_take() -> None:
    event = content(message(notice(AlertEvent.RESOLVED)))
    assert "It ended at " in event["description"]
    assert "Tag it." not in event["nextSteps"]


def test_a_storm_of_long_alerts_is_cut_and_says_so() -> None:
    storm = message(
        *(
            notice(function=named(f"f{n}"), title=f"Fault {n} {'x' * 130}", remedy="y" * 900)
            for n in range(60)
        ),
        occasion=Occasion.STORM,
        messages=44,
    )
    event = content(storm)["description"]
    assert len(event) <= 8000
    assert "…and more, with the command below." in event
    assert event.endswith("All of them: `warden alerts --owner payments --rule tag-policy`")
    assert "20 more are not listed." in event


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain words, 2.10 and f_one", "plain words, 2.10 and f_one"),
        ("<!here> now", "\u2039!here\u203a now"),
        ("ask @channel!", "ask `\uff20channel`!"),
        ("(see https://evil.example/x)", "(see `https://evil.example/x`)"),
        ("[click](https://evil.example).", "`[click](https://evil.example`)."),
        ("a [b c](https://evil.example)", "a `[b` `c](https://evil.example`)"),
        ("(_it_), 12:30 UTC: HIGH:", "(`_it_`), 12:30 UTC: HIGH:"),
        ("*bold* _it_ ~no~", "`*bold*` `_it_` `~no~`"),
        ("`code`", "'code'"),
        ("a&lt;b", "a\uff06lt;b"),
        (":rotating_light:", "`:rotating_light:`"),
        ("mail ada@example.org, please", "mail `ada@example.org`, please"),
        ("#general", "`#general`"),
    ],
)
def test_markup_in_values_stands_as_code(value: str, shown: str) -> None:
    assert chat_text(value) == shown


@given(hostile)
def test_nothing_outside_of_code_is_markup(value: str) -> None:
    outside = _CODE.sub(" ", chat_text(value))
    assert "`" not in outside
    assert not re.search(r"[<>&*~|@#\[\]\\]|://", outside)
    assert not re.search(r"(^|\s|\()_|:\w+:|[A-Za-z]\.[A-Za-z]", outside, re.ASCII)
    assert "@channel" not in chat_text(value)
    assert "<" not in chat_text(value)


@given(notifications(), contexts)
def test_the_only_links_of_a_message_are_ours(notification: Notification, context: Context) -> None:
    event = content(notification, context)
    texts = [event["title"], event["description"], *event["nextSteps"], *event["keywords"]]
    assert all(texts)
    for text in texts:
        outside = _LINK.sub(" ", _CODE.sub(" ", text))
        assert "`" not in outside
        assert not re.search(r"[<>@]|://|\]\(", outside)


def test_severity_is_that_of_the_worst() -> None:
    several = message(notice(), notice(function=named("b"), severity=Severity.CRITICAL))
    message_ = chat(several, CONTEXT)
    assert message_["metadata"]["additionalContext"]["severity"] == "critical"
    assert message_["content"]["title"].startswith("CRITICAL: 2 alerts, worst: b: No owner")
