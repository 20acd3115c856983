"""The detector: evidence weighed point by point, summed, gated, and kept between ticks."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.baseline import Baseline, baseline_at
from functions.anomaly_detector.scoring.clock import DAY, Clock
from functions.anomaly_detector.scoring.drift import Drift
from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.gate import Gate
from functions.anomaly_detector.scoring.habit import Habit
from functions.anomaly_detector.scoring.jump import Jump
from functions.anomaly_detector.scoring.magnitude import Magnitude, weights
from functions.anomaly_detector.scoring.moments import Moments
from functions.anomaly_detector.scoring.points import as_points, as_times, seconds
from functions.anomaly_detector.scoring.profile import Profile
from functions.anomaly_detector.scoring.reach import Reach


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

    def of(self, evidence: Floats) -> Floats:
        """The shares of the bar that some evidence is worth."""
        return np.minimum(np.maximum((evidence - self.start) / self.unit, 0.0), self.cap)


DRIFT = Weight(start=4.0, unit=0.35, cap=3.0)
JUMP = Weight(start=8.5, unit=2.0, cap=1.0)
REACH = Weight(start=0.05, unit=0.3, cap=0.7)

# A point that is as large as this share of its habit is usual; from the second share on, all
# of it is.
_HABITUAL, _UNUSUAL = 1.0, 1.5


@dataclass(slots=True)
class Detector:
    """State of one series: some hundred numbers, however long the series."""

    clock: Clock = field(default_factory=Clock)
    magnitude: Magnitude = field(default_factory=Magnitude)
    profile: Profile = field(default_factory=Profile)
    jump: Jump = field(default_factory=Jump)
    reach: Reach = field(default_factory=Reach)
    habit: Habit = field(default_factory=Habit)
    drift: Drift = field(default_factory=Drift)
    gate: Gate = field(default_factory=Gate)

    def update(
        self, values: NDArray[np.float64], timestamps: NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Scores the next points of the series.

        Args:
            values: float64[n]; a value that is not finite, or beyond 1e100, or without a time,
                scores 0 and changes nothing.
            timestamps: datetime64[s][n], UTC, in order.

        Returns:
            float64[n] in [0, 1]; 0.5 and above is an alert.

        Raises:
            ValueError: If the two arrays are not one-dimensional and of one length.
        """
        numbers, times, counts = as_points(values, timestamps)
        scores = np.zeros(len(numbers))
        if counts.any():
            moments = self.clock.advance(seconds(times[counts]))
            scores[counts] = self._score(numbers[counts], moments)
        return scores

    def baseline(self, when: np.datetime64) -> Baseline | None:
        """What is usual at a time; see `baseline_at`."""
        return baseline_at(self.profile, float(seconds(as_times(when))))

    def _score(self, values: Floats, moments: Moments) -> Floats:
        floors, whole = self.magnitude.observe(values, moments)
        usual = self.profile.observe(values, moments)
        residuals = usual.residual
        later = slice(moments.older_than(DAY), None)
        residuals[: later.start] = 0.0
        jump = self.jump.observe(values, residuals, floors, moments)
        drift = self.drift.observe(residuals, floors, moments, whole=whole)
        reach = self.reach.observe(values, floors, moments)
        weight = weights(values, usual.expected, whole)
        point = self._unusual_share(residuals, moments) * JUMP.of(jump * weight) + REACH.of(
            reach * weight
        )
        return self._gated(point, DRIFT.of(drift), moments)

    def _gated(self, points: Floats, drifts: Floats, moments: Moments) -> Floats:
        """Scores of the sums."""
        scores = np.zeros(len(points))
        density = moments.density.tolist()
        rows = np.flatnonzero(points + drifts)
        columns = (rows, points[rows], drifts[rows])
        waited = 0
        for row, point, drift in zip(*(c.tolist() for c in columns), strict=True):
            self.gate.wait(density[waited:row])
            waited = row + 1
            scores[row] = self.gate.judge(point, drift, density[row])
        self.gate.wait(density[waited:])
        return scores

    def _unusual_share(self, residuals: Floats, moments: Moments) -> Floats:
        """How much of each residual is not its habit at this time of day, 0 to 1."""
        sizes = np.abs(residuals)
        habit = self.habit.observe(sizes, moments.slots)
        shares = np.ones(len(sizes))
        usual = sizes < _UNUSUAL * habit
        share = (sizes[usual] / habit[usual] - _HABITUAL) / (_UNUSUAL - _HABITUAL)
        shares[usual] = np.maximum(share, 0.0)
        return shares
