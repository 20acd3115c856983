"""Reading the few metrics that the guard decides by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from functions.shared.aws.observability import count_metrics_read

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricDataQueryTypeDef

_NAMESPACE: Final = "AWS/Lambda"
_QUERIES_PER_REQUEST: Final = 500


class IncompleteMetricsError(RuntimeError):
    """CloudWatch answered only in part; what is missing must not be taken for nothing."""


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


def read(
    client: "CloudWatchClient",
    measures: Sequence[Measure],
    *,
    start: datetime,
    end: datetime,
    period: timedelta,
) -> dict[Measure, dict[datetime, float]]:
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
    values: dict[Measure, dict[datetime, float]] = {one: {} for one in measures}
    for start_at in range(0, len(measures), _QUERIES_PER_REQUEST):
        batch = measures[start_at : start_at + _QUERIES_PER_REQUEST]
        ids = {f"q{number}": one for number, one in enumerate(batch)}
        for one, at, value in _fetch(client, ids, start, end, period):
            values[one][at] = value
    return values


def _fetch(
    client: "CloudWatchClient",
    ids: Mapping[str, Measure],
    start: datetime,
    end: datetime,
    period: timedelta,
) -> Iterator[tuple[Measure, datetime, float]]:
    queries = [_query(query_id, one, period) for query_id, one in ids.items()]
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries, StartTime=start, EndTime=end, ScanBy="TimestampAscending"
    )
    count_metrics_read(len(queries))
    status = dict.fromkeys(ids, "no answer")
    for page in pages:
        for result in page["MetricDataResults"]:
            query_id = result.get("Id", "")
            status[query_id] = result.get("StatusCode", "Complete")
            for at, value in zip(
                result.get("Timestamps", []), result.get("Values", []), strict=True
            ):
                yield ids[query_id], at, value
    if failed := sorted({code for code in status.values() if code != "Complete"}):
        raise IncompleteMetricsError(f"GetMetricData ended with {', '.join(failed)}")


def _query(query_id: str, one: Measure, period: timedelta) -> "MetricDataQueryTypeDef":
    dimensions: list[DimensionTypeDef] = (
        [{"Name": "FunctionName", "Value": one.function}] if one.function else []
    )
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": _NAMESPACE,
                "MetricName": one.metric,
                "Dimensions": dimensions,
            },
            "Period": int(period.total_seconds()),
            "Stat": one.statistic,
        },
    }
