"""Leaving the running range: a value farther out than anything of the last weeks."""

from dataclasses import dataclass

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.fading import Floats, fade, rates
from functions.anomaly_detector.scoring.moments import Moments

_MEMORY = 14 * DAY
_LEARNING = 2 * DAY
_LEARNING_POINTS = 100  # of five minutes
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

    def observe(self, values: Floats, floors: Floats, moments: Moments) -> Floats:
        """Takes in some values.

        Args:
            values: The values, finite.
            floors: Smallest meaningful differences.
            moments: What time says.

        Returns:
            How far each value lies outside of the range, in widths of it; 0 while learning.
        """
        if moments.counts[0] == 1.0:
            self.high = self.low = self.mean = float(values[0])
        shares = rates(moments.steps, _MEMORY, moments.counts)
        means = fade(self.mean, values.tolist(), shares.tolist())[1:]
        self.mean = float(means[-1])
        beyond, widths = self._beyond(values, means, moments)
        reach = beyond / (widths + _LEAST_FLOORS * floors)
        few = moments.counts <= _LEARNING_POINTS * moments.density
        reach[few | (moments.ages <= _LEARNING)] = 0.0
        return reach

    def _beyond(self, values: Floats, means: Floats, moments: Moments) -> tuple[Floats, Floats]:
        """How far each value lies outside of the range, and how wide that is."""
        high, low = self.high, self.low
        beyond, widths = [], []
        fading = moments.steps / (moments.steps + _MEMORY)
        for value, mean, share in zip(
            values.tolist(), means.tolist(), fading.tolist(), strict=True
        ):
            high += (mean - high) * share
            low += (mean - low) * share
            widths.append(high - low)
            if low <= value <= high:
                beyond.append(0.0)
            elif value > high:
                beyond.append(value - high)
                high = value
            else:
                beyond.append(low - value)
                low = value
        self.high, self.low = high, low
        return np.array(beyond), np.array(widths)
