"""Unlike anything before: the distance of the last hours from the most similar hours so far."""

from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.clock import HOUR, Clock

_WINDOW = 12  # hours that are compared
_KEPT = 14 * 24  # hours that they are compared with
_FEWEST = 4 * _WINDOW
_LEARNING = 50  # distances before one can be called large
_MEMORY = 7 * 24  # distances
_CLIP = 4.0


@dataclass(slots=True)
class Likeness:
    """Hourly means of two weeks, and how far the last twelve are from their nearest neighbour.

    Attributes:
        hours: Mean of each hour with values, the newest last, to four digits: what they are
            compared for is far above that, and the state stays small.
        seen: How many of them there were.
        total: Sum of the values of the hour that has not ended.
        points: How many they are.
        hour: That hour, in hours since 1970.
        distances: Distances seen.
        mean: Fading mean distance, each contribution bounded.
        deviation: Fading mean absolute deviation of the distances.
        latest: Evidence of the hour that ended last.
    """

    hours: list[float] = field(default_factory=lambda: [0.0] * _KEPT)
    seen: int = 0
    total: float = 0.0
    points: int = 0
    hour: float = 0.0
    distances: int = 0
    mean: float = 0.0
    deviation: float = 0.0
    latest: float = 0.0

    def observe(self, value: float, floor: float, clock: Clock) -> float:
        """Takes in one value.

        Args:
            value: The value, finite.
            floor: Smallest meaningful difference.
            clock: Already at this point.

        Returns:
            How much farther than usual the last whole hours are from anything before, in usual
            deviations; 0 while learning.
        """
        hour = clock.last // HOUR
        if hour != self.hour and self.points:
            self.hours = [*self.hours[1:], float(f"{self.total / self.points:.4g}")]
            self.seen += 1
            self.total, self.points = 0.0, 0
            self.latest = self._compare(floor)
        self.hour = hour
        self.total += value
        self.points += 1
        return self.latest

    def _compare(self, floor: float) -> float:
        if self.seen < _FEWEST:
            return 0.0
        distance = sqrt(_nearest(np.array(self.hours[-self.seen :])) / _WINDOW)
        self.distances += 1
        evidence = 0.0
        if self.distances > _LEARNING:
            usual = self.deviation + 0.3 * (self.mean + floor)
            evidence = max(0.0, (distance - self.mean) / usual)
        rate = max(1.0 / self.distances, 1.0 / _MEMORY)
        if self.distances > _LEARNING // 2:
            distance = min(distance, _CLIP * self.mean + floor)
        self.mean += (distance - self.mean) * rate
        self.deviation += (abs(distance - self.mean) - self.deviation) * rate
        return evidence


def _nearest(hours: NDArray[np.float64]) -> float:
    """The smallest sum of squared differences of the last window from one that it does not touch.

    Sum of (a - b)^2 = sum of a^2 + sum of b^2 - 2 * sum of a * b, for all windows a at once.
    """
    hours = hours - hours[-1]  # keeps the squares small beside their differences
    last, past = hours[-_WINDOW:], hours[:-_WINDOW]
    squares = np.cumsum(past * past)
    squares[_WINDOW:] -= squares[:-_WINDOW].copy()
    products = np.correlate(past, last)
    nearest = float((squares[_WINDOW - 1 :] - 2.0 * products).min()) + float(last @ last)
    return max(nearest, 0.0)
