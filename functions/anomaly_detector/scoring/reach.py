"""Leaving the running range: a value farther out than anything of the last weeks."""

from dataclasses import dataclass

from functions.anomaly_detector.scoring.clock import DAY, Clock

_MEMORY = 14 * DAY
_LEARNING = 2 * DAY
_LEARNING_POINTS = 100
_LEAST_FLOORS = 3.0


@dataclass(slots=True)
class Reach:
    """The highest and lowest values so far, both fading towards the mean.

    Attributes:
        high: Upper end of the range.
        low: Lower end of it.
        mean: Fading mean, which the ends move towards.
    """

    high: float = 0.0
    low: float = 0.0
    mean: float = 0.0

    def observe(self, value: float, floor: float, clock: Clock) -> float:
        """Takes in one value.

        Args:
            value: The value, finite.
            floor: Smallest meaningful difference.
            clock: Already at this point.

        Returns:
            How far the value lies outside of the range, in widths of it; 0 while learning.
        """
        if clock.count == 1:
            self.high = self.low = self.mean = value
            return 0.0
        rate = clock.step / (clock.step + _MEMORY)
        start = 1.0 / clock.count
        self.mean += (value - self.mean) * (rate if rate > start else start)
        high = self.high + (self.mean - self.high) * rate
        low = self.low + (self.mean - self.low) * rate
        if low <= value <= high:
            self.high, self.low = high, low
            return 0.0
        beyond = value - high if value > high else low - value
        self.high = max(value, high)
        self.low = min(value, low)
        if clock.age <= _LEARNING or clock.count <= _LEARNING_POINTS:
            return 0.0
        return beyond / (high - low + _LEAST_FLOORS * floor)
