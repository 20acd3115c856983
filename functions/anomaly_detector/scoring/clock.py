"""Time between points: the usual period, the step to fade by, and where in the week we are."""

from dataclasses import dataclass

import numpy as np

from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.moments import Ints, Moments

DAY = 86_400.0
HOUR = 3_600.0
HOURS = 24
# A gap fades memory by at most this many periods: an absence is not evidence of anything.
MAX_STEP_PERIODS = 4.0
_SMALLEST_PERIOD = 1.0
_COUNTED = 300.0  # where points are counted, those of shorter periods count together
_SAME = 0.01  # steps that differ from the period by less are that period
# Farther than late points, daylight-saving changes, and most silences.
_FAR_BACK, _FAR_AHEAD = 2 * HOUR, 14 * DAY
_ENOUGH = 3  # points in a row that stray so far are believed
_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


def slots_of(seconds: Floats) -> Ints:
    """Hour of the day, 0-23 on weekdays, 24-47 on weekend days (UTC)."""
    day, second = np.divmod(seconds, DAY)
    weekend = (day + _MONDAY_OFFSET) % 7 >= 5
    return (second // HOUR).astype(np.int64) + HOURS * weekend


@dataclass(slots=True)
class Clock:
    """What time says about the latest point.

    Attributes:
        count: Points seen (missing values are not points).
        first: Time of the first point, in seconds since 1970 (UTC); moves with jumps of the clock.
        last: Time of the latest point, in seconds since 1970 (UTC).
        period: Usual seconds between points: a running median of the steps.
        step: Seconds to fade memory by for the latest point, bounded.
        slot: Hour of the day, 0-23 on weekdays, 24-47 on weekend days (UTC).
        weekdays: Seconds of weekdays seen.
        weekends: Seconds of weekend days seen.
        strays: Points in a row that were far ahead of the clock or far behind.
    """

    count: int = 0
    first: float = 0.0
    last: float = 0.0
    period: float = 0.0
    step: float = 0.0
    slot: int = 0
    weekdays: float = 0.0
    weekends: float = 0.0
    strays: int = 0

    def advance(self, times: Floats) -> Moments:
        """Moves to the times of the next points, at least one.

        A clock that stands still or runs backwards counts as one period, and keeps its time. So it
        does at a time far ahead or far back, until a few in a row are: one wrong time does not
        stop the clock. A jump that is believed makes the series no older.
        """
        if self.count == 0:
            self.first = self.last = float(times[0])
        latest = self._believed(times)
        gaps = np.diff(latest)
        jumps = (gaps < 0.0) | (gaps > _FAR_AHEAD)
        first = self.first + np.cumsum(gaps * jumps)
        periods, steps = self._steps((gaps * ~jumps).tolist())
        latest = latest[1:]
        counts = np.arange(self.count + 1.0, self.count + 1.0 + len(times))
        slots = slots_of(latest)
        on_weekdays = slots < HOURS
        weekdays = np.cumsum(np.concatenate([[self.weekdays], steps * on_weekdays]))[1:]
        weekends = np.cumsum(np.concatenate([[self.weekends], steps * ~on_weekdays]))[1:]
        self.count += len(times)
        self.first = float(first[-1])
        self.last, self.slot = float(latest[-1]), int(slots[-1])
        self.weekdays, self.weekends = float(weekdays[-1]), float(weekends[-1])
        return Moments(
            counts=counts,
            ages=latest - first,
            periods=periods,
            steps=steps,
            density=_density(periods),
            hours=(latest // HOUR).astype(np.int64),
            slots=slots,
            known=np.where(on_weekdays, weekdays, weekends) >= DAY,
        )

    def _believed(self, times: Floats) -> Floats:
        """The time before the first point, and what is taken as the time at each."""
        latest = np.maximum.accumulate(np.concatenate([[self.last], times]))
        is_near = latest[1:] - times <= _FAR_BACK
        if self.strays == 0 and is_near.all() and (np.diff(latest) <= _FAR_AHEAD).all():
            return latest
        last, strays = self.last, self.strays
        for row, time in enumerate(times.tolist(), 1):
            if -_FAR_BACK <= time - last <= _FAR_AHEAD:
                last, strays = max(last, time), 0
            elif strays + 1 < _ENOUGH:
                strays += 1
            else:
                last, strays = time, 0
            latest[row] = last
        self.strays = strays
        return latest

    def _steps(self, gaps: list[float]) -> tuple[Floats, Floats]:
        """The usual period at each point, and the seconds to fade memory by."""
        periods, steps = [], []
        period = self.period
        low, high = period * (1.0 - _SAME), period * (1.0 + _SAME)
        for count, gap in enumerate(gaps, self.count + 1):
            step = gap
            if not low <= gap <= high:
                if gap > 0.0:
                    period = _learnt(period, gap, count)
                    low, high = period * (1.0 - _SAME), period * (1.0 + _SAME)
                else:
                    step = period
                step = min(step, MAX_STEP_PERIODS * period)
            periods.append(period)
            steps.append(step)
        self.period, self.step = periods[-1], steps[-1]
        return np.array(periods), np.array(steps)


def _learnt(period: float, gap: float, count: int) -> float:
    """The usual period, after one more gap between points that is not like it."""
    if period == 0.0:
        return max(gap, _SMALLEST_PERIOD)
    share = max(0.02, 1.0 / count)
    if gap > period:
        return period * (1.0 + share)
    return max(period * (1.0 - share), _SMALLEST_PERIOD)


def _density(periods: Floats) -> Ints:
    """Points in five minutes, 1 at least."""
    density = np.rint(_COUNTED / np.maximum(periods, _SMALLEST_PERIOD)).astype(np.int64)
    return np.maximum(density, 1)
