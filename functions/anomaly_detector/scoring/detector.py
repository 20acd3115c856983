"""The detector: evidence weighed point by point, summed, gated, and kept between ticks."""

from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.baseline import Baseline, baseline_at
from functions.anomaly_detector.scoring.clock import DAY, Clock
from functions.anomaly_detector.scoring.daily import DailyProfile
from functions.anomaly_detector.scoring.extent import Extent
from functions.anomaly_detector.scoring.gate import Gate
from functions.anomaly_detector.scoring.jump import Jump
from functions.anomaly_detector.scoring.magnitude import Magnitude
from functions.anomaly_detector.scoring.weekly import WeeklyProfile

_MEAN_MEMORY = 2 * DAY
_LEARNING_POINTS = 100
_DAILY_LEARNING = 2 * DAY


@dataclass(slots=True)
class Detector:
    """State of one series: a few hundred numbers, however long the series."""

    clock: Clock = field(default_factory=Clock)
    magnitude: Magnitude = field(default_factory=Magnitude)
    values: Extent = field(default_factory=Extent)
    residuals: Extent = field(default_factory=Extent)
    daily: DailyProfile = field(default_factory=DailyProfile)
    weekly: WeeklyProfile = field(default_factory=WeeklyProfile)
    jump: Jump = field(default_factory=Jump)
    gate: Gate = field(default_factory=Gate)
    mean: float = 0.0

    def update(
        self, values: NDArray[np.float64], timestamps: NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Scores the next points of the series.

        Args:
            values: float64[n]; a value that is not finite scores 0 and changes nothing.
            timestamps: datetime64[s][n], UTC, in order.

        Returns:
            float64[n] in [0, 1]; 0.5 and above is an alert.

        Raises:
            ValueError: If the two arrays are not one-dimensional and of one length.
        """
        numbers = np.asarray(values, dtype=np.float64)
        times = np.asarray(timestamps, dtype="datetime64[s]")
        if numbers.ndim != 1 or numbers.shape != times.shape:
            raise ValueError(
                f"values {numbers.shape} and timestamps {times.shape} must be two flat arrays "
                "of the same length: give one timestamp per value"
            )
        score = self._score
        seconds = times.astype(np.int64).astype(np.float64)
        pairs = zip(numbers.tolist(), seconds.tolist(), strict=True)
        return np.array([score(value, now) for value, now in pairs], dtype=np.float64)

    def baseline(self, when: np.datetime64) -> Baseline | None:
        """What is usual at a time; see `baseline_at`."""
        return baseline_at(self.daily, float(when.astype("datetime64[s]").astype(np.int64)))

    def _score(self, value: float, now: float) -> float:
        if not isfinite(value):
            return 0.0
        step = self.clock.advance(now)
        return self.gate.judge(self._evidence(value, now, step))

    def _evidence(self, value: float, now: float, step: float) -> float:
        count, period = self.clock.count, self.clock.period
        floor = self.magnitude.observe(value, step, count)
        self.mean += (value - self.mean) * max(step / (step + _MEAN_MEMORY), 1.0 / count)
        outside = self.values.leave(value, self.mean, floor, step)
        jump = self.jump.observe(value, step, floor)
        drift = self.weekly.observe(value, self.clock, step, self.mean, floor)
        usual = self.daily.observe(value, now, period)
        unusual = scaled = 0.0
        if usual is not None and self.clock.age > DAY:
            residual, spread = usual
            unusual = self.residuals.leave(residual, 0.0, floor, step)
            if self.residuals.count < _LEARNING_POINTS:
                unusual = 0.0
            if self.clock.age > _DAILY_LEARNING:
                scaled = abs(residual) / (spread + 0.5 * self.jump.scale + 0.3 * floor)
        if count < _LEARNING_POINTS:
            outside *= count / _LEARNING_POINTS
        return (
            min(outside / 0.16, 0.9)
            + min(unusual / 0.48, 4.0)
            + min(jump, 10.0)
            + min(scaled / 16.0, 0.6)
            + min(drift / 3.3, 2.0)
        )
