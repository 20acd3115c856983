"""A CloudWatch that answers from simulated series and counts what it would bill.

It keeps to the limits of the API (500 queries and 100,800 points a request, pages of 500 metrics)
and to its prices: up to five statistics of one metric in one request are one metric.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Protocol

MOST_QUERIES: Final = 500
MOST_POINTS: Final = 100_800
STATISTICS_FOR_ONE_PRICE: Final = 5
_LIST_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One statistic of one metric.

    Attributes:
        namespace: CloudWatch namespace.
        metric: Its metric.
        function: The function's name; empty for all of them together.
        statistic: How samples are summed up.
        period: Width of the periods, in seconds.
    """

    namespace: str
    metric: str
    function: str
    statistic: str
    period: int


class MetricSource(Protocol):
    """What there is to be told."""

    def publishers(self, namespace: str, metric: str) -> Sequence[str]:
        """Functions of which the metric was published within the last three hours."""

    def points(self, asked: Asked, start: int, end: int) -> Sequence[tuple[int, float]]:
        """Epoch second and value of the periods from `start` to `end` (exclusive) with data."""


@dataclass(slots=True)
class Bill:
    """What was asked for.

    Attributes:
        requests: GetMetricData requests, pages included.
        metrics: Metrics that they are billed as.
        points: Values that came back.
        listings: ListMetrics requests, pages included.
        by_metric: Billed metrics by name.
    """

    requests: int = 0
    metrics: int = 0
    points: int = 0
    listings: int = 0
    by_metric: dict[str, int] = field(default_factory=dict)


class SimulatedCloudWatch:
    """Stands in for boto3's client, as far as the anomaly-detector uses it."""

    def __init__(self, source: MetricSource) -> None:
        self.bill = Bill()
        self._source = source

    def get_paginator(self, operation: str) -> "_Paginator":
        """Like the client's own."""
        return _Paginator(self, operation)

    def get_metric_data(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Answer one request, page by page."""
        queries = request["MetricDataQueries"]
        assert 0 < len(queries) <= MOST_QUERIES, f"{len(queries)} queries in one request"
        self._charge(queries)
        start, end = int(request["StartTime"].timestamp()), int(request["EndTime"].timestamp())
        page: list[dict[str, Any]] = []
        room = MOST_POINTS
        for query in queries:
            found = self._source.points(_asked(query), start, end)
            if len(found) > room and page:
                yield self._page(page)
                page, room = [], MOST_POINTS
            room -= len(found)
            page.append(
                {
                    "Id": query["Id"],
                    "StatusCode": "Complete",
                    "Timestamps": [_moment(at) for at, _ in found],
                    "Values": [value for _, value in found],
                }
            )
        yield self._page(page)

    def list_metrics(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Answer one request, page by page."""
        assert request["RecentlyActive"] == "PT3H"
        dimension = "function_name" if request["Namespace"] == "LambdaInsights" else "FunctionName"
        names = self._source.publishers(request["Namespace"], request["MetricName"])
        for at in range(0, max(len(names), 1), _LIST_PAGE):
            self.bill.listings += 1
            yield {
                "Metrics": [
                    {"Dimensions": [{"Name": dimension, "Value": name}]}
                    for name in names[at : at + _LIST_PAGE]
                ]
            }

    def _page(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        self.bill.requests += 1
        self.bill.points += sum(len(result["Values"]) for result in results)
        return {"MetricDataResults": results}

    def _charge(self, queries: Sequence[Mapping[str, Any]]) -> None:
        statistics: dict[tuple[str, str, str], int] = {}
        for query in queries:
            one = _asked(query)
            key = (one.namespace, one.metric, one.function)
            statistics[key] = statistics.get(key, 0) + 1
        for (_, metric, function), count in statistics.items():
            billed = -(-count // STATISTICS_FOR_ONE_PRICE)
            self.bill.metrics += billed
            name = metric if function else f"{metric} of the account"
            self.bill.by_metric[name] = self.bill.by_metric.get(name, 0) + billed


@dataclass(frozen=True, slots=True)
class _Paginator:
    client: SimulatedCloudWatch
    operation: str

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        answers = {
            "get_metric_data": self.client.get_metric_data,
            "list_metrics": self.client.list_metrics,
        }
        return answers[self.operation](request)


def _asked(query: Mapping[str, Any]) -> Asked:
    stat = query["MetricStat"]
    metric = stat["Metric"]
    names = [one["Value"] for one in metric["Dimensions"]]
    return Asked(
        namespace=metric["Namespace"],
        metric=metric["MetricName"],
        function=names[0] if names else "",
        statistic=stat["Stat"],
        period=stat["Period"],
    )


@cache
def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
