"""Surprise: how improbable a deviation is, given the tail of the deviations before it."""

from dataclasses import dataclass
from math import log

import numpy as np

from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.moments import Ints, runs

_THRESHOLD = 2.0  # deviations above this, in mean absolute deviations, form the tail
_PRIOR_WEIGHT = 6.0
_PRIOR_SHAPE = 0.3
_PRIOR_POINTS = 20.0
_CLIP = 3.0  # one point teaches at most this many times the usual excess
# What surprises by more nats than this is taken as not of the same kind: it teaches that part.
_ALIEN, _ALIEN_PART = 6.5, 0.25
# Points of five minutes.
_TAIL_MEMORY = 300.0
_POINT_MEMORY = 5_000.0


@dataclass(slots=True)
class Surprise:
    """Hill's estimate of a tail, kept one point at a time.

    Above a threshold u, the deviations z of most series fall like a power of z:
    P(Z > z) = rate * (z / u) ** (-1 / shape), where `shape` is the mean of ln(z / u) over the
    points beyond u (Hill 1975). Noise with a heavy tail so needs a larger deviation to surprise
    than noise with a light one. Spikes that come again and again would become part of the tail, so
    what lies far beyond it teaches less. Sums are halved when they grow long, to follow change; a
    prior (shape 0.3) carries the first points.

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

    def observe(self, deviations: Floats, density: Ints) -> Floats:
        """Takes in some deviations, in their usual mean absolute deviations.

        Args:
            deviations: The deviations.
            density: Points in five minutes, 1 at least.

        Returns:
            -ln P(Z > deviation in five minutes), in nats: 0 inside the threshold, about 14 for one
            in a million.
        """
        nats = np.zeros(len(deviations))
        for points, start, stop in runs(density):
            self._observe(deviations[start:stop], points, nats[start:stop])
        return nats

    def _observe(self, deviations: Floats, density: int, nats: Floats) -> None:
        """Takes in deviations of one density; fills in their nats."""
        counted = 0
        for row in np.flatnonzero(deviations > _THRESHOLD).tolist():
            self._count(row + 1 - counted, _POINT_MEMORY * density)
            counted = row + 1
            point = self._beyond(log(deviations[row] / _THRESHOLD), _TAIL_MEMORY * density)
            nats[row] = max(point - log(density), 0.0)
        self._count(len(deviations) - counted, _POINT_MEMORY * density)

    def _beyond(self, excess: float, memory: float) -> float:
        """Takes in one point of the tail, which is counted already."""
        shape = self.excess / self.weight
        nats = excess / shape - log(self.tail / (self.points - 1.0))
        part = _ALIEN_PART if nats > _ALIEN else 1.0
        self.excess += min(excess, _CLIP * shape) * part
        self.weight += part
        self.tail += part
        if self.weight > memory:
            self.weight *= 0.5
            self.excess *= 0.5
        return nats

    def _count(self, points: int, memory: float) -> None:
        while self.points + points > memory:
            room = int(memory - self.points) + 1
            room += self.points + room <= memory  # rounded down
            self.points = 0.5 * (self.points + room)
            self.tail *= 0.5
            points -= room
        self.points += points
