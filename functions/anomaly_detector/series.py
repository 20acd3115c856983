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
        """No points at all."""
        return cls(np.empty(0), np.empty(0, dtype="datetime64[s]"))

    def since(self, start: datetime) -> "Series":
        """The part of the series whose periods begin at or after `start`."""
        first = self.count_before(start)
        return Series(self.values[first:], self.timestamps[first:])

    def until(self, end: datetime) -> "Series":
        """The part of the series whose periods begin before `end`."""
        count = self.count_before(end)
        return Series(self.values[:count], self.timestamps[:count])

    def count_before(self, end: datetime) -> int:
        """How many periods begin before `end`."""
        return int(np.searchsorted(self.timestamps, np.datetime64(_epoch(end), "s")))

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
) -> Series:
    """Lay points on a grid from the first one at or after `start` up to `end`, exclusive.

    A grid never starts before the first point: what a function did before it existed is not zero.
    """
    first = min((at for at in points if at >= start), default=None)
    if first is None:
        return Series.empty()
    origin = _epoch(first) // period_seconds * period_seconds
    count = max(0, -((origin - _epoch(end)) // period_seconds))
    values = np.full(count, 0.0 if absent_means_zero else np.nan)
    for at, value in points.items():
        index = (_epoch(at) - origin) // period_seconds
        if 0 <= index < count:
            values[index] = value
    seconds = origin + period_seconds * np.arange(count, dtype=np.int64)
    return Series(values, seconds.astype("datetime64[s]"))


def when(timestamp: np.datetime64) -> datetime:
    """A grid timestamp as an aware datetime."""
    return datetime.fromtimestamp(int(timestamp.astype("datetime64[s]").astype(np.int64)), UTC)


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
