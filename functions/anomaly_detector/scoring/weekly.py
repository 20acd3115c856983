"""Hour by weekend profile: a smoothed residual that sees shifts and drifts."""

from dataclasses import dataclass, field
from math import sqrt

from functions.anomaly_detector.scoring.clock import DAY, HOUR, Clock, is_weekend

_HOURS = 24
_DAILY_RATE = 0.3
_SMOOTHING = HOUR
_MEMORY = 7 * DAY
_LEARNING = 200  # points before the spread of the smoothed residual means anything
_CLIP = 4.0


@dataclass(slots=True)
class WeeklyProfile:
    """Level of each hour of weekdays and of weekend days, and the smoothed distance from it.

    Attributes:
        level: Fading mean, 24 weekday hours then 24 weekend hours (UTC).
        seen: Values seen in each slot.
        drift: The residual, smoothed over about an hour.
        variance: Fading mean square of the drift, each contribution bounded.
        count: Values that have entered the variance.
    """

    level: list[float] = field(default_factory=lambda: [0.0] * (2 * _HOURS))
    seen: list[int] = field(default_factory=lambda: [0] * (2 * _HOURS))
    drift: float = 0.0
    variance: float = 0.0
    count: int = 0

    def observe(self, value: float, clock: Clock, step: float, mean: float, floor: float) -> float:
        """Takes in one value.

        Args:
            value: The value, finite.
            clock: Already advanced to the value's time.
            step: Seconds to fade by.
            mean: Stands in for an hour never seen on either kind of day.
            floor: Smallest meaningful difference.

        Returns:
            The smoothed residual in its own standard deviations; 0 while learning.
        """
        now = clock.last
        hour = int(now % DAY / HOUR)
        slot, twin = (hour + _HOURS, hour) if is_weekend(now) else (hour, hour + _HOURS)
        seen = self.seen
        known = slot if seen[slot] or not seen[twin] else twin
        expected = self.level[known] if seen[known] else mean
        self.drift += (value - expected - self.drift) * (step / (step + _SMOOTHING))
        weight = self._weigh(step, floor)
        rate = min(_DAILY_RATE * clock.period / HOUR, _DAILY_RATE)
        start = 1.0 / (seen[slot] + 1)
        self.level[slot] += (value - self.level[slot]) * (rate if rate > start else start)
        seen[slot] += 1
        return weight

    def _weigh(self, step: float, floor: float) -> float:
        size = abs(self.drift)
        deviation = sqrt(self.variance) + 0.3 * floor
        self.count += 1
        bounded = size if size < _CLIP * deviation else _CLIP * deviation
        rate = step / (step + _MEMORY)
        start = 1.0 / self.count
        self.variance += (bounded * bounded - self.variance) * (rate if rate > start else start)
        return size / deviation if self.count > _LEARNING else 0.0
