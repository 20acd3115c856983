"""Unlike anything before: the distance of the last hours from the most similar hours so far."""

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.moments import Ints, Moments, runs

_WINDOW = 12  # hours that are compared
_KEPT = 14 * 24  # hours that they are compared with
_FEWEST = 4 * _WINDOW
_LEARNING = 50  # distances before one can be called large
_MEMORY = 7 * 24  # distances
_CLIP = 4.0
_AT_ONCE = 64  # windows compared at once: what fits a processor's cache


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

    def observe(self, values: Floats, floors: Floats, moments: Moments) -> Floats:
        """Takes in some values.

        Args:
            values: The values, finite.
            floors: Smallest meaningful differences.
            moments: What time says.

        Returns:
            How much farther than usual the last whole hours are from anything before, in usual
            deviations; 0 while learning.
        """
        ends, means = self._hourly_means(values, moments)
        evidence = np.empty(len(values))
        start = 0
        for stop, distance in zip(ends, self._distances(means), strict=True):
            evidence[start:stop] = self.latest
            self.latest = 0.0 if distance is None else self._judge(distance, float(floors[stop]))
            start = stop
        evidence[start:] = self.latest
        return evidence

    def _hourly_means(self, values: Floats, moments: Moments) -> tuple[list[int], list[float]]:
        """Rows at which an hour has ended, and the means of these hours."""
        ends, means = [], []
        numbers = values.tolist()
        for hour, start, stop in runs(moments.hours):
            if hour != self.hour and self.points:
                ends.append(start)
                means.append(float(f"{self.total / self.points:.4g}"))
                self.total, self.points = 0.0, 0
            self.hour = float(hour)
            self.points += stop - start
            for value in numbers[start:stop]:
                self.total += value
        return ends, means

    def _distances(self, means: list[float]) -> list[float | None]:
        """How far the window that ends with each new hour is from its nearest neighbour."""
        if not means:
            return []
        past = [*self.hours, *means]
        windows = sliding_window_view(np.array(past), _KEPT)[1:]
        seen = range(self.seen + 1, self.seen + 1 + len(means))
        self.hours, self.seen = past[-_KEPT:], self.seen + len(means)
        few = max(0, min(_FEWEST - seen.start, len(means)))
        distances: list[float | None] = [None] * few
        for row in range(few, len(means), _AT_ONCE):
            rows = slice(row, row + _AT_ONCE)
            nearest = _nearest(windows[rows], np.minimum(seen[rows], _KEPT))
            distances += np.sqrt(nearest / _WINDOW).tolist()
        return distances

    def _judge(self, distance: float, floor: float) -> float:
        """Evidence of one more distance, which it teaches."""
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


def _nearest(hours: Floats, seen: Ints) -> Floats:
    """The smallest sum of squared differences of the last window from one that it does not touch.

    Sum of (a - b)^2 = sum of a^2 + sum of b^2 - 2 * sum of a * b, for all windows a at once.

    Args:
        hours: Rows of hours.
        seen: How many hours at the end of each row have been seen.
    """
    hours = hours - hours[:, -1:]  # keeps the squares small beside their differences
    unseen = np.arange(_KEPT) < _KEPT - seen[:, None]
    hours[unseen] = 0.0
    past = hours[:, :-_WINDOW]
    squares = np.cumsum(past * past, axis=1)
    squares[:, _WINDOW:] -= squares[:, :-_WINDOW].copy()
    products = np.array([np.correlate(row, row[-_WINDOW:]) for row in hours])
    apart = squares[:, _WINDOW - 1 :] - 2.0 * products[:, :-_WINDOW]
    apart[unseen[:, : apart.shape[1]]] = np.inf
    nearest: Floats = apart.min(axis=1) + products[:, -1]
    return np.maximum(nearest, 0.0)
