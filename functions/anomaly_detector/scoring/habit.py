"""Habits: what happens at the same hour most days (a nightly batch) is usual."""

from dataclasses import dataclass, field

import numpy as np

from functions.anomaly_detector.scoring.clock import HOURS
from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.moments import Ints, runs

_DAYS = 4
_SECOND, _THIRD = 0.8, 1.0


def _no_days() -> list[list[float]]:
    return [[0.0] * _DAYS for _ in range(HOURS)]


@dataclass(slots=True)
class Habit:
    """The largest sizes of each hour of the day (UTC), on the days before today.

    Attributes:
        peaks: For each hour its largest sizes on the last four days, the newest first, to
            three digits.
        slot: The hour that `peak` belongs to, as the clock counts it; -1 before the first.
        peak: Its largest size so far.
        known: What the last four days make of a size within an hour of this one.
    """

    peaks: list[list[float]] = field(default_factory=_no_days)
    slot: int = -1
    peak: float = 0.0
    known: float = 0.0

    def observe(self, sizes: Floats, slots: Ints) -> Floats:
        """Takes in some sizes, with their hours as the clock counts them.

        Returns:
            For each the size that is habitual around this time of day: most of what two of the last
            four days reached, or all of what three of them did.
        """
        stretches = runs(slots)
        if not stretches:
            return sizes
        known: list[float] = []
        peaks = np.maximum.reduceat(sizes, [start for _, start, _ in stretches]).tolist()
        for (slot, start, stop), peak in zip(stretches, peaks, strict=True):
            if slot != self.slot:
                self._turn(slot)
            self.peak = max(self.peak, peak)
            known += [self.known] * (stop - start)
        return np.array(known)

    def _turn(self, slot: int) -> None:
        peaks, hour = self.peaks, slot % HOURS
        if self.slot >= 0:
            gone = self.slot % HOURS
            peaks[gone] = [float(f"{self.peak:.3g}"), *peaks[gone][:-1]]
        self.slot, self.peak = slot, 0.0
        near = map(max, peaks[hour - 1], peaks[hour], peaks[(hour + 1) % HOURS])
        _, third, second, _ = sorted(near)
        self.known = max(_SECOND * second, _THIRD * third)
