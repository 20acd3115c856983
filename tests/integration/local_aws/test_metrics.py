import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.local_aws import LocalAws, MetricSeries
from tests.integration.local_aws.scene import Scene, eventually

FIVE_MINUTES, TWO_WEEKS = 300, 4032
NOW = datetime.fromtimestamp(time.time() // FIVE_MINUTES * FIVE_MINUTES, UTC)
START = NOW - timedelta(days=14)
EMBEDDED = {
    "_aws": {
        "CloudWatchMetrics": [
            {
                "Namespace": "Shop",
                "Dimensions": [["service"]],
                "Metrics": [{"Name": "Orders", "Unit": "Count"}],
            }
        ],
    },
    "service": "checkout",
    "Orders": [3, 4],
}


def history(name: str, function: str, **changes: Any) -> MetricSeries:
    fields: dict[str, Any] = {
        "start": START,
        "step_seconds": FIVE_MINUTES,
        "values": [float(number % 10) for number in range(TWO_WEEKS)],
        "dimensions": {"FunctionName": function},
    }
    return MetricSeries(name, **{**fields, **changes})


def query(identity: str, name: str, function: str, stat: str) -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": name,
        "Dimensions": [{"Name": "FunctionName", "Value": function}],
    }
    return {"Id": identity, "MetricStat": {"Metric": metric, "Period": FIVE_MINUTES, "Stat": stat}}


def orders(aws: LocalAws) -> list[dict[str, Any]]:
    answer = aws.client("cloudwatch").get_metric_statistics(
        Namespace="Shop",
        MetricName="Orders",
        Dimensions=[{"Name": "service", "Value": "checkout"}],
        StartTime=NOW - timedelta(hours=1),
        EndTime=NOW + timedelta(hours=1),
        Period=3600 * 24,
        Statistics=["Sum", "SampleCount"],
    )
    found: list[dict[str, Any]] = answer["Datapoints"]
    return found


def test_two_weeks_of_history_come_back_in_pages_newest_first(aws: LocalAws) -> None:
    functions = [f"worker-{number}" for number in range(10)]
    metrics = ["Invocations", "Errors", "Throttles"]
    stored = aws.seed_metrics(history(name, one) for name in metrics for one in functions)
    queries = [
        query(f"q{place}", metrics[place % 3], functions[place // 3], "Average")
        for place in range(30)
    ]

    pages = list(
        aws.client("cloudwatch")
        .get_paginator("get_metric_data")
        .paginate(MetricDataQueries=queries, StartTime=START, EndTime=NOW)
    )
    results = [one for page in pages for one in page["MetricDataResults"]]

    assert stored == 30 * TWO_WEEKS
    assert len(pages) == 2  # 100,800 points fit into one answer
    assert [one["Id"] for one in results] == [f"q{place}" for place in range(30)]
    assert {len(one["Values"]) for one in results} == {TWO_WEEKS}
    assert results[0]["Timestamps"][0] == START + timedelta(seconds=300 * (TWO_WEEKS - 1))
    assert results[0]["Values"][:2] == [1.0, 0.0]


def test_sum_and_samples_follow_the_counts(aws: LocalAws) -> None:
    series = history(
        "Duration", "timed", values=[100.0, None, 300.0], counts=[2, 0, 8], start=START
    )
    aws.seed_metrics([series])

    stats = ["SampleCount", "Sum", "Average", "Maximum", "p90"]
    answer = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query(stat.lower(), "Duration", "timed", stat) for stat in stats],
        StartTime=START,
        EndTime=NOW,
        ScanBy="TimestampAscending",
    )

    assert {one["Id"]: one["Values"] for one in answer["MetricDataResults"]} == {
        "samplecount": [2.0, 8.0],
        "sum": [200.0, 2400.0],
        "average": [100.0, 300.0],
        "maximum": [100.0, 300.0],
        "p90": [100.0, 300.0],
    }


def test_only_living_functions_are_recently_active(aws: LocalAws) -> None:
    aws.seed_metrics(
        [
            history("Invocations", "asleep", values=[1.0]),
            history("Invocations", "awake", values=[1.0], start=NOW - timedelta(minutes=30)),
        ]
    )

    active = aws.client("cloudwatch").list_metrics(
        Namespace="AWS/Lambda", MetricName="Invocations", RecentlyActive="PT3H"
    )["Metrics"]
    names = {one["Dimensions"][0]["Value"] for one in active}

    assert "awake" in names
    assert "asleep" not in names


def test_requests_beyond_the_limits_are_refused(aws: LocalAws) -> None:
    cloudwatch = aws.client("cloudwatch")
    too_many = [query(f"q{number}", "Errors", "any", "Sum") for number in range(501)]
    math = [{"Id": "sum", "Expression": "q1 + q2"}]

    for queries in (too_many, math):
        with pytest.raises(ClientError, match="ValidationError"):
            cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=START, EndTime=NOW)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloudwatch.put_metric_data(
            Namespace="AWS/Lambda", MetricData=[{"MetricName": "Errors", "Value": 1}]
        )


def test_a_printed_metric_of_a_function_becomes_a_metric(aws: LocalAws, scene: Scene) -> None:
    line = json.loads(json.dumps(EMBEDDED))
    line["_aws"]["Timestamp"] = int(time.time() * 1000)
    scene.run(scene.function(f"def handler(event, context): print('''{json.dumps(line)}''')"))

    found = eventually(lambda: orders(aws))

    assert (found[0]["Sum"], found[0]["SampleCount"]) == (7.0, 2.0)
    assert found[0]["Unit"] == "Count"


def test_a_run_is_counted_in_the_functions_own_metrics(aws: LocalAws, scene: Scene) -> None:
    name = scene.function("def handler(event, context): return 1")
    scene.run(name)

    listed = aws.client("cloudwatch").list_metrics(
        Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": name}]
    )["Metrics"]

    assert {one["MetricName"] for one in listed} >= {
        "Invocations",
        "Errors",
        "Throttles",
        "Duration",
        "ConcurrentExecutions",
    }
