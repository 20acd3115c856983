"""What a function's invocations cost an hour in each period, at list price. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.cost.lambda_price import hourly_cost

_A_MINUTE: Final = np.timedelta64(60, "s")
# Source: AWS Lambda developer guide, "Configure Lambda function memory".
_LEAST_MEMORY: Final = 128
_CHEAPEST: Final = "arm64"
_A_SECOND: Final = 1000.0


def cost_series(
    invocations: Series, duration: Series, limits: FunctionLimits | None, *, period_seconds: int
) -> Series:
    """USD an hour in each period, as if its pace lasted; 0 where nothing was invoked.

    Args:
        invocations: Counts.
        duration: Average durations on the same grid, in milliseconds.
        limits: Memory and architecture, which set the price of a second; None while unknown: then
            the price of the smallest and cheapest, which it costs at least.
        period_seconds: Width of the periods.
    """
    if len(invocations) != len(duration):
        return Series(np.empty(0), np.empty(0, dtype="datetime64[s]"))
    calls = invocations.values * (3600 / period_seconds)
    lasting = np.where(calls > 0, np.nan_to_num(duration.values), 0.0)
    memory = limits.memory_mib if limits else _LEAST_MEMORY
    architecture = limits.architecture if limits else _CHEAPEST

    # Both terms are linear in the calls: the price of one, and that of a millisecond of one.
    def price(duration_ms: float) -> float:
        return hourly_cost(1.0, duration_ms, memory_mib=memory, architecture=architecture)

    each = price(0.0)
    lasts = price(1.0) - each
    return Series(calls * (each + lasting * lasts), invocations.timestamps)


def load_series(invocations: Series, duration: Series, *, period_seconds: int) -> Series:
    """Executions at once on average in each period (Little's law); 0 where nothing was invoked.

    Args:
        invocations: Counts.
        duration: Average durations on the same grid, in milliseconds.
        period_seconds: Width of the periods.
    """
    if len(invocations) != len(duration):
        return Series.empty()
    busy = invocations.values * np.nan_to_num(duration.values)
    return Series(busy / (1000.0 * period_seconds), invocations.timestamps)


def derived(
    signals: Mapping[Signal, Series], limits: FunctionLimits | None, *, period_seconds: int
) -> dict[Signal, Series]:
    """What follows from the calls and their durations: the cost and the load.

    Where the average duration is not known, the median stands in for it; where that is not known
    either, a second for each call, so that a flood of calls is no less of one.
    """
    calls = signals.get(Signal.INVOCATIONS)
    lasting = signals.get(Signal.DURATION, signals.get(Signal.DURATION_P50))
    if calls is None or not len(calls):
        return {}
    if lasting is None or len(lasting) != len(calls):
        lasting = Series(np.full(len(calls), _A_SECOND), calls.timestamps)
    return {
        Signal.COST: cost_series(calls, lasting, limits, period_seconds=period_seconds),
        Signal.LOAD: load_series(calls, lasting, period_seconds=period_seconds),
    }


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
