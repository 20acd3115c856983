"""What to do about one alert now: tell, keep quiet, or look again later. Pure.

What is reported follows from what people know, not from what happened since: an alert that opened
and resolved while its group waited is not reported, and no change is reported twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.handling import Decided, Handling, Mute
from functions.shared.alerting.history import HistoryEntry, with_entry
from functions.shared.alerting.notification import AlertEvent
from functions.shared.alerting.store import NEVER, StoredAlert
from functions.shared.config import NotificationPolicy

RESOLVED_LISTED: Final = timedelta(days=8)
"""How long a resolved alert stays listed: longer than a weekly digest looks back."""

_RECHECK: Final = timedelta(minutes=5)  # of an explanation, whose end nobody announces
_KNOWN_OPEN: Final = frozenset({State.OPENED, State.UPDATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingChange:
    """What becomes of an alert's handling, whatever it has become by others in between.

    Attributes:
        fields: New values by name.
        entries: What its history gains.
        decided: What machines are to hear.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    entries: tuple[HistoryEntry, ...] = ()
    decided: tuple[Decided, ...] = ()

    def __call__(self, handling: Handling) -> Handling:
        """The handling after the change."""
        history = handling.history
        for entry in self.entries:
            history = with_entry(history, entry)
        unsent = (*handling.unsent, *self.decided)
        return replace(handling, **self.fields, history=history, unsent=unsent)

    def __add__(self, other: "HandlingChange") -> "HandlingChange":
        """Both changes, one after the other."""
        return HandlingChange(
            fields={**self.fields, **other.fields},
            entries=self.entries + other.entries,
            decided=self.decided + other.decided,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about one alert.

    Attributes:
        event: What people are to hear of it, None for nothing.
        change: What becomes of its handling; where something is told, once it was.
        due: When to look next, None to forget the alert.
        reason: Why, in a few words.
    """

    event: AlertEvent | None = None
    change: HandlingChange = HandlingChange()
    due: datetime | None
    reason: str


def decide(
    stored: StoredAlert,
    mute: Mute | None,
    policy: NotificationPolicy,
    now: datetime,
    *,
    waits_for_digest: bool = False,
) -> Decision:
    """Decide about one alert that is due.

    Args:
        stored: The alert and what people know of it.
        mute: What mutes it at present, None where nothing does.
        policy: When people want to hear.
        now: The time.
        waits_for_digest: Whether it is too little to begin a conversation with: one that people
            know of is followed to its end all the same.
    """
    if stored.alert.is_open and mute:
        return _muted(stored.handling, mute, now)
    unmuted = _unmuted(stored, now)
    known = unmuted(stored.handling)
    if waits_for_digest and known.notified not in _KNOWN_OPEN:
        return Decision(
            change=unmuted,
            due=NEVER if stored.alert.is_open else _forget_at(stored.alert, now),
            reason="it is left to the digest",
        )
    decision = _flapping(stored.alert, known, policy, now) or (
        _open(stored.alert, known, policy, now, reopened=stored.handling.waived)
        if stored.alert.is_open
        else _ended(stored.alert, known, now)
    )
    return replace(decision, change=unmuted + decision.change)


def _muted(known: Handling, mute: Mute, now: datetime) -> Decision:
    due = mute.until or now + _RECHECK
    if known.mute and (known.mute.by, known.mute.id) == (mute.by, mute.id):
        return Decision(change=HandlingChange(fields={"mute": mute}), due=due, reason="still muted")
    waived = replace(known, mute=mute).waived
    decided = Decided.WAIVED if waived else Decided.MUTED
    change = HandlingChange(
        fields={"mute": mute},
        entries=(HistoryEntry(now, decided.value, mute.reason),),
        decided=(decided,),
    )
    return Decision(change=change, due=due, reason=f"{decided.value}: {mute.reason}")


def _unmuted(stored: StoredAlert, now: datetime) -> HandlingChange:
    if stored.handling.mute is None:
        return HandlingChange()
    if not stored.alert.is_open:
        # Who accepted a finding does not wait to hear that it is gone.
        heard = {"notified": State.RESOLVED} if stored.handling.waived else {}
        return HandlingChange(fields={"mute": None, **heard})
    return HandlingChange(
        fields={"mute": None}, entries=(HistoryEntry(now, "unmuted"),), decided=(Decided.UNMUTED,)
    )


def _flapping(
    alert: Alert, known: Handling, policy: NotificationPolicy, now: datetime
) -> Decision | None:
    """Tell once that an alert flaps, and how it stands when it has kept still; None otherwise."""
    window = timedelta(minutes=policy.flap_minutes)
    recent = [at for at in alert.switches if now - at < window]
    quiet_at = max(alert.switches, default=now) + window
    if known.flapping:
        if now < quiet_at:
            return Decision(due=quiet_at, reason="still flapping")
        event = AlertEvent.UPDATED if alert.is_open else AlertEvent.RESOLVED
        change = _heard(alert, event, now) + HandlingChange(fields={"flapping": False})
        due = _next_look(alert, change(known), policy, now)
        return Decision(event=event, change=change, due=due, reason="stopped flapping")
    if len(recent) < policy.flap_switches:
        return None
    change = _heard(alert, AlertEvent.FLAPPING, now) + HandlingChange(
        fields={"flapping": True}, decided=(Decided.FLAPPING,)
    )
    reason = f"opened and resolved {len(recent)} times within {policy.flap_minutes} minutes"
    return Decision(event=AlertEvent.FLAPPING, change=change, due=quiet_at, reason=reason)


def _forget_at(alert: Alert, now: datetime) -> datetime | None:
    """When a resolved alert is listed no more, None where that is now."""
    forget_at = alert.last_seen + RESOLVED_LISTED
    return forget_at if now < forget_at else None


def _ended(alert: Alert, known: Handling, now: datetime) -> Decision:
    due = _forget_at(alert, now)
    if known.notified in _KNOWN_OPEN:
        change = _heard(alert, AlertEvent.RESOLVED, now)
        return Decision(event=AlertEvent.RESOLVED, change=change, due=due, reason="it is over")
    over = HandlingChange(fields={"acknowledgement": None, "reminders": 0})
    return Decision(change=over, due=due, reason="over, and nobody waits to hear it")


def _open(
    alert: Alert, known: Handling, policy: NotificationPolicy, now: datetime, *, reopened: bool
) -> Decision:
    event, reason = _event(alert, known, reopened=reopened)
    if event is None and _is_reminded(alert, known, policy, now):
        event, reason = AlertEvent.REMINDER, "nobody acknowledged it"
    if event is None:
        return Decision(due=_next_look(alert, known, policy, now), reason=reason)
    change = _heard(alert, event, now)
    if event is AlertEvent.REMINDER:
        more = {"reminders": known.reminders + 1}
        change += HandlingChange(fields=more, decided=(Decided.REMINDER,))
    elif _is_worse(alert, known):
        change += HandlingChange(fields={"acknowledgement": None})
    due = _next_look(alert, change(known), policy, now)
    return Decision(event=event, change=change, due=due, reason=reason)


def _event(alert: Alert, known: Handling, *, reopened: bool) -> tuple[AlertEvent | None, str]:
    if known.notified not in _KNOWN_OPEN:
        return AlertEvent.OPENED, "people do not know of it"
    if reopened:
        return AlertEvent.OPENED, "the waiver that accepted it ended"
    if alert.finding.digest != known.notified_digest:
        return AlertEvent.UPDATED, "it changed since people heard of it"
    return None, "people know of it"


def _heard(alert: Alert, event: AlertEvent, now: datetime) -> HandlingChange:
    """What people know once they were told."""
    state = State.RESOLVED if not alert.is_open else State.OPENED
    fields: dict[str, Any] = {
        "notified": state,
        "notified_digest": alert.finding.digest,
        "notified_at": now,
    }
    if event is not AlertEvent.REMINDER:
        fields["reminders"] = 0
    if event in {AlertEvent.OPENED, AlertEvent.UPDATED}:
        fields["known_since"] = now
    if not alert.is_open:
        fields["acknowledgement"] = None
    return HandlingChange(fields=fields, entries=(HistoryEntry(now, "notified", event.value),))


def _is_worse(alert: Alert, known: Handling) -> bool:
    acknowledged = known.acknowledgement
    return acknowledged is not None and alert.finding.severity > acknowledged.severity


def _is_reminded(alert: Alert, known: Handling, policy: NotificationPolicy, now: datetime) -> bool:
    at = _reminder(alert, known, policy)
    return at is not None and at <= now


def _reminder(alert: Alert, known: Handling, policy: NotificationPolicy) -> datetime | None:
    """When people are reminded of an open alert that they know of, None for never."""
    hours = policy.repeat_interval_hours.get(alert.finding.severity.label)  # type: ignore[call-overload] # a label
    if hours is None or known.notified_at is None:
        return None
    at = known.notified_at + timedelta(hours=hours)
    held = known.acknowledgement
    return max(at, held.until) if held else at


def _next_look(
    alert: Alert, known: Handling, policy: NotificationPolicy, now: datetime
) -> datetime:
    if not alert.is_open:
        return alert.last_seen + RESOLVED_LISTED
    at = _reminder(alert, known, policy)
    return NEVER if at is None else max(at, now + timedelta(minutes=1))
