"""One incident of one rule, from its opening to its end. Pure.

It is told when it opens, when it gets much worse, and when it is over. It does not end because it
lasted, because nothing was read, or because nobody called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.severity import Severity

_WORSE: Final = 1.5
_MUCH_WORSE: Final = 10.0
# Between two updates of one incident, unless it gets more severe, by how many there were: longer
# each time. Beyond two, only what is ten times as bad is reported.
_APART: Final = (timedelta(hours=2), timedelta(days=1), timedelta.max)
_APART_MUCH_WORSE: Final = (timedelta(hours=2), timedelta(hours=2), timedelta(days=7))
_REMEMBERED: Final = timedelta(hours=24)
_MOST_DOUBLINGS: Final = 3


ACCEPTED: Final = "accepted"
"""The fact that a person accepted it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An incident that is told of, or was until lately.

    Attributes:
        since: Start of its first period.
        opened: When it was told.
        severity: How severe it has been at most.
        measure: How bad it is now, in the rule's own unit: times the usual, USD an hour, a share.
        worst: How bad it was at most.
        reported: How bad it was when it was reported last.
        reported_at: When that was.
        updates: How often it was told again.
        back_since: Since when it looks over; None while it does not.
        closed: When it was over; None while it lasts.
        returns: How often it came back within a day.
        facts: What the rule remembers of it.
    """

    since: datetime
    opened: datetime
    severity: Severity
    measure: float = 0.0
    worst: float = 0.0
    reported: float = 0.0
    reported_at: datetime | None = None
    updates: int = 0
    back_since: datetime | None = None
    closed: datetime | None = None
    returns: int = 0
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it lasts."""
        return self.closed is None

    @property
    def is_accepted(self) -> bool:
        """Whether a person said that what it shows is usual now."""
        return self.facts.get(ACCEPTED, 0.0) > 0

    @property
    def update_key(self) -> str:
        """What makes it worth telling again."""
        return str(self.updates or "")


def opened(
    before: Standing | None,
    *,
    since: datetime,
    now: datetime,
    severity: Severity,
    measure: float,
    facts: Mapping[str, float] | None = None,
) -> Standing:
    """An incident begins; one that ended within the last day comes back."""
    returns = 0
    if before and before.closed and now - before.closed <= _REMEMBERED:
        returns = before.returns + 1
    return Standing(
        since=since,
        opened=now,
        severity=severity,
        measure=measure,
        worst=measure,
        reported=measure,
        reported_at=now,
        returns=returns,
        facts=facts or {},
    )


def continued(
    one: Standing, *, now: datetime, severity: Severity, measure: float, steady: bool = True
) -> Standing:
    """It lasts, and is reported again where it got worse.

    Args:
        one: The incident so far.
        now: The time.
        severity: How severe it is now; it never becomes less severe.
        measure: How bad it is now.
        steady: Whether it has stopped growing: what still grows is told when it is known how far.
    """
    severity = max(one.severity, severity)
    known = replace(one, measure=measure, worst=max(one.worst, measure), back_since=None)
    waited = now - (one.reported_at or one.opened)
    number = min(one.updates, len(_APART) - 1)
    worse = measure >= _WORSE * one.reported and steady
    much_worse = measure >= _MUCH_WORSE * one.reported > 0
    due = (worse and waited >= _APART[number]) or (
        much_worse and waited >= _APART_MUCH_WORSE[number]
    )
    if severity > one.severity or due:
        return replace(
            known, severity=severity, reported=measure, reported_at=now, updates=one.updates + 1
        )
    return known


def receding(
    one: Standing, *, now: datetime, measure: float, patience: timedelta, closes: bool = True
) -> Standing:
    """It looks over; it is, once it has looked so for a while, longer if it came back before.

    Args:
        one: The incident so far.
        now: The time.
        measure: How bad it is now.
        patience: For how long it must look over.
        closes: Whether it may close now.
    """
    since = one.back_since or now
    patience *= 1 << min(one.returns, _MOST_DOUBLINGS)
    known = replace(one, measure=measure, back_since=since)
    if closes and now - since >= patience:
        return replace(known, closed=now)
    return known
