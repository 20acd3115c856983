"""Which points of a signal mean anything, given how many calls stand behind them. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import METRICS, Signal

_DURATION: Final = "Duration"
# The median of a few calls, and the 99th percentile of fewer than there are percents, is the
# duration of one call: it tells of that call, not of the function.
_CALLS: Final = {"p50": 10, "p99": 100}


def meaningful(signals: Mapping[Signal, Series]) -> dict[Signal, Series]:
    """The signals, with gaps where too few invocations stand behind a quantile of durations."""
    invocations = signals.get(Signal.INVOCATIONS)
    return {
        signal: _behind(series, invocations, _CALLS[metric.statistic])
        if (metric := METRICS[signal]).name == _DURATION and metric.statistic in _CALLS
        else series
        for signal, series in signals.items()
    }


def _behind(series: Series, invocations: Series | None, calls: int) -> Series:
    """A series without the periods that had fewer calls; all of it where those are unknown."""
    if invocations is None:
        return series
    _, here, there = np.intersect1d(
        series.timestamps, invocations.timestamps, assume_unique=True, return_indices=True
    )
    enough = np.zeros(len(series), dtype=bool)
    enough[here] = invocations.values[there] >= calls
    return Series(np.where(enough, series.values, np.nan), series.timestamps)
