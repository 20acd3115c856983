"""What a function's invocations cost, at list price."""

from typing import Final

from functions.shared.cost.list_prices import prices

_MIB_PER_GIB: Final = 1024


def cost(
    invocations: float, duration_ms: float, *, memory_mib: int, architecture: str = "x86_64"
) -> float:
    """Estimate USD: requests, plus GB-seconds.

    Formula: Lambda pricing page, `requests x price + seconds x GB x price`, without the free tier,
    in the region that the data file names.

    Args:
        invocations: How many there were.
        duration_ms: How long all of them took together.
        memory_mib: The function's memory.
        architecture: `arm64` or `x86_64`; others are priced as the latter, which costs more.
    """
    known = prices()
    per_gb_second = known.lambda_usd_per_gb_second
    rate = per_gb_second.get(architecture, per_gb_second["x86_64"])
    gigabyte_seconds = duration_ms / 1000 * memory_mib / _MIB_PER_GIB
    per_request = known.lambda_usd_per_million_requests / 1_000_000
    return float(invocations * per_request + gigabyte_seconds * rate)


def hourly_cost(
    invocations_per_hour: float,
    average_duration_ms: float,
    *,
    memory_mib: int,
    architecture: str = "x86_64",
) -> float:
    """Estimate USD an hour; see `cost`."""
    return cost(
        invocations_per_hour,
        invocations_per_hour * average_duration_ms,
        memory_mib=memory_mib,
        architecture=architecture,
    )
