"""Smoothed residual: shifts, ramps and silences that no single point shows."""

from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.fading import Floats, fade
from functions.anomaly_detector.scoring.habit import Habit
from functions.anomaly_detector.scoring.moments import Bools, Moments

_MEMORY = 7 * DAY
_LEARNING_POINTS = 200  # of five minutes
_EXCUSED = 0.7  # share of an ordinary day's largest drift that is usual
_ORDINARY = 3.0  # a day's largest, until a day is known
_DAY_RATE = 0.2  # weight of one more day in that largest drift
_GROWTH, _START = 3.0, 6.0  # a maximum teaches at most so many times what is known, plus
_FEWEST_EVENTS = 5.0


@dataclass(slots=True)
class Drift:
    """The residual smoothed over some time, in its own standard deviations.

    A series that drifts every day has most of its usual largest drift excused: the mean of the
    daily maxima, learnt over about five days. So is what it does at the same hour most days
    (a nightly batch).

    Attributes:
        smoothing: Time constant, in seconds.
        clip: Standard deviations to which one point's lesson for the variance is bounded.
        level: The smoothed residual.
        variance: Fading mean square of the level, each contribution bounded.
        count: Values that have entered the variance.
        usual: Mean of the daily maxima.
        today: Largest drift since the day began.
        elapsed: Seconds since the day began (a day from the first point, not from midnight).
        days: Days that have entered the mean.
        habit: The largest drifts of each hour of the day.
    """

    smoothing: float = 1_500.0
    clip: float = 4.0
    level: float = 0.0
    variance: float = 0.0
    count: int = 0
    usual: float = _ORDINARY
    today: float = 0.0
    elapsed: float = 0.0
    days: int = 0
    habit: Habit = field(default_factory=Habit)

    def observe(
        self, residuals: Floats, floors: Floats, moments: Moments, *, whole: Bools
    ) -> Floats:
        """Takes in some residuals.

        Args:
            residuals: Values minus the usual level, in the unit of the values.
            floors: Smallest meaningful differences.
            moments: What time says.
            whole: Whether the values are counts: then fewer than five events more or less than
                usual within the smoothing time mean nothing.

        Returns:
            Standard deviations beyond what an ordinary day, and this hour, show.
        """
        steps = moments.steps
        shares = steps / (steps + self.smoothing)
        levels = fade(self.level, residuals.tolist(), shares.tolist())[1:]
        self.level = float(levels[-1])
        rows = np.flatnonzero((moments.ages > DAY) & moments.known)
        counts = np.arange(self.count + 1, self.count + 1 + len(rows))
        distances = np.abs(levels[rows])
        scaled = self._scaled(distances, floors[rows], steps[rows])
        events = distances * (1.0 + self.smoothing / moments.periods[rows])
        learnt = counts > _LEARNING_POINTS * moments.density[rows]
        means_something = learnt & ~(whole[rows] & (events < _FEWEST_EVENTS))
        rows = rows[means_something]
        sizes = np.zeros(len(levels))
        sizes[rows] = scaled[means_something]
        usual = self._ordinary(sizes, steps)
        usual[rows] = np.maximum(usual[rows], self.habit.observe(sizes[rows], moments.slots[rows]))
        return np.maximum(sizes - usual, 0.0)

    def _scaled(self, sizes: Floats, floors: Floats, steps: Floats) -> Floats:
        """Sizes in standard deviations, which they teach."""
        count, variance, clip = self.count, self.variance, self.clip
        fading = steps / (steps + _MEMORY)
        scaled = []
        columns = (sizes.tolist(), (0.3 * floors).tolist(), fading.tolist())
        for size, floor, share in zip(*columns, strict=True):
            count += 1
            deviation = sqrt(variance) + floor
            scaled.append(size / deviation)
            bound = clip * deviation
            taught = size if size < bound else bound
            rate = share if share * count >= 1.0 else 1.0 / count
            variance += (taught * taught - variance) * rate
        self.count, self.variance = count, variance
        return np.array(scaled)

    def _ordinary(self, sizes: Floats, steps: Floats) -> Floats:
        """What an ordinary day shows, at each point; and learns from whole days."""
        usual = np.empty(len(sizes))
        start = 0
        for stop in self._ends_of_days(steps):
            usual[start:stop] = _EXCUSED * self.usual
            self.today = max(self.today, float(sizes[start:stop].max(initial=0.0)))
            self._turn_day()
            start = stop
        usual[start:] = _EXCUSED * self.usual
        self.today = max(self.today, float(sizes[start:].max(initial=0.0)))
        return usual

    def _ends_of_days(self, steps: Floats) -> list[int]:
        ends, elapsed = [], self.elapsed
        for row, step in enumerate(steps.tolist()):
            elapsed += step
            if elapsed >= DAY:
                elapsed = 0.0
                ends.append(row)
        self.elapsed = elapsed
        return ends

    def _turn_day(self) -> None:
        if self.today > 0.0:
            self.days += 1
            bounded = min(self.today, _GROWTH * self.usual + _START)
            self.usual += (bounded - self.usual) * max(_DAY_RATE, 1.0 / self.days)
        self.today = 0.0
