"""The door: what callers hand in, as the points that count."""

from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from functions.anomaly_detector.scoring.fading import Floats
from functions.anomaly_detector.scoring.moments import Bools

_LARGEST = 1e100  # beyond this, squares would overflow


def as_times(timestamps: ArrayLike) -> NDArray[np.datetime64]:
    """Times in UTC, whatever time zone a datetime is of; without one, it is taken as UTC."""
    times = np.asarray(timestamps)
    if times.dtype == object:
        times = np.array([_in_utc(time) for time in times.flat], dtype=object).reshape(times.shape)
    return times.astype("datetime64[s]")


def as_points(
    values: ArrayLike, timestamps: ArrayLike
) -> tuple[Floats, NDArray[np.datetime64], Bools]:
    """Values, their times, and which of them are points: neither a gap nor without a time.

    Raises:
        ValueError: If the two are not one-dimensional and of one length.
    """
    numbers, times = np.asarray(values, dtype=np.float64), as_times(timestamps)
    if numbers.ndim != 1 or numbers.shape != times.shape:
        raise ValueError(
            f"values {numbers.shape} and timestamps {times.shape} must be two flat arrays "
            "of the same length: give one timestamp per value"
        )
    return numbers, times, (np.abs(numbers) < _LARGEST) & ~np.isnat(times)


def seconds(times: NDArray[np.datetime64]) -> Floats:
    """Seconds since 1970."""
    return times.astype(np.int64).astype(np.float64)


def _in_utc(time: object) -> object:
    if isinstance(time, datetime) and time.tzinfo is not None:
        return time.astimezone(UTC).replace(tzinfo=None)
    return time
