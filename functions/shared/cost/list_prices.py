"""AWS's list prices, from one dated data file: for cost estimates in alerts and measurements."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

_FILE: Final = Path(__file__).parent / "data" / "prices.json"


class Prices(BaseModel):
    """What things cost in one region, in USD, without the free tier.

    Attributes:
        source: Where the prices stand.
        as_of: The day they were looked up.
        region: The region they are for; others differ by some percent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    as_of: str
    region: str
    lambda_usd_per_million_requests: float
    lambda_usd_per_gb_second: dict[str, float]
    cloudwatch_usd_per_thousand_metrics_read: float
    cloudwatch_usd_per_thousand_requests: float
    cloudwatch_usd_per_dashboard_month: float
    cloudwatch_usd_per_alarm_month: float
    cloudwatch_usd_per_anomaly_alarm_month: float
    logs_usd_per_gb_ingested: float
    logs_usd_per_gb_month: float
    logs_usd_per_gb_scanned: float
    xray_usd_per_million_traces_recorded: float
    xray_usd_per_million_traces_read: float
    dynamodb_usd_per_million_writes: float
    dynamodb_usd_per_million_reads: float
    dynamodb_usd_per_gb_month: float
    s3_usd_per_million_puts: float
    s3_usd_per_million_gets: float
    s3_usd_per_gb_month: float
    sqs_usd_per_million_requests: float
    eventbridge_usd_per_million_custom_events: float
    kms_usd_per_key_month: float
    sns_usd_per_million_publishes: float
    sns_usd_per_hundred_thousand_emails: float


@cache
def prices() -> Prices:
    """The prices, read once."""
    return Prices.model_validate_json(_FILE.read_text(encoding="utf-8"))
