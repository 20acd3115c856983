"""Series that the detector's stories are told with."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Times = NDArray[np.datetime64]

DAY = 86_400
MONDAY = np.datetime64("2026-03-02T00:00:00", "s")


def times(days: float, period: int = 300, start: np.datetime64 = MONDAY) -> Times:
    """Evenly spaced times over some days, every `period` seconds."""
    steps = np.arange(int(days * DAY / period)) * period
    return start + steps.astype("timedelta64[s]")


def hours(at: Times) -> Values:
    """Hour of the day, with fraction."""
    return (at.astype(np.int64) % DAY) / 3600.0


def weekend(at: Times) -> NDArray[np.bool_]:
    """Saturday or Sunday."""
    return (at.astype(np.int64) // DAY + 3) % 7 >= 5


def office(at: Times, seed: int = 0, calls: float = 400.0) -> Values:
    """Invocation counts that rise in office hours and rest at weekends."""
    day = np.exp(-(((hours(at) - 14.0) / 4.0) ** 2))
    rate = calls * (0.1 + day * np.where(weekend(at), 0.3, 1.0))
    return np.random.default_rng(seed).poisson(rate).astype(np.float64)


def steady(at: Times, seed: int = 0, level: float = 180.0, spread: float = 0.05) -> Values:
    """Durations around one level, in milliseconds."""
    noise = np.random.default_rng(seed).standard_normal(len(at))
    return level * (1.0 + spread * noise)
