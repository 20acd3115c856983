"""What is usual at each point of a series, as a detector knows it. Pure."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.detect import Detector
from functions.anomaly_detector.watch.past import Past

_HOUR_SECONDS = 3_600

Floats = NDArray[np.float64]
Band = tuple[Floats, Floats]
"""Lower and upper end at each point; NaN where nothing is known."""


def usual_band(series: Series, *, learn_until: datetime | None = None) -> Band:
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
    for start, stop in _hours(series):
        _fill(low, high, detector, series, slice(start, stop))
        rows = slice(start, min(stop, learnt))
        detector.update(series.values[rows], series.timestamps[rows])
    return low, high


def remembered_band(past: Past, signal: Signal, series: Series) -> Band:
    """The band that is known of a signal, all along a series that it may not have seen."""
    low, high = np.full(len(series), np.nan), np.full(len(series), np.nan)
    for start, stop in _hours(series):
        usual = past.usual(signal, int(series.timestamps[start].astype(np.int64)))
        low[start:stop], high[start:stop] = usual.low, usual.high
    return low, high


def _hours(series: Series) -> Iterator[tuple[int, int]]:
    """Where each hour begins and ends."""
    if not len(series):
        return
    hours = series.timestamps.astype("datetime64[s]").astype(np.int64) // _HOUR_SECONDS
    starts = np.flatnonzero(np.diff(hours, prepend=-1)).tolist()
    yield from zip(starts, [*starts[1:], len(series)], strict=True)


def _fill(low: Floats, high: Floats, detector: Detector, series: Series, rows: slice) -> None:
    if usual := detector.baseline(series.timestamps[rows.start]):
        floor = -np.inf if (series.values < 0).any() else 0.0
        low[rows] = max(usual.low, floor)
        high[rows] = max(usual.high, floor)
