"""Statistics of metric points, period by period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Point(NamedTuple):
    """What was published at one time: one value, or a set of them already summed up."""

    time: float
    number: float
    total: float
    least: float
    most: float


@dataclass(slots=True)
class Period:
    """Points of one period, summed up.

    Attributes:
        count: how many samples.
        total: their sum.
        least: the smallest.
        most: the largest.
        samples: a middle value and a weight for each point, for percentiles.
    """

    count: float = 0.0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")
    samples: list[tuple[float, float]] = field(default_factory=list)

    def add(self, point: Point, *, with_samples: bool) -> None:
        """Count a point in."""
        self.count += point.number
        self.total += point.total
        self.least = min(self.least, point.least)
        self.most = max(self.most, point.most)
        if with_samples and point.number > 0:
            self.samples.append((point.total / point.number, point.number))

    def statistic(self, name: str) -> float:
        """Return a statistic by its CloudWatch name.

        Raises:
            ValueError: it is not one of those understood here.
        """
        if name.startswith("p"):
            return percentile(self.samples, float(name[1:]))
        return {
            "SampleCount": self.count,
            "Sum": self.total,
            "Average": self.total / self.count,
            "Minimum": self.least,
            "Maximum": self.most,
        }[name]


def is_statistic(name: str) -> bool:
    """Tell whether a statistic's name is understood: the five basic ones and percentiles."""
    basic = {"SampleCount", "Sum", "Average", "Minimum", "Maximum"}
    return name in basic or (name[:1] == "p" and name[1:].replace(".", "", 1).isdigit())


def periods(
    points: Iterable[Point], length: int, start: float, end: float, *, with_samples: bool
) -> dict[int, Period]:
    """Gather points into periods by the epoch second at which each period begins.

    Args:
        points: the metric's points, in any order.
        length: seconds of a period.
        start: epoch seconds, included.
        end: epoch seconds, excluded.
        with_samples: keep what percentiles need.
    """
    gathered: dict[int, Period] = {}
    for point in points:
        if start <= point.time < end:
            begin = int(point.time // length) * length
            period = gathered.get(begin)
            if period is None:
                period = gathered[begin] = Period()
            period.add(point, with_samples=with_samples)
    return {begin: gathered[begin] for begin in sorted(gathered) if gathered[begin].count > 0}


def percentile(samples: Sequence[tuple[float, float]], rank: float) -> float:
    """Return the smallest value that at least ``rank`` per cent of the weight reaches.

    Args:
        samples: value and weight; at least one.
        rank: 0 to 100.
    """
    ordered = sorted(samples)
    wanted = sum(weight for _, weight in ordered) * rank / 100
    seen = 0.0
    for value, weight in ordered:
        seen += weight
        if seen >= wanted:
            return value
    return ordered[-1][0]
