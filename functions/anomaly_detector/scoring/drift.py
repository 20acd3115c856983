"""Smoothed residual: shifts, ramps and silences that no single point shows."""

from dataclasses import dataclass, field
from math import sqrt

from functions.anomaly_detector.scoring.clock import DAY, Clock
from functions.anomaly_detector.scoring.habit import Habit

_MEMORY = 7 * DAY
_LEARNING_POINTS = 200
_EXCUSED = 0.7  # share of an ordinary day's largest drift that is no news
_ORDINARY = 3.0  # a day's largest, until a day is known
_DAY_RATE = 0.2  # weight of one more day in that largest drift
_GROWTH, _START = 3.0, 6.0  # a maximum teaches at most so many times what is known, plus
_FEWEST_EVENTS = 5.0
_TOLD_MEMORY = 3 * DAY


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
        latest: The drift of the latest point.
        told: The drift that the last alert told of, fading: no news until it is exceeded.
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
    latest: float = 0.0
    told: float = 0.0

    def observe(self, residual: float, floor: float, clock: Clock, *, whole: bool) -> float:
        """Takes in one residual.

        Args:
            residual: Value minus the usual level, in the unit of the values.
            floor: Smallest meaningful difference.
            clock: Already at this point.
            whole: Whether the values are counts: then fewer than five events more or less than
                usual within the smoothing time mean nothing.

        Returns:
            Standard deviations beyond what an ordinary day shows; 0 while learning.
        """
        step = clock.step
        self.level += (residual - self.level) * (step / (step + self.smoothing))
        self.elapsed += step
        if self.elapsed >= DAY:
            self._turn_day()
        if clock.age <= DAY or not clock.kind_is_known:
            return 0.0
        self.count += 1
        size = abs(self.level)
        deviation = sqrt(self.variance) + 0.3 * floor
        scaled = size / deviation
        bound = self.clip * deviation
        size = min(size, bound)
        rate = step / (step + _MEMORY)
        if rate * self.count < 1.0:
            rate = 1.0 / self.count
        self.variance += (size * size - self.variance) * rate
        if self.count <= _LEARNING_POINTS:
            return 0.0
        if whole and abs(self.level) * (1.0 + self.smoothing / clock.period) < _FEWEST_EVENTS:
            return 0.0
        self.today = max(self.today, scaled)
        self.latest = scaled
        self.told -= self.told * (step / (step + _TOLD_MEMORY))
        habit = self.habit.observe(scaled, clock.slot)
        known = _EXCUSED * self.usual
        known = max(known, habit)
        known = max(known, self.told)
        return scaled - known if scaled > known else 0.0

    def tell(self) -> None:
        """An alert was raised at the latest point: the same drift is no news for some days."""
        self.told = max(self.told, self.latest)

    def _turn_day(self) -> None:
        self.elapsed = 0.0
        if self.today > 0.0:
            self.days += 1
            bounded = min(self.today, _GROWTH * self.usual + _START)
            self.usual += (bounded - self.usual) * max(_DAY_RATE, 1.0 / self.days)
        self.today = 0.0
