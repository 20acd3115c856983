"""What people are told follows from what they know, not from what happened since."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from functions.notifier.decide import RESOLVED_LISTED, Decision, decide
from functions.shared.alerting.alert import State
from functions.shared.alerting.handling import (
    Acknowledgement,
    Decided,
    Handling,
    Mute,
    MutedBy,
)
from functions.shared.alerting.notification import AlertEvent
from functions.shared.alerting.store import NEVER, StoredAlert
from functions.shared.config import NotificationPolicy
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.notifier.stored import stored

POLICY = NotificationPolicy()
HOUR = timedelta(hours=1)


def after(one: StoredAlert, decision: Decision) -> StoredAlert:
    """The alert once the decision was carried out."""
    return replace(one, handling=decision.change(one.handling))


def event(one: StoredAlert, at: datetime = NOW) -> StoredAlert:
    """The alert once people heard of it."""
    return after(one, decide(one, None, POLICY, at))


def resolved(one: StoredAlert, at: datetime = NOW) -> StoredAlert:
    """The alert once its finding is gone."""
    return replace(one, alert=replace(one.alert, state=State.RESOLVED, last_seen=at))


def decision(one: StoredAlert, at: datetime = NOW, mute: Mute | None = None) -> Decision:
    return decide(one, mute, POLICY, at)


def test_what_people_do_not_know_is_told_and_then_not_again() -> None:
    one = stored()
    first = decision(one)
    assert (first.event, first.due) == (AlertEvent.OPENED, NEVER)
    assert decision(after(one, first)).event is None


def test_what_changed_is_an_update_and_what_is_only_said_otherwise_is_none() -> None:
    one = event(stored())
    reworded = replace(one, alert=stored(reason="In other words.").alert)
    assert decision(reworded).event is None
    worse = replace(one, alert=stored(severity=Severity.CRITICAL).alert)
    assert decision(worse).event is AlertEvent.UPDATED


def test_the_end_is_told_to_those_who_know_of_the_beginning() -> None:
    over = decision(resolved(event(stored())))
    assert (over.event, over.due) == (AlertEvent.RESOLVED, NOW + RESOLVED_LISTED)
    blip = decision(resolved(stored()))
    assert blip.event is None
    assert "nobody waits" in blip.reason


def test_what_comes_back_is_told_as_new() -> None:
    gone = resolved(event(stored()))
    gone = after(gone, decision(gone))
    back = replace(gone, alert=stored().alert)
    assert decision(back).event is AlertEvent.OPENED


def test_what_resolved_and_came_back_before_anybody_heard_is_no_news() -> None:
    assert decision(event(stored())).event is None


def test_a_resolved_alert_is_forgotten_when_every_digest_has_listed_it() -> None:
    gone = resolved(event(stored()))
    gone = after(gone, decision(gone))
    assert decision(gone, NOW + RESOLVED_LISTED - HOUR).due == NOW + RESOLVED_LISTED
    assert decision(gone, NOW + RESOLVED_LISTED).due is None


def test_only_critical_alerts_are_reminded_of_and_only_after_four_hours() -> None:
    one = event(stored(severity=Severity.CRITICAL))
    assert decision(one, NOW + 3 * HOUR).event is None
    assert decision(one, NOW + 3 * HOUR).due == NOW + 4 * HOUR
    reminder = decision(one, NOW + 4 * HOUR)
    assert (reminder.event, reminder.due) == (AlertEvent.REMINDER, NOW + 8 * HOUR)
    again = after(one, reminder)
    assert again.handling.reminders == 1
    assert again.handling.unsent == (Decided.REMINDER,)
    assert decision(event(stored()), NOW + 400 * HOUR).event is None


def acknowledged(one: StoredAlert, until: datetime) -> StoredAlert:
    mark = Acknowledgement("ada", NOW, until, one.alert.finding.severity)
    return replace(one, handling=replace(one.handling, acknowledgement=mark))


def test_an_acknowledgement_holds_reminders_back_until_it_ends() -> None:
    one = acknowledged(event(stored(severity=Severity.CRITICAL)), NOW + 24 * HOUR)
    assert decision(one, NOW + 23 * HOUR).event is None
    assert decision(one, NOW + 23 * HOUR).due == NOW + 24 * HOUR
    assert decision(one, NOW + 24 * HOUR).event is AlertEvent.REMINDER


def test_what_gets_worse_is_told_and_ends_the_acknowledgement() -> None:
    one = acknowledged(event(stored()), NOW + 24 * HOUR)
    worse = replace(one, alert=stored(severity=Severity.CRITICAL).alert)
    verdict = decision(worse)
    assert verdict.event is AlertEvent.UPDATED
    assert after(worse, verdict).handling.acknowledgement is None
    milder = replace(one, alert=stored(severity=Severity.LOW).alert)
    assert after(milder, decision(milder)).handling.acknowledgement is not None


WAIVER = Mute(MutedBy.WAIVER, "w1", "Accepted.", NOW + 24 * HOUR)
SILENCE = Mute(MutedBy.SILENCE, "s1", "Maintenance.", NOW + HOUR)
INHIBITION = Mute(MutedBy.INHIBITION, "f00", "Explained.")


@pytest.mark.parametrize(
    ("mute", "decided"),
    [
        (WAIVER, Decided.WAIVED),
        (SILENCE, Decided.MUTED),
        (INHIBITION, Decided.MUTED),
    ],
)
def test_a_muted_alert_is_written_down_and_sent_to_machines_but_not_told(
    mute: Mute, decided: Decided
) -> None:
    one = stored(severity=Severity.CRITICAL)
    verdict = decision(one, mute=mute)
    assert verdict.event is None
    muted = after(one, verdict)
    assert muted.handling.mute == mute
    assert muted.handling.unsent == (decided,)
    assert verdict.due == mute.until or verdict.due == NOW + timedelta(minutes=5)
    again = decision(muted, mute=mute)
    assert after(muted, again).handling.unsent == (decided,), "said once"


def test_what_outlives_its_silence_is_told_then() -> None:
    one = after(stored(), decision(stored(), mute=SILENCE))
    verdict = decision(one, NOW + HOUR)
    assert verdict.event is AlertEvent.OPENED
    assert after(one, verdict).handling.mute is None
    assert Decided.UNMUTED in after(one, verdict).handling.unsent


def test_what_people_knew_before_the_silence_is_not_told_again_after_it() -> None:
    known = event(stored())
    one = after(known, decision(known, mute=SILENCE))
    assert decision(one, NOW + HOUR).event is None


def test_an_expired_waiver_reopens_even_what_people_knew() -> None:
    known = event(stored())
    one = after(known, decision(known, mute=WAIVER))
    assert decision(one, NOW + 24 * HOUR).event is AlertEvent.OPENED


def test_nobody_is_told_that_a_waived_finding_is_gone() -> None:
    known = event(stored())
    one = resolved(after(known, decision(known, mute=WAIVER)))
    assert decision(one).event is None
    silenced = resolved(after(known, decision(known, mute=SILENCE)))
    assert decision(silenced).event is AlertEvent.RESOLVED, "who was paged hears that it is over"


def minutes(*numbers: int) -> tuple[datetime, ...]:
    return tuple(NOW + timedelta(minutes=number) for number in numbers)


def test_flapping_is_told_once_and_its_end_once() -> None:
    one = stored(switches=minutes(0, 10, 20, 30), handling=event(stored()).handling)
    at = NOW + timedelta(minutes=31)
    flapping = decision(one, at)
    assert flapping.event is AlertEvent.FLAPPING
    assert "4 times within 60 minutes" in flapping.reason
    one = after(one, flapping)
    for state in (State.OPENED, State.RESOLVED, State.OPENED):
        one = replace(
            one,
            alert=replace(one.alert, state=state, switches=(*one.alert.switches, at), last_seen=at),
        )
        quiet = decision(one, at)
        assert (quiet.event, quiet.due) == (None, at + HOUR)
        at += timedelta(minutes=10)
    still = decision(one, one.alert.switches[-1] + HOUR)
    assert still.event is AlertEvent.UPDATED
    assert after(one, still).handling.flapping is False
    gone = resolved(one, at)
    assert decision(gone, one.alert.switches[-1] + HOUR).event is AlertEvent.RESOLVED


def test_slow_changes_are_no_flapping() -> None:
    one = stored(switches=minutes(0, 25, 50, 75), handling=Handling())
    assert decision(one, NOW + timedelta(minutes=76)).event is AlertEvent.OPENED
