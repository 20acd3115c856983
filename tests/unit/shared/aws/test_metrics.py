"""The one reader of GetMetricData: few requests, few prices, and no part taken for the whole."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from functions.shared.aws import metrics
from functions.shared.aws.metrics import IncompleteMetricsError, Statistic, read_metrics, read_whole
from tests.unit.conftest import NOW

START, PERIOD = NOW - timedelta(hours=1), timedelta(minutes=5)


class CloudWatch:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, *pages: Sequence[dict[str, Any]]) -> None:
        self.pages = pages
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> "CloudWatch":
        assert operation == "get_metric_data"
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(request)
        whole = [
            {"Id": one["Id"], "StatusCode": "Complete", "Timestamps": [START], "Values": [1.0]}
            for one in request["MetricDataQueries"]
        ]
        for results in self.pages or [whole]:
            yield {"MetricDataResults": results}


def statistic(function: str = "orders", name: str = "Sum") -> Statistic:
    return Statistic("AWS/Lambda", "Duration", name, (("FunctionName", function),))


def read(cloudwatch: CloudWatch, *asked: Statistic) -> dict[Statistic, metrics.Answer]:
    client: Any = cloudwatch
    return read_metrics(client, asked, start=START, end=NOW, period=PERIOD)


def test_requests_are_full_and_statistics_of_one_metric_share_one_price(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prices: list[int] = []
    monkeypatch.setattr(metrics, "count_metrics_read", prices.append)
    cloudwatch = CloudWatch()
    # Asked for one statistic after the other, as nobody would who thinks of the price.
    asked = [statistic(f"f{n}", name) for name in ("Sum", "Maximum", "p99") for n in range(300)]
    answers = read(cloudwatch, *asked)
    assert list(answers) == asked
    assert all(one.is_whole and one.points == {START: 1.0} for one in answers.values())
    sizes = [len(request["MetricDataQueries"]) for request in cloudwatch.asked]
    assert (sizes, sum(prices)) == ([498, 402], 300)


def test_what_is_asked_for_twice_is_read_once() -> None:
    cloudwatch = CloudWatch()
    read(cloudwatch, statistic(), statistic())
    assert len(cloudwatch.asked[0]["MetricDataQueries"]) == 1


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    cloudwatch = CloudWatch()
    assert read(cloudwatch) == {}
    assert cloudwatch.asked == []


def test_pages_are_put_together_and_the_last_word_counts() -> None:
    later = START + PERIOD
    cloudwatch = CloudWatch(
        [{"Id": "q0", "StatusCode": "PartialData", "Timestamps": [START], "Values": [1.0]}],
        [{"Id": "q0", "StatusCode": "Complete", "Timestamps": [later], "Values": [2.0]}],
    )
    (answer,) = read(cloudwatch, statistic()).values()
    assert (answer.points, answer.is_whole) == ({START: 1.0, later: 2.0}, True)


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([{"Id": "q0", "StatusCode": "InternalError"}], "InternalError"),
        ([{"Id": "q0", "StatusCode": "PartialData"}], "PartialData"),
        ([], "no answer"),
    ],
)
def test_a_part_is_not_taken_for_the_whole(results: list[dict[str, Any]], complaint: str) -> None:
    client: Any = CloudWatch(results)
    with pytest.raises(IncompleteMetricsError, match=complaint):
        read_whole(client, [statistic()], start=START, end=NOW, period=PERIOD)
