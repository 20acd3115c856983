"""Unusual for the time of day: the residual of a value, against its hour's own scatter."""

from dataclasses import dataclass, field

from functions.anomaly_detector.scoring.clock import DAY, Clock
from functions.anomaly_detector.scoring.surprise import Surprise

_SCALE_MEMORY = 3 * DAY
_CLIP = 4.0
_LEARNING = 2 * DAY
_LEARNING_POINTS = 200


@dataclass(slots=True)
class Unusual:
    """Evidence that one value does not belong at this time of day.

    Attributes:
        scale: Fading mean absolute residual over all hours, each contribution bounded.
        count: Residuals seen.
        surprise: The tail of the scaled residuals.
    """

    scale: float = 0.0
    count: int = 0
    surprise: Surprise = field(default_factory=Surprise)

    def observe(self, residual: float, spread: float, floor: float, clock: Clock) -> float:
        """Takes in one residual.

        Args:
            residual: Distance from the usual band, in the unit of the values.
            spread: Mean absolute deviation of this hour.
            floor: Smallest meaningful difference.
            clock: Already at this point.

        Returns:
            Surprise, in nats; 0 while learning.
        """
        size = abs(residual)
        scale = self.scale
        scaled = size / (spread + 0.5 * scale + 0.3 * floor)
        self.count += 1
        bound = _CLIP * scale + floor
        rate, start = clock.step / (clock.step + _SCALE_MEMORY), 1.0 / (self.count + 1)
        taught = size if size < bound else bound
        self.scale = scale + (taught - scale) * (rate if rate > start else start)
        if clock.age <= _LEARNING:
            return 0.0
        nats = self.surprise.observe(scaled)
        return nats if self.count > _LEARNING_POINTS else 0.0
