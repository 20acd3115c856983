"""Subjects and SMS: what fits on a locked phone, and what routes a message."""

from dataclasses import replace

import pytest

from functions.notifier.formats.attributes import attributes
from functions.notifier.formats.sms import sms
from functions.notifier.formats.subject import subject
from functions.shared.alerting.notification import AlertEvent, Notification, Occasion
from functions.shared.core.severity import Severity
from tests.unit.shared.alerting.alerts import CONTEXT, message, named, notice


@pytest.mark.parametrize(
    ("notification", "line"),
    [
        (message(notice()), "[HIGH] orders: No owner (payments, production)"),
        (message(notice(environment="")), "[HIGH] orders: No owner (payments)"),
        (message(notice(owner="", environment="")), "[HIGH] orders: No owner (owner unknown)"),
        (
            message(notice(AlertEvent.UPDATED)),
            "[HIGH, changed] orders: No owner (payments, production)",
        ),
        (
            message(notice(AlertEvent.RESOLVED)),
            "[RESOLVED] orders: No owner (payments, production)",
        ),
        (
            message(notice(AlertEvent.REMINDER), occasion=Occasion.REMINDER),
            "[HIGH, still open] orders: No owner (payments, production)",
        ),
        (
            message(notice(AlertEvent.FLAPPING)),
            "[HIGH, flapping] orders: No owner (payments, production)",
        ),
        (
            message(notice(function=named("a")), notice(function=named("b"))),
            "[HIGH] 2 functions: No owner (payments, production)",
        ),
        (
            message(notice(subject="a"), notice(subject="b")),
            "[HIGH] orders, 2 times: No owner (payments, production)",
        ),
        (
            message(
                notice(title="Anyone can invoke it", severity=Severity.CRITICAL, owner="shop"),
                notice(),
            ),
            "[CRITICAL] 2 alerts, worst: orders: Anyone can invoke it (several owners, production)",
        ),
        (
            message(notice(), occasion=Occasion.STORM, messages=30),
            "[HIGH, storm] 1 alert at once: 1 high (payments, production)",
        ),
    ],
)
def test_a_subject_says_how_bad_what_and_whose(notification: Notification, line: str) -> None:
    assert subject(notification) == line


def test_a_long_title_gives_way_before_severity_and_owner() -> None:
    line = subject(message(notice(title="Endlessly" * 16, function=named("f" * 140))))
    assert len(line) == 100
    assert line.startswith(f"[HIGH] {'f' * 37}...: Endlessly")
    assert line.endswith("... (payments)")


def test_an_sms_says_the_same_in_the_alphabet_of_phones() -> None:
    event = message(notice(title="Layer `x` from [another] account ~ https://evil.example"))
    assert sms(event, CONTEXT) == (
        "HIGH: orders: Layer 'x' from (another) account - https(://)evil.example "
        "(payments, production)"
    )
    assert sms(message(notice(owner="", environment="")), CONTEXT) == "HIGH: orders: No owner"


def test_the_attributes_are_what_filters_ask_for() -> None:
    assert attributes(message(notice())) == {
        "severity": "high",
        "occasion": "change",
        "state": "opened",
        "kind": "exposure",
        "rule": "tag-policy",
        "function": "orders",
        "account": "123456789012",
        "region": "eu-west-1",
        "owner": "payments",
        "environment": "production",
    }


def test_a_message_about_several_has_all_their_values() -> None:
    several = message(
        notice(AlertEvent.RESOLVED, function=named("a"), owner=""),
        notice(function=named("b"), severity=Severity.CRITICAL),
    )
    routed = attributes(several)
    assert routed["severity"] == ("critical", "high")
    assert routed["function"] == ("b", "a")
    assert routed["owner"] == ("payments", "unknown")
    assert routed["state"] == ("opened", "resolved")
    assert routed["environment"] == "production"
    unlisted = attributes(replace(several, notices=several.notices[:1]))
    assert unlisted["function"] == ("b", "a"), "those that are only counted, too"
