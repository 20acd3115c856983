"""What was usual at each point of a series, as the detector knew it then. Pure."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.detect import Detector
from functions.anomaly_detector.series import Series

_HOUR_SECONDS = 3_600

Floats = NDArray[np.float64]


def usual_band(series: Series, *, learn_until: datetime | None = None) -> tuple[Floats, Floats]:
    """The usual band at every point, from the hours before it.

    Args:
        series: Values with gaps as NaN.
        learn_until: Learn from nothing that came later, so that an anomaly does not widen its own
            band.

    Returns:
        Lower and upper end; NaN where nothing was known yet. The lower end of values that were
        never negative is not negative either.
    """
    low, high = np.full(len(series), np.nan), np.full(len(series), np.nan)
    detector = Detector()
    learnt = len(series) if learn_until is None else series.count_before(learn_until)
    floor = 0.0 if not (series.values < 0).any() else -np.inf
    hours = series.timestamps.astype("datetime64[s]").astype(np.int64) // _HOUR_SECONDS
    starts = np.flatnonzero(np.diff(hours, prepend=-1))
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(series)], strict=True):
        if usual := detector.baseline(series.timestamps[start]):
            low[start:stop] = max(usual.low, floor)
            high[start:stop] = max(usual.high, floor)
        rows = slice(start, min(stop, learnt))
        detector.update(series.values[rows], series.timestamps[rows])
    return low, high


def shown_since(
    series: Series, band: tuple[Floats, Floats], start: datetime
) -> tuple[Series, Floats, Floats]:
    """The part of a series and of its band from `start` on."""
    first = series.count_before(start)
    return series.since(start), band[0][first:], band[1][first:]
