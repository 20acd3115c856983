"""Reading the few metrics that the guard decides by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.shared.aws.metrics import Points, Statistic, read_whole

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient


@dataclass(frozen=True, slots=True, order=True)
class Measure:
    """One metric of one function.

    Attributes:
        function: Name of the function; empty for a metric of the whole account.
        metric: Name of the metric in AWS/Lambda.
        statistic: How its samples are summed up over a period.
    """

    function: str
    metric: str
    statistic: str

    @property
    def as_statistic(self) -> Statistic:
        """What CloudWatch knows it as."""
        dimensions = (("FunctionName", self.function),) if self.function else ()
        return Statistic("AWS/Lambda", self.metric, self.statistic, dimensions)


def read(
    client: "CloudWatchClient",
    measures: Sequence[Measure],
    *,
    start: datetime,
    end: datetime,
    period: timedelta,
) -> dict[Measure, Points]:
    """Read values by the start of their period; periods without samples are absent.

    Args:
        client: CloudWatch.
        measures: What to read; priced by their number.
        start: First period, aware.
        end: End of the last period, aware.
        period: Width of the periods.

    Raises:
        IncompleteMetricsError: An answer was marked as failed or stayed partial.
        ClientError: CloudWatch could not answer.
    """
    asked = {one: one.as_statistic for one in measures}
    found = read_whole(client, asked.values(), start=start, end=end, period=period)
    return {one: found[statistic] for one, statistic in asked.items()}
