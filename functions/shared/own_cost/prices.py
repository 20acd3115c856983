"""List prices of what Warden uses, from the data file that says where and when they were read."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

_FILE: Final = Path(__file__).parent.parent / "data" / "prices.json"


class OwnPrices(BaseModel):
    """Prices in USD; months are of 730 hours, as AWS counts them."""

    model_config = ConfigDict(frozen=True)

    usd_per_thousand_metrics_read: float
    usd_per_custom_metric_month: float
    usd_per_alarm_month: float
    usd_per_dashboard_month: float
    usd_per_gb_of_logs: float
    usd_per_million_table_writes: float
    usd_per_million_table_reads: float
    usd_per_million_queue_requests: float
    usd_per_million_published_messages: float
    sources: tuple[str, ...]


class Prices(BaseModel):
    """The data file.

    Attributes:
        source: Where the prices of Lambda were read.
        as_of: When all of them were read.
        region: The region that they are of.
        usd_per_million_requests: Lambda's price of a million requests.
        usd_per_gb_second: Lambda's price of a second with one GiB, by processor.
        own_cost: Prices of everything else.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    as_of: str
    region: str
    usd_per_million_requests: float
    usd_per_gb_second: dict[str, float]
    own_cost: OwnPrices


@cache
def prices() -> Prices:
    """The prices."""
    return Prices.model_validate_json(_FILE.read_text(encoding="utf-8"))
