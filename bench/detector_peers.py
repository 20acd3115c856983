"""What people use instead of a trained detector, made causal: two yardsticks.

Both turn the distance z into z / (z + 6), so that six deviations score 0.5.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

_DAY = 86_400
_NORMAL = 1.4826  # median absolute deviation to standard deviation, for normal noise
_LIMIT = 6.0
_RELATIVE_FLOOR = 0.05  # a flat day has no deviation: less than 5 % is no difference then


def robust_z(values: Floats, timestamps: Times) -> Floats:
    """Distance from the median of the last day of points, in its median absolute deviations."""
    seconds = timestamps.astype("datetime64[s]").astype(np.int64)
    period = max(float(np.median(np.diff(seconds))), 1.0) if len(seconds) > 1 else 300.0
    width = int(min(max(_DAY / period, 24), 288))
    scores = np.zeros(len(values))
    if len(values) <= width:
        return scores
    past = sliding_window_view(values, width)[:-1]
    middle = np.median(past, axis=1)
    spread = _NORMAL * np.median(np.abs(past - middle[:, None]), axis=1)
    spread = np.maximum(spread, _RELATIVE_FLOOR * np.abs(middle))
    scores[width:] = _squash(np.abs(values[width:] - middle), spread)
    return scores


def hourly_band(values: Floats, timestamps: Times) -> Floats:
    """Distance from the mean of the same hour of the day so far, in its standard deviations.

    A band of so many deviations around an expected value by the hour is what a CloudWatch
    anomaly-detection alarm looks like from outside; its model is not public.
    """
    hours = timestamps.astype("datetime64[s]").astype(np.int64) // 3_600 % 24
    scores = np.zeros(len(values))
    for hour in range(24):
        rows = np.flatnonzero(hours == hour)
        own = values[rows]
        before = np.maximum(np.arange(len(own)), 1)
        mean = (np.cumsum(own) - own) / before
        square = (np.cumsum(own**2) - own**2) / before
        spread = np.sqrt(np.maximum(square - mean**2, 0.0))
        scores[rows] = np.where(np.arange(len(own)) < 12, 0.0, _squash(np.abs(own - mean), spread))
    return scores


def _squash(distance: Floats, spread: Floats) -> Floats:
    floor = 1e-9 + 1e-3 * float(np.max(spread[:1], initial=0.0))
    z = distance / (spread + floor)
    return z / (z + _LIMIT)
