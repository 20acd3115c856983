"""Reading the detector's signals from CloudWatch.

GetMetricData takes at most 500 queries a request and is priced per metric requested, however many
points come back (CloudWatch API reference, GetMetricData; CloudWatch pricing).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from functions.anomaly_detector.series import Series, regular
from functions.anomaly_detector.signals import METRICS, NAMESPACE, Signal
from functions.shared.arn import is_function_name
from functions.shared.observability import count_metrics_read

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

_QUERIES_PER_REQUEST: Final = 500


class IncompleteMetricsError(RuntimeError):
    """CloudWatch answered only in part; judging the rest would call missing data quiet."""


def active_functions(client: "CloudWatchClient") -> list[str]:
    """Names of the functions that published metrics within the last three hours.

    Replicas of Lambda@Edge functions, whose names start with another region, are not among them:
    their settings and their bill are that region's.
    """
    pages = client.get_paginator("list_metrics").paginate(
        Namespace=NAMESPACE, MetricName="Invocations", RecentlyActive="PT3H"
    )
    names = {
        dimensions[0].get("Value", "")
        for page in pages
        for metric in page["Metrics"]
        if len(dimensions := metric.get("Dimensions", [])) == 1
        and dimensions[0].get("Name") == "FunctionName"
    }
    return sorted(filter(is_function_name, names))


def read_signals(
    client: "CloudWatchClient",
    names: Sequence[str],
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> dict[str, dict[Signal, Series]]:
    """Read every signal of some functions on a regular grid.

    Args:
        client: CloudWatch.
        names: Function names.
        start: First period, aware.
        end: End of the last complete period, aware.
        period_seconds: Grid width; CloudWatch aligns its periods to it.

    Returns:
        For each function its series by signal; empty series where CloudWatch knows nothing.

    Raises:
        IncompleteMetricsError: An answer was marked as failed or stayed partial.
    """
    points: dict[tuple[str, Signal], dict[datetime, float]] = {
        (name, signal): {} for name in names for signal in METRICS
    }
    for batch in _batches(points, _QUERIES_PER_REQUEST):
        ids = {f"q{index}": key for index, key in enumerate(batch)}
        for query_id, at, value in _fetch(client, ids, start, end, period_seconds):
            points[ids[query_id]][at] = value
    return {
        name: {
            signal: regular(
                points[name, signal],
                start=start,
                end=end,
                period_seconds=period_seconds,
                absent_means_zero=metric.absent_means_zero,
            )
            for signal, metric in METRICS.items()
        }
        for name in names
    }


def _fetch(
    client: "CloudWatchClient",
    ids: Mapping[str, tuple[str, Signal]],
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> Iterator[tuple[str, datetime, float]]:
    queries = [
        _query(query_id, name, signal, period_seconds) for query_id, (name, signal) in ids.items()
    ]
    count_metrics_read(len(queries))
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries, StartTime=start, EndTime=end, ScanBy="TimestampAscending"
    )
    status: dict[str, str] = {}
    for page in pages:
        for result in page["MetricDataResults"]:
            query_id = result.get("Id", "")
            status[query_id] = result.get("StatusCode", "Complete")
            for at, value in zip(
                result.get("Timestamps", []), result.get("Values", []), strict=True
            ):
                yield query_id, at, value
    status = dict.fromkeys(ids, "no answer") | status
    if failed := sorted({code for code in status.values() if code != "Complete"}):
        raise IncompleteMetricsError(f"GetMetricData ended with {', '.join(failed)}")


def _query(
    query_id: str, name: str, signal: Signal, period_seconds: int
) -> "MetricDataQueryTypeDef":
    metric = METRICS[signal]
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": NAMESPACE,
                "MetricName": metric.name,
                "Dimensions": [{"Name": "FunctionName", "Value": name}],
            },
            "Period": period_seconds,
            "Stat": metric.statistic,
        },
    }


def _batches(keys: Iterable[tuple[str, Signal]], size: int) -> Iterator[list[tuple[str, Signal]]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, size)):
        yield batch
