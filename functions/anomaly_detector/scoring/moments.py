"""What time says about a batch of points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.fading import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moments:
    """The clock at each point of a batch; one array of each kind.

    Attributes:
        counts: Points seen, this one included.
        ages: Seconds since the first point of the series.
        periods: Usual seconds between points.
        steps: Seconds to fade memory by, bounded.
        density: Points in five minutes, 1 at least: what is counted in points of five minutes
            takes so many of them.
        hours: Hours since 1970.
        slots: Hour of the day, 0-23 on weekdays, 24-47 on weekend days (UTC).
        known: Whether a whole day of this kind (weekday or weekend) has been seen.
    """

    counts: Floats
    ages: Floats
    periods: Floats
    steps: Floats
    density: Ints
    hours: Ints
    slots: Ints
    known: Bools

    def __getitem__(self, rows: Bools | slice) -> "Moments":
        """Some of the points."""
        return Moments(
            self.counts[rows],
            self.ages[rows],
            self.periods[rows],
            self.steps[rows],
            self.density[rows],
            self.hours[rows],
            self.slots[rows],
            self.known[rows],
        )

    def older_than(self, seconds: float) -> int:
        """The first point at which the series is older, or how many points there are."""
        return int(self.ages.searchsorted(seconds, side="right"))


def runs(labels: Ints) -> list[tuple[int, int, int]]:
    """Label, start and stop of each stretch of equal labels."""
    if not len(labels):
        return []
    starts = [0, *(np.flatnonzero(labels[1:] != labels[:-1]) + 1).tolist()]
    return list(zip(labels[starts].tolist(), starts, [*starts[1:], len(labels)], strict=True))
