"""Unusual for the time of day: the residual of a value, against its hour's own scatter."""

from dataclasses import dataclass, field

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.fading import Floats, rates
from functions.anomaly_detector.scoring.moments import Moments
from functions.anomaly_detector.scoring.surprise import Surprise

_SCALE_MEMORY = 3 * DAY
_CLIP = 4.0
_LEARNING = 2 * DAY
_LEARNING_POINTS = 200  # of five minutes


@dataclass(slots=True)
class Unusual:
    """Evidence that a value does not belong at its time of day.

    Attributes:
        scale: Fading mean absolute residual over all hours, each contribution bounded.
        count: Residuals seen.
        surprise: The tail of the scaled residuals.
    """

    scale: float = 0.0
    count: int = 0
    surprise: Surprise = field(default_factory=Surprise)

    def observe(
        self, residuals: Floats, spreads: Floats, floors: Floats, moments: Moments
    ) -> Floats:
        """Takes in some residuals.

        Args:
            residuals: Distances from the usual band, in the unit of the values.
            spreads: Mean absolute deviation of each one's hour.
            floors: Smallest meaningful differences.
            moments: What time says.

        Returns:
            Surprise, in nats; 0 while learning.
        """
        sizes = np.abs(residuals)
        counts = np.arange(self.count + 1.0, self.count + 1.0 + len(sizes))
        self.count += len(sizes)
        scales = self._scales(sizes, floors, rates(moments.steps, _SCALE_MEMORY, counts + 1.0))
        deviations = sizes / (spreads + 0.5 * scales + 0.3 * floors)
        nats = np.zeros(len(sizes))
        start = moments.older_than(_LEARNING)
        nats[start:] = self.surprise.observe(deviations[start:], moments.density[start:])
        nats[counts <= _LEARNING_POINTS * moments.density] = 0.0
        return nats

    def _scales(self, sizes: Floats, floors: Floats, shares: Floats) -> Floats:
        """The scale before each residual."""
        scale, scales = self.scale, []
        for size, floor, share in zip(
            sizes.tolist(), floors.tolist(), shares.tolist(), strict=True
        ):
            scales.append(scale)
            bound = _CLIP * scale + floor
            scale += ((size if size < bound else bound) - scale) * share
        self.scale = scale
        return np.array(scales)
