"""What is taken for the rhythm of a function: when it is called, and when its silence is missed."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import went_silent
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.watch.hours import A_WEEK, KEPT, zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, PERIOD, Past

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_AFTER: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440)
) + tuple(timedelta(days=days) for days in (2, 3, 5, 8, 11, 15, 20, 30))
_MOST_TIMES: Final = 8
_NEARLY_ALWAYS: Final = 0.95


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a function is called.

    Attributes:
        is_schedule: Whether its calls come by a schedule, as many at the same hours of each week.
        hourly: Usual calls an hour of each hour of the week, from Monday 00:00 UTC; not a number
            where it is not known.
        longest_pause: Minutes between two calls at most; 0 while fewer than two are known.
        missed_after: How long after the end calls would be missed; None if not within a month.
    """

    is_schedule: bool
    hourly: tuple[float, ...]
    longest_pause: float
    missed_after: timedelta | None

    @property
    def text(self) -> str:
        """The same in words."""
        return " ".join((self._when(), self._pause(), self._missed()))

    def _when(self) -> str:
        hourly = np.array(self.hourly)
        if np.isnan(hourly).all():
            return "Rhythm: unknown, too little is known."
        calls = zeroed(hourly)
        called = np.flatnonzero(calls > 0)
        if not len(called):
            return "Rhythm: it is not called at usual times."
        kind = "a schedule" if self.is_schedule else "no exact schedule"
        low, high = int(np.argmin(calls)), int(np.argmax(calls))
        if len(called) >= _NEARLY_ALWAYS * A_WEEK:
            if calls[low] == calls[high]:
                return f"Rhythm: {kind}, {number(float(calls[high]))} calls in every hour."
            return (
                f"Rhythm: {kind}, usually {number(float(calls[low]))} calls an hour "
                f"({_hour(low)}) to {number(float(calls[high]))} ({_hour(high)})."
            )
        return f"Rhythm: {kind}, at {_times(called.tolist())}."

    def _pause(self) -> str:
        if not self.longest_pause:
            return "It was never without a call for five minutes, as far as is known."
        return f"Its longest pause was {_lasting(timedelta(minutes=self.longest_pause))}."

    def _missed(self) -> str:
        if self.missed_after is None:
            return "That it is called no longer would not be reported within a month."
        return (
            "If it were called no longer from the end on, that would be reported within "
            f"{_lasting(self.missed_after)}."
        )


def rhythm_of(signals: Mapping[Signal, Series], end: datetime) -> Rhythm:
    """What the detector takes for the rhythm of a function, as of the end of its past."""
    past = Past()
    past.feed({s: one for s, one in signals.items() if s in _COUNTED}, end)
    return Rhythm(
        is_schedule=bool(past.end and past.is_scheduled),
        hourly=_hourly(past),
        longest_pause=_longest_pause(past),
        missed_after=_missed_after(past, end),
    )


_COUNTED: Final = frozenset({Signal.INVOCATIONS, Signal.ERRORS, Signal.THROTTLES})


def _hourly(past: Past) -> tuple[float, ...]:
    """By hour of the week, the median of the weeks that are known."""
    hours = past.hours.get(Signal.INVOCATIONS)
    if hours is None:
        return (float("nan"),) * A_WEEK
    # 1970 began on a Thursday.
    of_week = (hours.end - KEPT + np.arange(KEPT) + 3 * 24) % A_WEEK
    known = ~np.isnan(hours.means)
    return tuple(
        AN_HOUR * float(np.median(some)) if len(some) else float("nan")
        for some in (hours.means[known & (of_week == hour)] for hour in range(A_WEEK))
    )


def _longest_pause(past: Past) -> float:
    hours = past.hours.get(Signal.GAP)
    known = hours.highs[~np.isnan(hours.highs)] if hours else np.empty(0)
    recent = zeroed(past.newest(Signal.GAP, AN_HOUR))
    return float(max([*known.tolist(), *recent.tolist()], default=0.0))


def _missed_after(past: Past, end: datetime) -> timedelta | None:
    if not past.end or Signal.INVOCATIONS not in past.recent:
        return None
    for after in _AFTER:
        later = deepcopy(past)
        starts = np.arange(past.end, past.end + int(after.total_seconds()), PERIOD)
        nothing = Series(np.zeros(len(starts)), starts.astype("datetime64[s]"))
        later.feed({Signal.INVOCATIONS: nothing}, end + after)
        if went_silent.is_missed(later):
            return after
    return None


def _times(hours: list[int]) -> str:
    """Hours of the week, those that come every day or on working days put together."""
    by_hour: dict[int, list[int]] = {}
    for hour in hours:
        by_hour.setdefault(hour % 24, []).append(hour // 24)
    by_days: dict[tuple[int, ...], list[int]] = {}
    for hour, days in sorted(by_hour.items()):
        by_days.setdefault(tuple(days), []).append(hour)
    shown = [
        f"{', '.join(f'{hour:02}:00' for hour in some)} UTC {_on(days)}"
        for days, some in by_days.items()
    ]
    more = f" and {len(shown) - _MOST_TIMES} more" if len(shown) > _MOST_TIMES else ""
    return "; ".join(shown[:_MOST_TIMES]) + more


def _on(days: tuple[int, ...]) -> str:
    known = {tuple(range(7)): "every day", tuple(range(5)): "Mon to Fri"}
    return known.get(days) or f"on {', '.join(_DAYS[day] for day in days)}"


def _hour(hour: int) -> str:
    return f"{_DAYS[hour // 24]} {hour % 24:02}:00"


def _lasting(time: timedelta) -> str:
    minutes = time / timedelta(minutes=1)
    if minutes >= 2 * 1440:
        return f"{number(minutes / 1440)} days"
    return f"{number(minutes / 60)} hours" if minutes >= 120 else f"{number(minutes)} minutes"
