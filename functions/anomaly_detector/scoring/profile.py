"""Hour by weekend profile: what is usual at this time, and how far a value is from it."""

from dataclasses import dataclass, field
from math import inf

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY, HOUR, HOURS
from functions.anomaly_detector.scoring.fading import Floats, fade, rates
from functions.anomaly_detector.scoring.moments import Moments, runs

_DAILY_RATE = 0.1  # share of an hour's memory that one more day replaces
_MEAN_MEMORY = 2 * DAY


def _zeros() -> list[float]:
    return [0.0] * (2 * HOURS)


@dataclass(frozen=True, slots=True)
class Usual:
    """What the profile says about each point of a batch, from the points before it.

    Attributes:
        expected: The usual level of its hour.
        spread: Mean absolute deviation of its hour.
        residual: Its distance from the band of levels within an hour of it.
    """

    expected: Floats
    spread: Floats
    residual: Floats


@dataclass(slots=True)
class Profile:
    """Level and spread of each hour of weekdays and of weekend days (UTC), fading over ten days.

    Attributes:
        level: Fading mean of the values of each slot: 24 weekday hours, then 24 weekend hours.
        spread: Fading mean absolute deviation from the level, for each slot.
        seen: Values seen in each slot.
        mean: Fading mean of all values; stands in for an hour never seen on either kind of day.
        highest: Largest value ever seen.
    """

    level: list[float] = field(default_factory=_zeros)
    spread: list[float] = field(default_factory=_zeros)
    seen: list[int] = field(default_factory=lambda: [0] * (2 * HOURS))
    mean: float = 0.0
    highest: float = -inf

    def expected(self, slot: int) -> float:
        """The usual level of a slot: its own, else the other kind of day's, else the mean."""
        if self.seen[slot]:
            return self.level[slot]
        twin = slot - HOURS if slot >= HOURS else slot + HOURS
        return self.level[twin] if self.seen[twin] else self.mean

    def observe(self, values: Floats, moments: Moments) -> Usual:
        """Judges some values, and learns them.

        The neighbouring hours are part of the band, so that a ramp that comes early or late, or a
        daylight-saving change, is usual. On the first weekend (or the first weekdays) nobody
        knows what is usual: only more than ever seen is outside.
        """
        fading = rates(moments.steps, _MEAN_MEMORY, moments.counts)
        means = fade(self.mean, values.tolist(), fading.tolist())
        shares = np.minimum(_DAILY_RATE * moments.periods / HOUR, _DAILY_RATE)
        points = list(zip(values.tolist(), shares.tolist(), strict=True))
        expected: list[float] = []
        spread: list[float] = []
        low: list[float] = []
        high: list[float] = []
        for slot, start, stop in runs(moments.slots):
            self.mean = float(means[start])
            first, near = self.expected(slot), self._near(slot)
            self._learn(slot, points[start:stop], expected, spread)
            expected[start] = first
            low += [min(near, default=inf)] * (stop - start)
            high += [max(near, default=-inf)] * (stop - start)
        self.mean = float(means[-1])
        usual = np.array(expected)
        residual = self._outside(values, np.minimum(low, usual), np.maximum(high, usual), moments)
        return Usual(usual, np.array(spread), residual)

    def _outside(self, values: Floats, low: Floats, high: Floats, moments: Moments) -> Floats:
        """Distance from a band where that is known, else from the highest value ever."""
        highest = np.maximum.accumulate(np.concatenate([[self.highest], values]))
        self.highest = float(highest[-1])
        low = np.where(moments.known, low, values)
        high = np.where(moments.known, high, highest[:-1])
        return np.where(values > high, values - high, np.minimum(values - low, 0.0))

    def _near(self, slot: int) -> list[float]:
        """Levels of the hours before and after, as far as they are known."""
        first = slot - slot % HOURS
        near = (first + (slot + 1) % HOURS, first + (slot - 1) % HOURS)
        return [self.level[hour] for hour in near if self.seen[hour]]

    def _learn(
        self,
        slot: int,
        points: list[tuple[float, float]],
        levels: list[float],
        spreads: list[float],
    ) -> None:
        """Takes in values of one slot, with their rates; adds its level and spread before each."""
        level, spread, seen = self.level[slot], self.spread[slot], self.seen[slot]
        for value, share in points:
            levels.append(level)
            spreads.append(spread)
            start = 1.0 / (seen + 1)
            rate = share if share > start else start
            deviation = value - level
            if seen:
                spread += (abs(deviation) - spread) * rate
            level += deviation * rate
            seen += 1
        self.level[slot], self.spread[slot], self.seen[slot] = level, spread, seen
