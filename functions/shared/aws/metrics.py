"""GetMetricData: the one reader of metrics.

A request takes at most 500 queries and is priced per metric, however many points come back; up to
five statistics of one metric in one request are priced as one metric (CloudWatch API reference,
GetMetricData; CloudWatch pricing).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from functions.shared.aws.observability import count_metrics_read

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

_QUERIES_PER_REQUEST: Final = 500
_WHOLE: Final = "Complete"

Points = dict[datetime, float]


class IncompleteMetricsError(RuntimeError):
    """CloudWatch answered only in part; what is missing must not be taken for nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Statistic:
    """One statistic of one metric.

    Attributes:
        namespace: Namespace of the metric, such as `AWS/Lambda`.
        metric: Its name.
        statistic: How its samples are summed up over a period.
        dimensions: Names and values of its dimensions.
    """

    namespace: str
    metric: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @property
    def price(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What is paid for: statistics with the same are one metric."""
        return self.namespace, self.metric, self.dimensions


@dataclass(slots=True)
class Answer:
    """What CloudWatch told of one statistic.

    Attributes:
        points: Values by the start of their period; periods without samples are absent.
        status: CloudWatch's word on whether that is all.
    """

    points: Points = field(default_factory=dict)
    status: str = "no answer"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, so that an absent period had no samples."""
        return self.status == _WHOLE


def read_metrics(
    client: "CloudWatchClient",
    asked: Iterable[Statistic],
    *,
    start: datetime,
    end: datetime,
    period: timedelta,
) -> dict[Statistic, Answer]:
    """Read statistics with as few requests, and for as few prices, as CloudWatch allows.

    Args:
        client: CloudWatch.
        asked: What to read.
        start: First period, aware.
        end: End of the last period, aware.
        period: Width of the periods.

    Returns:
        An answer for each, in the order of asking; look whether it is whole.

    Raises:
        ClientError: CloudWatch could not answer.
    """
    answers = {one: Answer() for one in asked}
    for batch in _batches(answers):
        ids = {f"q{index}": one for index, one in enumerate(batch)}
        count_metrics_read(len({one.price for one in batch}))
        pages = client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[_query(id_, one, period) for id_, one in ids.items()],
            StartTime=start,
            EndTime=end,
            ScanBy="TimestampAscending",
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                answer = answers[ids[result.get("Id", "")]]
                answer.status = result.get("StatusCode", _WHOLE)
                answer.points.update(
                    zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
                )
    return answers


def read_whole(
    client: "CloudWatchClient",
    asked: Iterable[Statistic],
    *,
    start: datetime,
    end: datetime,
    period: timedelta,
) -> dict[Statistic, Points]:
    """Read statistics, all of them or none; see `read_metrics`.

    Raises:
        IncompleteMetricsError: An answer was marked as failed or stayed partial.
        ClientError: CloudWatch could not answer.
    """
    answers = read_metrics(client, asked, start=start, end=end, period=period)
    require_whole(answers.values())
    return {one: answer.points for one, answer in answers.items()}


def require_whole(answers: Iterable[Answer]) -> None:
    """Refuse answers of which a part is missing.

    Raises:
        IncompleteMetricsError: One is not whole; names what CloudWatch said.
    """
    if codes := sorted({one.status for one in answers if not one.is_whole}):
        raise IncompleteMetricsError(f"GetMetricData ended with {', '.join(codes)}")


def _batches(asked: Iterable[Statistic]) -> Iterator[list[Statistic]]:
    """The statistics of one metric stay together, which is what makes them one price."""
    together: dict[object, list[Statistic]] = {}
    for one in asked:
        together.setdefault(one.price, []).append(one)
    batch: list[Statistic] = []
    for statistics in together.values():
        if len(batch) + len(statistics) > _QUERIES_PER_REQUEST:
            yield batch
            batch = []
        batch += statistics
    if batch:
        yield batch


def _query(query_id: str, one: Statistic, period: timedelta) -> "MetricDataQueryTypeDef":
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": one.namespace,
                "MetricName": one.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in one.dimensions],
            },
            "Period": int(period.total_seconds()),
            "Stat": one.statistic,
        },
    }
