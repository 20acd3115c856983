"""Whether everybody is looked at because the account stands out, and how often. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.account.allowance import FOR_TRIPS, Allowance
from functions.anomaly_detector.account.tripwire import RUNAWAY, AccountSignal, Trip

_AGAIN_AFTER: Final = timedelta(minutes=30)
_LONGEST_REST: Final = 3  # doublings
_FORGIVEN_AFTER: Final = timedelta(days=1)
_TRIES: Final = 3
_RISEN: Final = 1.5


@dataclass(frozen=True, slots=True)
class Call:
    """When everybody was last called out, and at what level.

    Attributes:
        first_at: When the account first stood out.
        last_at: When every function was last looked at for it.
        times: How often since then.
        levels: The highest value of each signal that was looked at.
        in_vain: How many times in a row everybody was called out and no culprit was found.
        found: Whether a culprit was found.
        allowance: What is left for calls that are in vain.
    """

    first_at: datetime
    last_at: datetime
    times: int
    levels: Mapping[AccountSignal, float]
    in_vain: int = 0
    found: bool = False
    allowance: Allowance = field(default_factory=FOR_TRIPS.whole)

    @property
    def rest(self) -> timedelta:
        """How long to wait before the next call: longer each time that it was in vain."""
        return _AGAIN_AFTER * (1 << min(self.in_vain, _LONGEST_REST))

    def with_culprit(self) -> "Call":
        """The call once its culprit is found."""
        return replace(self, in_vain=0, found=True, allowance=FOR_TRIPS.give_back(self.allowance))


def call_out(found: Sequence[Trip], last: Call | None, now: datetime) -> Call | None:
    """Decide whether every active function is looked at now.

    At first sight; again the minutes after, while no culprit was found; and whenever a signal has
    risen by half beyond what was looked at. Otherwise no more than once in half an hour, and less
    often where it was in vain, so that an unsteady account costs little more than a steady one.
    What is no runaway of the account by itself is looked at within an allowance.

    Args:
        found: What stands out now.
        last: The last time.
        now: The time.

    Returns:
        The call to remember, None where there is no reason for one, or no allowance.
    """
    if not found:
        return None
    call = _call({trip.signal: trip.value for trip in found}, last, now)
    if call is None or any(trip.factor >= RUNAWAY for trip in found):
        return call
    allowance = FOR_TRIPS.take(call.allowance, now, again=call.times > 1)
    return replace(call, allowance=allowance) if allowance else None


def _call(levels: Mapping[AccountSignal, float], last: Call | None, now: datetime) -> Call | None:
    if last is None:
        return Call(now, now, 1, levels)
    if not timedelta(0) <= now - last.last_at < _FORGIVEN_AFTER:
        return Call(now, now, 1, levels, allowance=last.allowance)
    if now - last.last_at >= last.rest:
        in_vain = 0 if last.found else last.in_vain + 1
        return Call(now, now, 1, levels, in_vain, allowance=last.allowance)
    again = replace(
        last,
        last_at=now,
        times=last.times + 1,
        levels={
            s: max(levels.get(s, 0.0), last.levels.get(s, 0.0)) for s in {*levels, *last.levels}
        },
    )
    has_risen = any(value > _RISEN * last.levels.get(s, 0.0) for s, value in levels.items())
    return again if has_risen or (not last.found and last.times < _TRIES) else None
