"""What a function's invocations cost an hour in each period, at list price. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.own_limits import Limits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.cost.lambda_price import hourly_cost

_A_MINUTE: Final = np.timedelta64(60, "s")


def cost_series(
    invocations: Series, duration: Series, limits: Limits, *, period_seconds: int
) -> Series:
    """USD an hour in each period, as if its pace lasted; 0 where nothing was invoked.

    Args:
        invocations: Counts.
        duration: Average durations on the same grid, in milliseconds.
        limits: Memory and architecture, which set the price of a second.
        period_seconds: Width of the periods.
    """
    if len(invocations) != len(duration):
        return Series(np.empty(0), np.empty(0, dtype="datetime64[s]"))
    calls = invocations.values * (3600 / period_seconds)
    lasting = np.where(calls > 0, duration.values, 0.0)

    # Both terms are linear in the calls: the price of one, and that of a millisecond of one.
    def price(duration_ms: float) -> float:
        return hourly_cost(
            1.0, duration_ms, memory_mib=limits.memory_mib, architecture=limits.architecture
        )

    each = price(0.0)
    lasts = price(1.0) - each
    return Series(calls * (each + lasting * lasts), invocations.timestamps)


def newest_cost(signals: Mapping[Signal, Series]) -> float | None:
    """USD an hour of the newest period, or of the newest minute that is whole; None if unknown.

    The newest minute of a close look may still be arriving: the higher of the last two counts.
    """
    cost = signals.get(Signal.COST, Series.empty())
    if not len(cost):
        return None
    is_close = len(cost) > 1 and cost.timestamps[-1] - cost.timestamps[-2] <= _A_MINUTE
    newest = cost.values[-2:] if is_close else cost.values[-1:]
    known = newest[~np.isnan(newest)]
    return float(known.max()) if known.size else None
