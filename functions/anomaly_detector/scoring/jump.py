"""One-step residual: a value that jumps away from where the last ones were."""

from dataclasses import dataclass, field

from functions.anomaly_detector.scoring.clock import DAY, Clock
from functions.anomaly_detector.scoring.surprise import Surprise

_LEVEL_RATE = 0.5  # per point: a jump is about neighbours, whatever the period
_SCALE_MEMORY = 0.75 * DAY
_CLIP = 4.0
_FIRST_POINTS = 20
_LEARNING_POINTS = 100


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

    def observe(self, value: float, residual: float, floor: float, clock: Clock) -> float:
        """Takes in one value.

        A jump back to what is usual at this time is no evidence: the jump counts only as far as
        the value lies outside the usual band.

        Args:
            value: The value, finite.
            residual: Its distance from the usual band of the time of day.
            floor: Smallest meaningful difference.
            clock: Already at this point.

        Returns:
            Surprise, in nats; 0 while learning.
        """
        count = clock.count
        if count == 1:
            self.level = value
            return 0.0
        error = value - self.level
        self.level += error * _LEVEL_RATE
        size = abs(error)
        scale = self.scale + 0.3 * floor
        away = abs(residual)
        away = min(away, size)
        if count > _FIRST_POINTS and size > _CLIP * scale:
            size = _CLIP * scale
        rate, start = clock.step / (clock.step + _SCALE_MEMORY), 1.0 / (count + 1)
        self.scale += (size - self.scale) * (rate if rate > start else start)
        return self.surprise.observe(away / scale) if count > _LEARNING_POINTS else 0.0
