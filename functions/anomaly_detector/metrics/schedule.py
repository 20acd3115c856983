"""When a function is looked at again, and how closely. Pure.

The tick comes every minute. Functions are kept in groups, whose turns are spread over the minutes;
within a group each function is looked at as often as it deserves.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from functions.shared.config import Looks

PERIOD: Final = timedelta(minutes=5)
"""Width of the periods that detectors learn from."""
MINUTE: Final = timedelta(minutes=1)
"""Width of the periods that a close look reads."""

# Lambda's metrics arrive a minute or two late: judged earlier, a period would look quiet.
SETTLING: Final = timedelta(minutes=2)
_LATEST_METRICS: Final = timedelta(minutes=16)
# Ticks do not come on the second; a look that is due within this is due.
_SLACK: Final = timedelta(seconds=30)
_SKEW: Final = timedelta(minutes=2)
_IDLE: Final = 3
# CloudWatch lists a function for three hours after its last metric: an idle one must be looked at
# again before it is forgotten.
_FORGOTTEN: Final = timedelta(hours=3)
_BUSY_PERIODS: Final = 3

GROUP_SIZE: Final = 64
"""Functions that a group holds at most on average, and at least a quarter of that."""


class Resolution(StrEnum):
    """What kind of look it is."""

    NONE = "none"
    PERIODS = "periods"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a function was seen last.

    Attributes:
        looked_at: When, None for never.
        learnt_until: End of the periods that its detectors know; None for never.
        calls: Invocations in the periods read by the last look.
        busiest: Invocations in the busiest of them but two: what is busy for one or two periods
            an hour is not busy.
    """

    looked_at: datetime | None = None
    learnt_until: datetime | None = None
    calls: float = 0.0
    busiest: float = 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """Whether to look at a function now.

    Attributes:
        resolution: How closely; `NONE` when not now.
        reason: Why, or why not.
    """

    resolution: Resolution
    reason: str


def due(
    pace: Pace,
    now: datetime,
    looks: Looks,
    *,
    hot: bool,
    called_out: bool,
    period_end: datetime,
    in_trouble: bool = False,
) -> Due:
    """Decide whether, and how closely, to look at a function.

    Args:
        pace: How it was seen last.
        now: The time.
        looks: The intervals of the settings.
        hot: Whether it was just deployed, or is under suspicion.
        called_out: Whether the account shows something that every function is looked at for.
        period_end: End of the newest complete period.
        in_trouble: Whether an alert of it is open: its end should not wait for a quiet function's
            turn.
    """
    if pace.looked_at is None or pace.learnt_until is None:
        return Due(Resolution.PERIODS, "its history was never read")
    if pace.looked_at > now + _SKEW or pace.learnt_until > now + _SKEW:
        return Due(Resolution.PERIODS, "its last look lies in the future: a clock was wrong")
    learnable = period_end > pace.learnt_until
    since = now - pace.looked_at
    interval, why = _interval(pace, looks)
    if in_trouble and interval > timedelta(minutes=looks.active_minutes):
        interval, why = timedelta(minutes=looks.active_minutes), "an alert of it is open"
    why = f"{why}, last looked at {since // MINUTE} minutes ago"
    if hot:
        interval, why = timedelta(0), "it was just deployed, or is under suspicion"
    if learnable and since >= interval - _SLACK:
        return Due(Resolution.PERIODS, why)
    if called_out:
        return Due(Resolution.MINUTES, "the account as a whole is unusual")
    return Due(Resolution.MINUTES if hot and pace.calls > 0 else Resolution.NONE, why)


def _interval(pace: Pace, looks: Looks) -> tuple[timedelta, str]:
    if pace.busiest >= looks.busy_calls:
        return timedelta(minutes=looks.active_minutes), "it is busy"
    quiet = timedelta(minutes=looks.quiet_minutes)
    if pace.calls > 0:
        return quiet, "it is quiet"
    return max(quiet, min(_IDLE * quiet, _FORGOTTEN - quiet)), "it is idle"


def busiest(counts: list[float]) -> float:
    """The invocations of the third busiest period, or of the least busy where there are fewer."""
    ordered = sorted(counts, reverse=True)
    return ordered[:_BUSY_PERIODS][-1] if ordered else 0.0


def period_end(now: datetime, longest: timedelta = timedelta(0)) -> datetime:
    """The end of the newest period whose metrics have arrived.

    Args:
        now: The time.
        longest: The longest invocation seen lately. A metric carries the time at which its
            invocation began and arrives when it is over (Lambda developer guide, "Using CloudWatch
            metrics with Lambda").
    """
    late = min(max(SETTLING, longest + MINUTE), _LATEST_METRICS)
    return _floor(now - late, PERIOD)


def minute_end(now: datetime) -> datetime:
    """The end of the newest minute that a close look reads.

    Its metrics may still be arriving. That makes a runaway look smaller, and only for a minute;
    waiting would make it wait.
    """
    return _floor(now, MINUTE)


def _floor(at: datetime, width: timedelta) -> datetime:
    return at - timedelta(seconds=at.timestamp() % width.total_seconds())


def group_count(functions: int, present: int = 0) -> int:
    """Into how many groups to divide functions: a power of two, so that a group splits in two.

    Args:
        functions: How many there are.
        present: The count so far, kept while its groups are neither too large nor nearly empty.
    """
    if present and present * GROUP_SIZE // 4 <= functions <= present * GROUP_SIZE:
        return present
    count = 1
    while count * GROUP_SIZE < functions:
        count *= 2
    return count


def group_of(name: str, groups: int) -> int:
    """The group of a function; `group_of(name, n)` is `group_of(name, 2 * n) % n`."""
    return zlib.crc32(name.encode()) % groups


def has_turn(group: int, now: datetime, looks: Looks) -> bool:
    """Whether it is a group's turn in this minute: once in the interval of busy functions."""
    minute = int(now.timestamp()) // 60
    return minute % looks.active_minutes == group % looks.active_minutes
