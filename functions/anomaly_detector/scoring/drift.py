"""Smoothed residual: shifts, ramps and silences that no single point shows."""

from dataclasses import dataclass, field
from math import sqrt

from functions.anomaly_detector.scoring.clock import DAY, HOURS, Clock

_SMOOTHING = 1_500.0  # seconds
_MEMORY = 7 * DAY
_LEARNING_POINTS = 200
_CLIP = 4.0
_EXCUSED = 0.7  # share of an ordinary day's largest drift that is no news
_DAY_RATE = 0.2  # weight of one more day in that largest drift
_DAY_GROWTH, _DAY_START = 3.0, 6.0
_FEWEST_EVENTS = 5.0
_HABIT = 1.0
_HABIT_RATE = 0.3


@dataclass(slots=True)
class Drift:
    """The residual smoothed over 25 minutes, in its own standard deviations.

    A series that drifts every day (a nightly batch) has its usual largest drift excused: the mean
    of the daily maxima, learnt over about five days.

    Attributes:
        level: The smoothed residual.
        variance: Fading mean square of the level, each contribution bounded.
        count: Values that have entered the variance.
        usual: Mean of the daily maxima.
        today: Largest drift since the day began.
        elapsed: Seconds since the day began (a day from the first point, not from midnight).
        days: Days that have entered the mean.
    """

    level: float = 0.0
    variance: float = 0.0
    count: int = 0
    usual: float = 0.0
    today: float = 0.0
    elapsed: float = 0.0
    days: int = 0
    habit: list[float] = field(default_factory=lambda: [0.0] * (2 * HOURS))
    slot: int = 0
    peak: float = 0.0

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
        self.level += (residual - self.level) * (step / (step + _SMOOTHING))
        self._turn_day(step)
        if clock.age <= DAY or not clock.kind_is_known:
            return 0.0
        self.count += 1
        size = abs(self.level)
        deviation = sqrt(self.variance) + 0.3 * floor
        scaled = size / deviation
        bound = _CLIP * deviation
        size = min(size, bound)
        rate = max(step / (step + _MEMORY), 1.0 / self.count)
        self.variance += (size * size - self.variance) * rate
        if self.count <= _LEARNING_POINTS:
            return 0.0
        if whole and abs(self.level) * (1.0 + _SMOOTHING / clock.period) < _FEWEST_EVENTS:
            return 0.0
        self.today = max(self.today, scaled)
        beyond = scaled - max(_EXCUSED * self.usual, self._excused_now(scaled, clock.slot))
        return beyond if beyond > 0.0 else 0.0

    def _excused_now(self, scaled: float, slot: int) -> float:
        habit = self.habit
        if slot != self.slot:
            gone = self.slot
            bounded = min(self.peak, _DAY_GROWTH * habit[gone] + _DAY_START)
            habit[gone] += (bounded - habit[gone]) * _HABIT_RATE
            self.slot, self.peak = slot, 0.0
        self.peak = max(self.peak, scaled)
        first = slot - slot % HOURS
        return _HABIT * max(
            habit[slot], habit[first + (slot + 1) % HOURS], habit[first + (slot - 1) % HOURS]
        )

    def _turn_day(self, step: float) -> None:
        self.elapsed += step
        if self.elapsed < DAY:
            return
        self.elapsed = 0.0
        if self.today > 0.0:
            self.days += 1
            bounded = min(self.today, _DAY_GROWTH * self.usual + _DAY_START)
            self.usual += (bounded - self.usual) * max(_DAY_RATE, 1.0 / self.days)
        self.today = 0.0
