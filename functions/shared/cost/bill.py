"""From what Warden used to what that costs. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.cost.list_prices import Prices

_HOURS_A_MONTH: Final = 730
_MILLION: Final = 1_000_000
_BYTES_A_GB: Final = 1024**3


class Used(StrEnum):
    """Something that Warden uses; the value is what a person calls it."""

    REQUESTS = "invocations"
    ARM_SECONDS = "GB-seconds on arm64"
    X86_SECONDS = "GB-seconds on x86_64"
    METRICS_READ = "metrics read"
    ALARMS = "alarms"
    DASHBOARDS = "dashboards"
    KEYS = "keys"
    LOGS = "bytes of logs"
    TABLE_WRITES = "writes to the table"
    TABLE_READS = "reads of the table"
    QUEUE_REQUESTS = "requests to queues"
    PUBLISHED = "messages published"


Usage = Mapping[Used, Reading[float]]
"""What was used in a period. Alarms, dashboards and keys are as many as there are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill.

    Attributes:
        what: What was used.
        quantity: How much, or why that is not known.
        usd: What it costs; None while the quantity is not known.
    """

    what: Used
    quantity: Reading[float]
    usd: float | None

    @property
    def shown(self) -> str:
        """The quantity and its unit in words."""
        if isinstance(self.quantity, Unknown):
            return f"{self.what.value}: not known ({self.quantity.cause})"
        if self.what is Used.LOGS:
            return f"{self.quantity.value / _BYTES_A_GB:,.2f} GB of logs"
        number = f"{self.quantity.value:,.0f}"
        return f"{number} {self.what.value.removesuffix('s') if number == '1' else self.what.value}"


@dataclass(frozen=True, slots=True)
class Bill:
    """What Warden cost in a period.

    Attributes:
        lines: What it used, the dearest first.
        covers: How long the period is.
        as_of: When the prices were read, and of which region they are.
    """

    lines: tuple[Line, ...]
    covers: timedelta
    as_of: str

    @property
    def usd(self) -> float:
        """The sum of what is known."""
        return sum(line.usd or 0.0 for line in self.lines)

    @property
    def usd_a_month(self) -> float:
        """The same, as a month of such use would cost."""
        return self.a_month(self.usd)

    def a_month(self, usd: float) -> float:
        """What a part of the sum would be in a month of such use."""
        hours = self.covers.total_seconds() / 3600
        return usd * _HOURS_A_MONTH / hours if hours else 0.0

    @property
    def unknown(self) -> tuple[Line, ...]:
        """What could not be read, and is therefore missing in the sum."""
        return tuple(line for line in self.lines if line.usd is None)

    @property
    def summary(self) -> str:
        """One sentence."""
        least = "at least " if self.unknown else ""
        return (
            f"{least}USD {self.usd:,.2f} at list prices ({self.as_of}), "
            f"about {self.usd_a_month:,.0f} a month at this rate"
        )


NOT_INCLUDED: Final = (
    "what is stored in the table, the bucket and the logs",
    "requests to S3",
    "e-mails and text messages that SNS delivers",
    "events on a bus of your own, Security Hub and traces",
    "taxes and discounts; the free tier is not taken off",
)
"""What no metric tells, said wherever a bill is shown."""


def bill(usage: Usage, covers: timedelta, prices: Prices) -> Bill:
    """Price what was used.

    Args:
        usage: How much of each thing; what is absent was not used.
        covers: How long the period is; alarms, dashboards and keys are priced by the month.
        prices: List prices.
    """
    months = covers.total_seconds() / 3600 / _HOURS_A_MONTH
    rates = _rates(prices, months)
    lines = [_line(what, usage[what], rates[what]) for what in Used if what in usage]
    ordered = sorted(lines, key=lambda line: (line.usd is not None, -(line.usd or 0.0)))
    return Bill(tuple(ordered), covers, f"{prices.region}, {prices.as_of}")


def _rates(prices: Prices, months: float) -> Mapping[Used, Callable[[float], float]]:

    def per(unit: float, usd: float) -> Callable[[float], float]:
        return lambda quantity: quantity / unit * usd

    return {
        Used.REQUESTS: per(_MILLION, prices.lambda_usd_per_million_requests),
        Used.ARM_SECONDS: per(1, prices.lambda_usd_per_gb_second["arm64"]),
        Used.X86_SECONDS: per(1, prices.lambda_usd_per_gb_second["x86_64"]),
        Used.METRICS_READ: per(1000, prices.cloudwatch_usd_per_thousand_metrics_read),
        Used.ALARMS: per(1, prices.cloudwatch_usd_per_alarm_month * months),
        Used.DASHBOARDS: per(1, prices.cloudwatch_usd_per_dashboard_month * months),
        Used.KEYS: per(1, prices.kms_usd_per_key_month * months),
        Used.LOGS: per(_BYTES_A_GB, prices.logs_usd_per_gb_ingested),
        Used.TABLE_WRITES: per(_MILLION, prices.dynamodb_usd_per_million_writes),
        Used.TABLE_READS: per(_MILLION, prices.dynamodb_usd_per_million_reads),
        Used.QUEUE_REQUESTS: per(_MILLION, prices.sqs_usd_per_million_requests),
        Used.PUBLISHED: per(_MILLION, prices.sns_usd_per_million_publishes),
    }


def _line(what: Used, quantity: Reading[float], price: Callable[[float], float]) -> Line:
    usd = price(quantity.value) if isinstance(quantity, Known) else None
    return Line(what, quantity, usd)
