"""A metric's points on a regular grid, with absent periods filled by rule. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Series:
    """Equidistant points of one signal.

    Attributes:
        values: float64[n]; NaN where there was no data.
        timestamps: datetime64[s][n], UTC, start of each period.
    """

    values: NDArray[np.float64]
    timestamps: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def empty(cls) -> "Series":
        """A series without points."""
        return cls(np.empty(0), np.empty(0, dtype="datetime64[s]"))

    def since(self, start: datetime) -> "Series":
        """The part of the series whose periods begin at or after `start`."""
        first = self.count_before(start)
        return Series(self.values[first:], self.timestamps[first:])

    def until(self, end: datetime) -> "Series":
        """The part of the series whose periods begin before `end`."""
        count = self.count_before(end)
        return Series(self.values[:count], self.timestamps[:count])

    def between(self, start: datetime, end: datetime) -> "Series":
        """The part of the series whose periods begin at or after `start` and before `end`."""
        bounds = np.array([epoch(start), epoch(end)]).astype("datetime64[s]")
        first, stop = self.timestamps.searchsorted(bounds).tolist()
        return Series(self.values[first:stop], self.timestamps[first:stop])

    def count_before(self, end: datetime) -> int:
        """How many periods begin before `end`."""
        return int(self.timestamps.searchsorted(np.datetime64(epoch(end), "s")))

    def beside(self, other: "Series") -> NDArray[np.float64]:
        """The values at the periods of another series, 0 where this one has none."""
        values = np.zeros(len(other))
        _, here, there = np.intersect1d(
            self.timestamps, other.timestamps, assume_unique=True, return_indices=True
        )
        values[there] = np.nan_to_num(self.values[here])
        return values

    def newest_from(self, least: float) -> tuple[float, datetime] | None:
        """The newest value of at least so much, with its period; None where there is none."""
        found = np.flatnonzero(self.values >= least)
        if not found.size:
            return None
        return float(self.values[found[-1]]), when(self.timestamps[found[-1]])

    @property
    def latest(self) -> float:
        """The newest value, NaN where there is none."""
        return float(self.values[-1]) if len(self.values) else float("nan")


def regular(
    points: Mapping[datetime, float],
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
    absent_means_zero: bool,
    continued: bool = False,
) -> Series:
    """Lay points on a grid from the first one at or after `start` up to `end`, exclusive.

    A grid never starts before the first point: what a function did before it existed is not zero.

    Args:
        points: Values by the start of their period.
        start: Where the grid may begin.
        end: Where it ends.
        period_seconds: Width of its periods.
        absent_means_zero: What stands where there is no point: 0, or a gap.
        continued: Begin at `start` in any case: the series is known to have existed before.
    """
    seconds = np.fromiter(map(datetime.timestamp, points), np.float64, len(points))
    known = seconds[seconds >= start.timestamp()]
    if not continued and not known.size:
        return Series.empty()
    first = epoch(start) if continued else int(known.min())
    origin = first // period_seconds * period_seconds
    count = max(0, -((origin - epoch(end)) // period_seconds))
    values = np.full(count, 0.0 if absent_means_zero else np.nan)
    index = (seconds.astype(np.int64) - origin) // period_seconds
    inside = (index >= 0) & (index < count)
    values[index[inside]] = np.fromiter(points.values(), np.float64, len(points))[inside]
    grid = origin + period_seconds * np.arange(count, dtype=np.int64)
    return Series(values, grid.astype("datetime64[s]"))


def when(timestamp: np.datetime64) -> datetime:
    """A grid timestamp as an aware datetime."""
    return datetime.fromtimestamp(int(timestamp.astype("datetime64[s]").astype(np.int64)), UTC)


def epoch(at: datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())
