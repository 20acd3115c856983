from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.local_aws.metrics.data import MAX_POINTS, ValidationError, metric_data
from demo.local_aws.metrics.statistic import Point, percentile, periods


def value(time: float, amount: float, number: float = 1.0) -> Point:
    return Point(time, number, amount * number, amount, amount)


def asked(*stats: str, **changes: Any) -> dict[str, Any]:
    metric = {"Namespace": "N", "MetricName": "M"}
    queries = [
        {"Id": f"q{place}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}
        for place, stat in enumerate(stats)
    ]
    return {"MetricDataQueries": queries, "StartTime": 0.0, "EndTime": 600.0, **changes}


def three(_namespace: str, _name: str, _dimensions: Mapping[str, str]) -> list[Point]:
    return [value(0, 1), value(59, 3, 3), value(61, 5), value(600, 99)]


def test_points_are_summed_up_by_period_and_the_end_is_left_out() -> None:
    answer = metric_data(asked("Sum", "Average", "SampleCount", "Minimum", "Maximum"), three)

    assert answer["MetricDataResults"][0]["Timestamps"] == [60, 0]
    assert [one["Values"] for one in answer["MetricDataResults"]] == [
        [5.0, 10.0],
        [5.0, 2.5],
        [1.0, 4.0],
        [5.0, 1.0],
        [5.0, 3.0],
    ]


def test_oldest_first_when_asked() -> None:
    answer = metric_data(asked("Sum", ScanBy="TimestampAscending"), three)

    assert answer["MetricDataResults"][0]["Timestamps"] == [0, 60]


def test_pages_hold_whole_results_and_miss_none() -> None:
    request = asked(*["Sum"] * 5, MaxDatapoints=4)
    seen: list[str] = []
    token = None
    while True:
        page = metric_data({**request, **({"NextToken": token} if token else {})}, three)
        seen += [one["Id"] for one in page["MetricDataResults"]]
        token = page.get("NextToken")
        if token is None:
            break

    assert seen == [f"q{place}" for place in range(5)]


def test_one_result_larger_than_a_page_still_comes() -> None:
    many = [value(float(second), 1) for second in range(0, 60 * (MAX_POINTS + 1), 60)]

    answer = metric_data(asked("Sum", EndTime=1e9), lambda *_: many)

    assert len(answer["MetricDataResults"][0]["Values"]) == MAX_POINTS + 1


@pytest.mark.parametrize(
    "request_",
    [
        asked(*["Sum"] * 501),
        asked("TM(10%:90%)"),
        asked("Sum", StartTime=None),
        {**asked(), "MetricDataQueries": [{"Id": "e", "Expression": "q1*2"}]},
    ],
)
def test_what_is_not_emulated_is_refused(request_: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        metric_data(request_, three)


@given(
    samples=st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.5, 50)), min_size=1, max_size=30),
    rank=st.floats(0, 100),
)
def test_a_percentile_is_one_of_the_values_and_grows_with_its_rank(
    samples: list[tuple[float, float]], rank: float
) -> None:
    found = percentile(samples, rank)

    assert found in [amount for amount, _ in samples]
    assert percentile(samples, 0) <= found <= percentile(samples, 100)


@given(times=st.lists(st.integers(0, 10_000), max_size=50), length=st.sampled_from([60, 300, 3600]))
def test_no_point_is_lost_or_counted_twice(times: list[int], length: int) -> None:
    points = [value(time, 1.0) for time in times]

    gathered = periods(points, length, 0, 10_001, with_samples=False)

    assert sum(one.count for one in gathered.values()) == len(times)
    assert all(begin % length == 0 for begin in gathered)
