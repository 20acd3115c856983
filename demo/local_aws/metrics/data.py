"""GetMetricData over stored points: queries in, pages of results out.

Limits are those of the CloudWatch API reference: 500 queries a request, 100,800 points
an answer. Metric math is refused, not guessed.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from demo.local_aws.metrics.statistic import Point, is_statistic, periods

MAX_QUERIES = 500
MAX_POINTS = 100_800

Fields = dict[str, Any]
PointsReader = Callable[[str, str, Mapping[str, str]], Iterable[Point]]
"""Gives the points of the metric with a namespace, a name and exactly some dimensions."""


class ValidationError(ValueError):
    """A request that CloudWatch, or this emulation, does not accept."""


def metric_data(asked: Mapping[str, Any], points: PointsReader) -> Fields:
    """Answer a GetMetricData request; times are epoch seconds.

    A page holds as many whole results as fit into its points, and at least one.

    Raises:
        ValidationError: too many queries, a missing time, metric math or an unknown
            statistic.
    """
    queries = asked.get("MetricDataQueries") or []
    if len(queries) > MAX_QUERIES:
        raise ValidationError(f"MetricDataQueries: at most {MAX_QUERIES} are allowed")
    span = _time(asked, "StartTime"), _time(asked, "EndTime")
    newest_first = asked.get("ScanBy") != "TimestampAscending"
    room = min(int(asked.get("MaxDatapoints") or MAX_POINTS), MAX_POINTS)
    results: list[Fields] = []
    for index in range(int(str(asked.get("NextToken") or "0")), len(queries)):
        result = _result(queries[index], points, span, newest_first=newest_first)
        room -= len(result["Values"])
        if room < 0 and results:
            return {"MetricDataResults": results, "NextToken": str(index), "Messages": []}
        if queries[index].get("ReturnData", True):
            results.append(result)
    return {"MetricDataResults": results, "Messages": []}


def _result(
    query: Mapping[str, Any], points: PointsReader, span: tuple[float, float], *, newest_first: bool
) -> Fields:
    stat = query.get("MetricStat")
    if not isinstance(stat, dict):
        raise ValidationError("MetricStat: needed; metric math is not emulated")
    metric, name = stat.get("Metric") or {}, str(stat.get("Stat") or "")
    if not is_statistic(name):
        raise ValidationError(f"Stat: {name} is not emulated")
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
    found = points(str(metric.get("Namespace")), str(metric.get("MetricName")), dimensions)
    gathered = periods(
        found, int(stat.get("Period") or 60), *span, with_samples=name.startswith("p")
    )
    rows = [(begin, period.statistic(name)) for begin, period in gathered.items()]
    if newest_first:
        rows.reverse()
    return {
        "Id": str(query.get("Id")),
        "Label": str(query.get("Label") or metric.get("MetricName")),
        "Timestamps": [begin for begin, _ in rows],
        "Values": [value for _, value in rows],
        "StatusCode": "Complete",
    }


def _time(asked: Mapping[str, Any], name: str) -> float:
    value = asked.get(name)
    if not isinstance(value, int | float):
        raise ValidationError(f"{name}: needed, in epoch seconds")
    return float(value)
