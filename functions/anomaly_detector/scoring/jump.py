"""One-step residual: a value that jumps away from where the last ones were."""

from dataclasses import dataclass

from functions.anomaly_detector.scoring.clock import DAY

_LEVEL_RATE = 0.3  # per point: a jump is about neighbours, whatever the period
_SCALE_MEMORY = 1 * DAY
_PEAK_MEMORY = 7 * DAY
_LEARNING = 100
_CLIP = 4.0
_ORDINARY = 3.0  # scaled jumps up to here are noise in any series


@dataclass(slots=True)
class Jump:
    """Exponential smoothing forecast of the next value, and how wrong forecasts usually are.

    Attributes:
        level: The forecast.
        scale: Fading mean absolute forecast error, each contribution bounded.
        peak: Largest scaled error lately.
        count: Values seen.
    """

    level: float = 0.0
    scale: float = 0.0
    peak: float = 0.0
    count: int = 0

    def observe(self, value: float, step: float, floor: float) -> float:
        """Takes in one value.

        Returns:
            How far the scaled forecast error exceeds the largest one lately, as a share of it;
            0 while learning.
        """
        count = self.count
        self.count = count + 1
        if count == 0:
            self.level = value
            return 0.0
        error = value - self.level
        self.level += error * _LEVEL_RATE
        size = abs(error)
        scale = max(self.scale, 0.3 * floor)
        scaled = size / scale if count > 20 else 0.0
        peak = self.peak
        beyond = (scaled - peak) / (peak + _ORDINARY) if scaled > peak else 0.0
        bounded = size if count < 20 or size < _CLIP * scale else _CLIP * scale
        rate = max(step / (step + _SCALE_MEMORY), 1.0 / (count + 1))
        self.scale += (bounded - self.scale) * rate
        peak -= peak * (step / (step + _PEAK_MEMORY))
        self.peak = scaled if scaled > peak else peak
        return beyond if count > _LEARNING else 0.0
