"""Pasts of functions that stories are told with."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series, epoch
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.watch.past import Past

PERIOD = timedelta(minutes=5)
LIMITS = FunctionLimits(timeout_seconds=3, memory_mib=1024, architecture="arm64", reserved=200)

Levels = Mapping[Signal, float | NDArray[np.float64]]


def series_of(levels: Levels, end: datetime, hours: float) -> dict[Signal, Series]:
    """Series of periods that end at a time, of one level each or as given."""
    count = round(hours * 12)
    starts = (epoch(end) - 300 * np.arange(count, 0, -1)).astype("datetime64[s]")
    return {
        signal: Series(np.broadcast_to(np.asarray(level, dtype=np.float64), count).copy(), starts)
        for signal, level in levels.items()
    }


def past_of(
    levels: Levels,
    end: datetime,
    *,
    hours: float = 72.0,
    latest: Mapping[Signal, float] | None = None,
    periods: int = 3,
    limits: FunctionLimits | None = LIMITS,
) -> Past:
    """A function that always showed the same, and something else in its newest periods."""
    series = series_of(levels, end, hours)
    for signal, value in (latest or {}).items():
        if signal not in series:
            quiet = 0.0 if METRICS[signal].absent_means_zero else float("nan")
            series |= series_of({signal: quiet}, end, hours)
        series[signal].values[-periods:] = value
    past = Past(is_young=False)
    past.feed({**series, **derived(series, limits, period_seconds=300)}, end)
    return past


QUIET: Levels = {
    Signal.INVOCATIONS: 10.0,
    Signal.ERRORS: 0.0,
    Signal.THROTTLES: 0.0,
    Signal.DURATION: 300.0,
    Signal.CONCURRENCY: 1.0,
}
RUNAWAY: Mapping[Signal, float] = {
    Signal.INVOCATIONS: 40_000.0,
    Signal.DURATION: 500.0,
    Signal.CONCURRENCY: 150.0,
}
