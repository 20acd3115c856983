"""What a function's invocations cost an hour, at list price."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).parent / "data" / "prices.json"
_MIB_PER_GIB: Final = 1024


@cache
def _prices() -> dict[str, Any]:
    prices: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return prices


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
    prices = _prices()
    per_gb_second = prices["usd_per_gb_second"]
    rate = per_gb_second.get(architecture, per_gb_second["x86_64"])
    gigabyte_seconds = average_duration_ms / 1000 * memory_mib / _MIB_PER_GIB
    per_request = prices["usd_per_million_requests"] / 1_000_000
    return float(invocations_per_hour * (per_request + gigabyte_seconds * rate))
