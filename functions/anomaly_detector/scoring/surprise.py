"""Surprise: how improbable a deviation is, given the tail of the deviations before it."""

from dataclasses import dataclass
from math import log

import numpy as np

from functions.anomaly_detector.scoring.fading import Floats

_THRESHOLD = 2.0  # deviations above this, in mean absolute deviations, form the tail
_PRIOR_WEIGHT = 6.0
_PRIOR_SHAPE = 0.3
_PRIOR_POINTS = 20.0
_CLIP = 3.0  # one point teaches at most this many times the usual excess
_TAIL_MEMORY = 300.0
_POINT_MEMORY = 5_000.0


@dataclass(slots=True)
class Surprise:
    """Hill's estimate of a tail, kept one point at a time.

    Above a threshold u, the deviations z of most series fall like a power of z:
    P(Z > z) = rate * (z / u) ** (-1 / shape), where `shape` is the mean of ln(z / u) over the
    points beyond u (Hill 1975). Noise with a heavy tail so needs a larger deviation to surprise
    than noise with a light one. Sums are halved when they grow long, to follow change; a prior
    (shape 0.3) carries the first points.

    Attributes:
        excess: Sum of ln(z / u) over the tail.
        weight: Points in that sum.
        tail: Points beyond the threshold.
        points: All points.
    """

    excess: float = _PRIOR_SHAPE * _PRIOR_WEIGHT
    weight: float = _PRIOR_WEIGHT
    tail: float = 1.0
    points: float = _PRIOR_POINTS

    def observe(self, deviations: Floats) -> Floats:
        """Takes in some deviations, in their usual mean absolute deviations.

        Returns:
            -ln P(Z > deviation), in nats: 0 inside the threshold, about 14 for one in a million.
        """
        nats = np.zeros(len(deviations))
        counted = 0
        for row in np.flatnonzero(deviations > _THRESHOLD).tolist():
            self._count(row + 1 - counted)
            counted = row + 1
            nats[row] = self._beyond(log(deviations[row] / _THRESHOLD))
        self._count(len(deviations) - counted)
        return nats

    def _beyond(self, excess: float) -> float:
        """Takes in one point of the tail, which is counted already."""
        shape = self.excess / self.weight
        nats = excess / shape - log(self.tail / (self.points - 1.0))
        self.excess += min(excess, _CLIP * shape)
        self.weight += 1.0
        self.tail += 1.0
        if self.weight > _TAIL_MEMORY:
            self.weight *= 0.5
            self.excess *= 0.5
        return nats

    def _count(self, points: int) -> None:
        while self.points + points > _POINT_MEMORY:
            room = int(_POINT_MEMORY - self.points) + 1
            room += self.points + room <= _POINT_MEMORY  # rounded down
            self.points = 0.5 * (self.points + room)
            self.tail *= 0.5
            points -= room
        self.points += points
