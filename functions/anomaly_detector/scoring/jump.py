"""One-step residual: a value that jumps away from where the last ones were."""

from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.fading import Floats, fade, rates
from functions.anomaly_detector.scoring.moments import Moments
from functions.anomaly_detector.scoring.surprise import Surprise

_LEVEL_RATE = 0.5  # per point: a jump is about neighbours, whatever the period
_SCALE_MEMORY = 0.75 * DAY
_CLIP = 4.0
_FIRST_POINTS = 20
_LEARNING_POINTS = 100  # of five minutes


@dataclass(slots=True)
class Jump:
    """Exponential smoothing forecast of the next value, and how wrong forecasts usually are.

    Attributes:
        level: The forecast.
        scale: Fading mean absolute forecast error, each contribution bounded.
        surprise: The tail of the scaled errors.
    """

    level: float = 0.0
    scale: float = 0.0
    surprise: Surprise = field(default_factory=Surprise)

    def observe(
        self, values: Floats, residuals: Floats, floors: Floats, moments: Moments
    ) -> Floats:
        """Takes in some values.

        A jump back to what is usual at this time is no evidence: the jump counts only as far as
        the value lies outside the usual band.

        Args:
            values: The values, finite.
            residuals: Their distances from the usual band of the time of day.
            floors: Smallest meaningful differences.
            moments: What time says.

        Returns:
            Surprise, in nats; 0 while learning.
        """
        counts = moments.counts
        if counts[0] == 1.0:
            self.level = float(values[0])
        levels = fade(self.level, values.tolist(), repeat(_LEVEL_RATE))
        self.level = float(levels[-1])
        errors = np.abs(values - levels[:-1])
        scales = self._scales(errors, 0.3 * floors, moments)
        nats = np.zeros(len(values))
        learnt = counts > _LEARNING_POINTS * moments.density
        away = np.minimum(np.abs(residuals), errors) / scales
        nats[learnt] = self.surprise.observe(away[learnt], moments.density[learnt])
        return nats

    def _scales(self, errors: Floats, floors: Floats, moments: Moments) -> Floats:
        """The usual error before each point."""
        shares = rates(moments.steps, _SCALE_MEMORY, moments.counts + 1.0)
        clips = np.where(moments.counts > _FIRST_POINTS, _CLIP, np.inf)
        usual, scales = self.scale, []
        columns = (errors.tolist(), floors.tolist(), shares.tolist(), clips.tolist())
        for error, floor, share, clip in zip(*columns, strict=True):
            scale = usual + floor
            scales.append(scale)
            bound = clip * scale
            usual += ((error if error < bound else bound) - usual) * share
        self.scale = usual
        return np.array(scales)
