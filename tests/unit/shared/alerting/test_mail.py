"""E-mails, told from the finding that somebody is woken by to the message that it is over."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.notifier.formats.mail import mail
from functions.shared.alerting.alert import State
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.wording import span
from functions.shared.alerting.handling import Acknowledgement, Handling
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import AlertEvent, Notification, Occasion
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.shared.alerting.alerts import CONTEXT, ago, message, named, notice
from tests.unit.shared.alerting.anything import contexts, hostile, notifications
from tests.unit.shared.findings import ORDERS


def lines(notification: Notification, context: Context = CONTEXT) -> list[str]:
    return mail(notification, context).splitlines()


def test_a_new_alert_answers_every_question_in_order() -> None:
    event = lines(message(notice(severity_reason="Nobody would know.", count=3)))
    assert event[:10] == [
        "HIGH: No owner",
        "This is new.",
        "",
        "Function: orders",
        str(ORDERS),
        "Owner: payments",
        "Environment: production",
        "Severity: high. Nobody would know.",
        "Alert opened: 2026-03-10 11:59 UTC (1 min ago, seen 3 times)",
        "Acknowledged: not yet",
    ]
    headings = ["Why", "What to do", "Where to look", "Commands"]
    assert [line for line in event if line in headings] == headings
    assert event[event.index("Why") + 1] == "Nobody can be asked."
    assert event[event.index("What to do") + 1] == "Tag it."


def test_every_command_stands_on_one_line_and_is_whole() -> None:
    one = message(notice())
    fingerprint = one.notices[0].alert.finding.fingerprint
    text = mail(one, CONTEXT)
    for command in (
        f"warden ack {fingerprint}",
        f"warden waive {fingerprint} --owner payments --reason TEXT --expires 30d",
        f"warden silence {fingerprint} --for 2h --reason TEXT",
        f"warden alerts {fingerprint}",
    ):
        assert f": {command}\n" in text


def test_an_odd_owner_is_one_word_of_the_command() -> None:
    text = mail(message(notice(owner="O'Brien; rm -rf /")), CONTEXT)
    assert "--owner 'O'\\''Brien; rm -rf /' --reason" in text


def test_what_is_over_says_so_and_how_long_it_lasted() -> None:
    event = lines(message(notice(AlertEvent.RESOLVED, first_seen=ago(hours=2, minutes=5))))
    assert event[:2] == [
        "RESOLVED: No owner",
        (
            "It ended at 2026-03-10 12:00 UTC. The last check found the problem no longer. "
            "The alert was open for 2 h 5 min."
        ),
    ]
    assert "Alert opened: 2026-03-10 09:55 UTC" in event
    assert "Alert ended: 2026-03-10 12:00 UTC (after 2 h 5 min)" in event
    assert "What to do" not in event
    assert not any("warden ack" in line or "warden waive" in line for line in event)


def test_what_ends_without_being_over_says_why() -> None:
    over = notice(AlertEvent.RESOLVED, first_seen=ago(hours=2, minutes=5))
    why = HistoryEntry(NOW, "resolved", "It lasts, and counts as usual from now on.")
    event = lines(message(replace(over, alert=replace(over.alert, history=(why,)))))
    assert event[1] == (
        "It ended at 2026-03-10 12:00 UTC. It lasts, and counts as usual from now on. "
        "The alert was open for 2 h 5 min."
    )


def test_a_reminder_says_how_long_and_that_nobody_acknowledged() -> None:
    event = lines(
        message(notice(AlertEvent.REMINDER, first_seen=ago(hours=4)), occasion=Occasion.REMINDER)
    )
    assert event[0] == "HIGH, still open: No owner"
    assert event[1] == "It has been open for 4 h. Nobody has acknowledged it."


def test_a_reminder_after_an_acknowledgement_says_that_it_ended() -> None:
    known = Acknowledgement("ada@example.org", ago(hours=30), ago(hours=6), Severity.HIGH)
    event = lines(
        message(
            notice(AlertEvent.REMINDER, Handling(acknowledgement=known), first_seen=ago(days=2))
        )
    )
    assert event[1] == (
        "It has been open for 2 days. ada@example.org acknowledged it at 2026-03-09 06:00 UTC; "
        "that ended at 2026-03-10 06:00 UTC."
    )
    assert "Acknowledged: no longer; by ada@example.org until 2026-03-10 06:00 UTC" in event
    assert any(line.startswith("You work on it: warden ack") for line in event)


def test_who_works_on_it_is_named() -> None:
    known = Acknowledgement("ada", ago(hours=1), NOW + timedelta(hours=23), Severity.HIGH)
    event = lines(message(notice(AlertEvent.UPDATED, Handling(acknowledgement=known))))
    assert "Acknowledged: by ada at 2026-03-10 11:00 UTC, until 2026-03-11 11:00 UTC" in event
    assert not any("warden ack" in line for line in event)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("medium", Severity.HIGH, "It got worse: it was medium."),
        ("critical", Severity.HIGH, "It got less severe: it was critical."),
        ("high", Severity.HIGH, ""),
    ],
)
def test_a_change_says_whether_it_got_worse(before: str, after: Severity, said: str) -> None:
    history = (
        HistoryEntry(ago(hours=1), "opened", before),
        HistoryEntry(NOW, "updated", after.label),
    )
    event = lines(message(notice(AlertEvent.UPDATED, severity=after, history=history)))
    assert event[0] == "HIGH, changed: No owner"
    assert event[1] == f"It changed since the last message. {said}".rstrip()


def test_an_alert_that_comes_back_says_since_when_it_was_over() -> None:
    history = (HistoryEntry(ago(hours=3), "resolved"), HistoryEntry(NOW, "opened", "high"))
    event = lines(message(notice(handling=Handling(notified=State.RESOLVED), history=history)))
    assert event[1] == "It is back; it was over since 2026-03-10 09:00 UTC."


def test_an_alert_that_was_muted_first_says_how_long_it_has_been_open() -> None:
    event = lines(message(notice(first_seen=ago(hours=5))))
    assert event[1] == "It has been open for 5 h; you hear of it only now."


def test_flapping_has_calm_words_of_its_own() -> None:
    event = lines(
        message(notice(AlertEvent.FLAPPING, switches=tuple(ago(minutes=n) for n in (9, 6, 3))))
    )
    assert event[0] == "HIGH, flapping: No owner"
    assert event[1].startswith("It came and went 3 times recently. This message stands for all")


def test_a_deploy_of_fifty_functions_is_one_block() -> None:
    many = message(*(notice(function=named(f"f{number:02}")) for number in range(50)))
    event = lines(many)
    assert event[0] == "HIGH: 50 alerts such as: No owner"
    assert [line for line in event if line.startswith(("1.", "2."))] == ["1. HIGH: No owner"]
    assert any(line.startswith("40 functions: f00, f01, f02") for line in event)
    assert event[-2:] == [
        "10 more are not listed here. By rule: tag-policy 50.",
        "All of them: warden alerts --owner payments --rule tag-policy",
    ]


def test_the_same_fault_is_one_block_though_its_command_names_the_function() -> None:
    def stop(name: str) -> str:
        return f"Stop it: aws lambda delete-function --function-name {name}"

    event = lines(
        message(*(notice(function=named(name), remedy=stop(name)) for name in ("a", "ab")))
    )
    assert "2 functions: a, ab (payments; production)" in event
    assert "To do: Stop it: aws lambda delete-function --function-name FUNCTION" in event


def test_the_worst_comes_first_and_what_is_over_last() -> None:
    event = lines(
        message(
            notice(AlertEvent.RESOLVED, title="Old", severity=Severity.CRITICAL),
            notice(rule="tracing-off", title="Small", severity=Severity.LOW),
            notice(title="Bad", severity=Severity.CRITICAL, owner="shop"),
        )
    )
    assert event[0] == "CRITICAL: 3 alerts, worst: orders: Bad"
    assert event[1].startswith("2 critical, 1 low. One of them has ended. Several owners")
    heads = [line for line in event if line[:2] in {"1.", "2.", "3."}]
    assert heads == ["1. CRITICAL: Bad", "2. LOW: Small", "3. RESOLVED: Old"]
    assert event[-1] == "All of them: warden alerts --all"


def test_a_storm_says_what_to_look_for_first() -> None:
    storm = message(
        *(notice(function=named(f"f{n}"), owner=f"team-{n % 3}") for n in range(60)),
        occasion=Occasion.STORM,
        messages=41,
    )
    event = lines(storm)
    assert event[0] == "HIGH, storm: 60 alerts at once: 60 high"
    assert "41 messages were put into this one" in event[1]
    assert "Look for one cause behind them first" in event[1]
    assert any("(3 owners: team-0, team-1, team-2; production)" in line for line in event)


def test_reminders_of_several_say_how_long_the_oldest_is_open() -> None:
    held = [
        notice(AlertEvent.REMINDER, function=named(name), first_seen=ago(hours=hours))
        for name, hours in (("a", 4), ("b", 9))
    ]
    event = lines(message(*held, occasion=Occasion.REMINDER))
    assert event[0] == "HIGH, still open: 2 functions: No owner"
    assert event[1].startswith("Still open, and nobody has acknowledged them: 2 high.")
    assert "They have been open for up to 9 h." in event


def test_without_an_address_the_runbook_is_named_by_its_place() -> None:
    event = lines(message(notice()), replace(CONTEXT, runbooks_url=""))
    assert "Runbook: warden runbook tag-policy" in event


@pytest.mark.parametrize("field", ["title", "reason", "remedy", "severity_reason", "owner"])
@given(value=hostile)
def test_values_add_no_line_and_no_link(field: str, value: str) -> None:
    def text(said: str) -> list[str]:
        changes: dict[str, Any] = {field: said}
        return lines(message(notice(**changes)))

    plain, evil = text("x"), text(f"x {value}")
    assert len(evil) == len(plain)
    for before, after in zip(plain, evil, strict=True):
        if before.startswith(("Runbook: ", "Function: ")):
            assert after == before, "our own links stay"
        else:
            assert "http://" not in after
            assert "https://" not in after
            assert "www." not in after.lower()


@given(notifications(), contexts)
def test_a_mail_stays_within_what_a_person_reads(
    notification: Notification, context: Context
) -> None:
    text = mail(notification, context)
    assert len(text.encode()) < 80 * 1024
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert text.startswith(tuple("CHMLIR"))


@given(st.timedeltas(timedelta(days=-3), timedelta(days=4000)))
def test_a_span_has_two_units_at_most(length: timedelta) -> None:
    words = span(length).split()
    assert len(words) <= 4
    assert "-" not in span(length)
