"""The detector: evidence weighed point by point, summed, gated, and kept between ticks."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.baseline import Baseline, baseline_at
from functions.anomaly_detector.scoring.clock import DAY, HOUR, Clock
from functions.anomaly_detector.scoring.drift import Drift
from functions.anomaly_detector.scoring.gate import ALERT, Gate
from functions.anomaly_detector.scoring.habit import Habit
from functions.anomaly_detector.scoring.jump import Jump
from functions.anomaly_detector.scoring.likeness import Likeness
from functions.anomaly_detector.scoring.magnitude import Magnitude
from functions.anomaly_detector.scoring.profile import Profile
from functions.anomaly_detector.scoring.reach import Reach
from functions.anomaly_detector.scoring.unusual import Unusual

_LARGEST = 1e100  # beyond this, squares would overflow


@dataclass(frozen=True, slots=True)
class Weight:
    """How one kind of evidence enters the sum: (evidence - start) / unit, from 0 to cap.

    Attributes:
        start: Evidence that means nothing yet.
        unit: Evidence beyond the start that alone makes an alert.
        cap: The most that this kind may add.
    """

    start: float
    unit: float
    cap: float

    def of(self, evidence: float) -> float:
        """The share of the bar that some evidence is worth."""
        share = (evidence - self.start) / self.unit
        return 0.0 if share < 0.0 else share if share < self.cap else self.cap


CREEP = Weight(start=5.0, unit=1.0, cap=3.0)
DRIFT = Weight(start=4.0, unit=0.35, cap=3.0)
UNUSUAL = Weight(start=7.5, unit=2.5, cap=1.5)
JUMP = Weight(start=8.5, unit=2.0, cap=1.0)
REACH = Weight(start=0.05, unit=0.3, cap=0.7)
UNLIKE = Weight(start=10.0, unit=3.0, cap=2.0)

# A point that is as large as this share of its habit is no news; from the second share on, all
# of it is.
_HABITUAL, _NEWS = 1.0, 1.5


@dataclass(slots=True)
class Detector:
    """State of one series: some two hundred numbers, however long the series."""

    clock: Clock = field(default_factory=Clock)
    magnitude: Magnitude = field(default_factory=Magnitude)
    profile: Profile = field(default_factory=Profile)
    unusual: Unusual = field(default_factory=Unusual)
    jump: Jump = field(default_factory=Jump)
    reach: Reach = field(default_factory=Reach)
    likeness: Likeness = field(default_factory=Likeness)
    habit: Habit = field(default_factory=Habit)
    drift: Drift = field(default_factory=Drift)
    creep: Drift = field(default_factory=lambda: Drift(smoothing=6 * HOUR, clip=2.0))
    gate: Gate = field(default_factory=Gate)

    def update(
        self, values: NDArray[np.float64], timestamps: NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Scores the next points of the series.

        Args:
            values: float64[n]; a value that is not finite, or beyond 1e100, scores 0 and changes
                nothing.
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
        return baseline_at(self.profile, float(when.astype("datetime64[s]").astype(np.int64)))

    def _score(self, value: float, now: float) -> float:
        if not -_LARGEST < value < _LARGEST:  # also false for NaN
            return 0.0
        self.clock.advance(now)
        score = self.gate.judge(self._evidence(value))
        if score >= ALERT:
            self.creep.tell()
        return score

    def _evidence(self, value: float) -> float:
        clock, profile, magnitude = self.clock, self.profile, self.magnitude
        slot = clock.slot
        floor = magnitude.observe(value, clock)
        expected = profile.expected(slot) if clock.count > 1 else value
        residual = profile.outside(value, clock) if clock.age > DAY else 0.0
        jump = self.jump.observe(value, residual, floor, clock)
        unusual = 0.0
        if clock.age > DAY:
            unusual = self.unusual.observe(residual, profile.spread[slot], floor, clock)
        drift = self.drift.observe(residual, floor, clock, whole=magnitude.whole)
        creep = self.creep.observe(residual, floor, clock, whole=magnitude.whole)
        reach = self.reach.observe(value, floor, clock)
        unlike = self.likeness.observe(value, floor, clock)
        news = self._news(residual)
        profile.learn(value, clock)
        shift = DRIFT.of(drift) if drift > 0.0 else 0.0
        if creep > 0.0:
            shift += CREEP.of(creep)
        if unlike > 0.0 and clock.kind_is_known:
            shift += UNLIKE.of(unlike)
        if jump > 0.0 or unusual > 0.0 or reach > 0.0:
            weight = magnitude.weight(value, expected)
            point = UNUSUAL.of(unusual * weight) + JUMP.of(jump * weight)
            return news * point + REACH.of(reach * weight) + shift
        return shift

    def _news(self, residual: float) -> float:
        """How much of one point's residual is not its habit at this time of day, 0 to 1."""
        size = abs(residual)
        habit = self.habit.observe(size, self.clock.slot)
        if size >= _NEWS * habit:
            return 1.0
        share = (size / habit - _HABITUAL) / (_NEWS - _HABITUAL)
        return share if share > 0.0 else 0.0
