"""What a function's invocations cost an hour, at list price."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.profile import Limits
from functions.anomaly_detector.series import Series
from functions.shared.prices import prices

_MIB_PER_GIB: Final = 1024


def hourly_cost(
    invocations_per_hour: float,
    average_duration_ms: float,
    *,
    memory_mib: int,
    architecture: str = "x86_64",
) -> float:
    """Estimate USD an hour: requests, plus GB-seconds of their duration.

    Formula: Lambda pricing page, `requests x price + seconds x GB x price`, without the free tier,
    in the region that the data file names.
    """
    return float(
        _cost(
            np.array([invocations_per_hour]),
            np.array([average_duration_ms]),
            memory_mib,
            architecture,
        )[0]
    )


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
    return Series(
        _cost(calls, lasting, limits.memory_mib, limits.architecture), invocations.timestamps
    )


def _cost(
    calls: NDArray[np.float64], average_ms: NDArray[np.float64], memory_mib: int, architecture: str
) -> NDArray[np.float64]:
    known = prices()
    per_gb_second = known.lambda_usd_per_gb_second
    rate = per_gb_second.get(architecture, per_gb_second["x86_64"])
    gigabyte_seconds = average_ms / 1000 * memory_mib / _MIB_PER_GIB
    per_request = known.lambda_usd_per_million_requests / 1_000_000
    cost: NDArray[np.float64] = calls * (per_request + gigabyte_seconds * rate)
    return cost
