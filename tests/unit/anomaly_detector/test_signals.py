"""From CloudWatch's and X-Ray's answers to what is judged, and what is said about it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from functions.anomaly_detector.metrics.cloudwatch import (
    active_functions,
    read_signals,
)
from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.series import regular, when
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.metrics.traces import as_detail, read_faults
from functions.anomaly_detector.rules import trace_faults
from functions.anomaly_detector.rules.explain import sentences
from functions.anomaly_detector.rules.judging import RULES, judge
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.incident import Incident
from functions.anomaly_detector.watch.past import Past
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.aws.clients import Aws
from functions.shared.aws.metrics import IncompleteMetricsError
from functions.shared.config import DetectorPolicy
from functions.shared.cost.lambda_price import hourly_cost
from tests.unit.anomaly_detector.incidents import deviation
from tests.unit.anomaly_detector.pasts import LIMITS, QUIET, RUNAWAY, past_of
from tests.unit.conftest import ACCOUNT, NOW
from tests.unit.shared.findings import ORDERS

START = NOW - timedelta(hours=1)
offsets = st.integers(-7200, 7200)


@given(
    st.dictionaries(offsets, st.floats(-1e9, 1e9), max_size=60),
    st.sampled_from([60, 300, 3600]),
    st.booleans(),
)
def test_points_keep_their_value_and_place_on_the_grid(
    offsets_: dict[int, float], period: int, zero: bool
) -> None:
    points = {NOW + timedelta(seconds=s // period * period): v for s, v in offsets_.items()}
    series = regular(points, start=START, end=NOW, period_seconds=period, absent_means_zero=zero)
    inside = {at: value for at, value in points.items() if START <= at < NOW}
    shown = {when(t): v for t, v in zip(series.timestamps, series.values, strict=True)}
    assert inside.items() <= shown.items()
    gaps = [value for at, value in shown.items() if at not in inside]
    assert all(value == 0.0 if zero else np.isnan(value) for value in gaps)
    if inside and len(series):
        assert min(shown) == min(inside), "what was before it existed is not zero"
        assert max(shown) == NOW - timedelta(seconds=period)
    assert set(np.diff(series.timestamps.astype(np.int64))) <= {period}


def test_the_part_since_a_time_begins_there() -> None:
    points = {START + timedelta(minutes=5 * n): float(n) for n in range(12)}
    series = regular(points, start=START, end=NOW, period_seconds=300, absent_means_zero=True)
    assert series.since(START + timedelta(minutes=31)).values.tolist() == [7, 8, 9, 10, 11]
    assert np.isnan(series.since(NOW).latest)


@pytest.fixture
def aws() -> Aws:
    return Aws("eu-west-1")


def test_active_functions_are_those_with_a_name_of_their_own(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")

    def metric(**dimensions: str) -> dict[str, Any]:
        shown = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        return {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": shown}

    answer = {
        "Metrics": [
            metric(FunctionName="orders"),
            metric(FunctionName="orders", Resource="orders:live"),
            metric(FunctionName="us-east-1.edge"),
            metric(),
        ]
    }
    with Stubber(aws.cloudwatch) as stub:
        stub.add_response("list_metrics", answer)
        stub.add_response("list_metrics", {"Metrics": [metric(FunctionName="refused")]})
        assert active_functions(aws.cloudwatch) == ["orders", "refused"]


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([{"Id": "q0", "StatusCode": "InternalError"}], "InternalError"),
        ([{"Id": "q0", "StatusCode": "PartialData"}], "PartialData"),
        ([], "no answer"),
    ],
)
def test_metrics_that_came_in_part_are_not_taken_for_quiet(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, results: list[dict[str, Any]], complaint: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with Stubber(aws.cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": results})
        with pytest.raises(IncompleteMetricsError, match=complaint):
            read_signals(aws.cloudwatch, ["orders"], start=START, end=NOW, period_seconds=300)


def test_faults_are_counted_for_this_accounts_functions(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")

    def service(name: str, account: str, kind: str = "AWS::Lambda::Function") -> dict[str, str]:
        return {"Name": name, "AccountId": account, "Type": kind}

    summaries = [
        {
            "Id": f"1-{number}",
            "ServiceIds": [
                service("orders", ACCOUNT),
                service("orders", ACCOUNT, "AWS::Lambda"),
                service("theirs", "9" * 12),
                service("table", ACCOUNT, "AWS::DynamoDB::Table"),
            ],
            "FaultRootCauses": [{"Services": [{"Name": "orders"}, {"Name": "pay\u202eme" * 50}]}],
        }
        for number in range(2)
    ]
    with Stubber(aws.xray) as stub:
        stub.add_response("get_trace_summaries", {"TraceSummaries": summaries})
        detail = as_detail(read_faults(aws.xray, ACCOUNT, START, NOW))
    assert detail.keys() == {"orders"}
    assert detail["orders"]["traces"] == 2
    assert detail["orders"]["example"] == "1-0"
    causes = detail["orders"]["causes"]
    assert isinstance(causes, list)
    assert len(causes[0]) <= 80
    assert causes[0].isprintable()


def judged(
    latest: dict[str, float], *, periods: int = 3, limits: FunctionLimits | None = LIMITS
) -> list[Verdict]:
    """What the rules say of a new function whose newest periods show something."""
    named = {Signal[name.upper()]: value for name, value in latest.items()}
    past = past_of({}, NOW, hours=1, latest=named, periods=periods, limits=limits)
    return judge(View(ORDERS, past, DetectorPolicy(), limits))


@pytest.mark.parametrize(
    ("latest", "rules"),
    [
        ({"invocations": 100, "errors": 23}, set()),
        ({"invocations": 100, "errors": 27}, {"error-rate"}),
        ({"invocations": 10_000, "errors": 2_100}, {"error-rate"}),
        ({"invocations": 7, "errors": 1}, set()),  # chance, where one in thirty fails
        ({"invocations": 7, "errors": 3}, {"error-rate"}),
        ({"invocations": 1, "errors": 1}, {"error-rate"}),
        ({"invocations": 73, "throttles": 27, "errors": 0}, {"throttled"}),
        ({"invocations": 0, "throttles": 500, "errors": 0}, {"throttled"}),
        ({"invocations": 50, "throttles": 5, "errors": 0}, set()),
        ({"memory": 90}, {"near-memory-limit"}),
        ({"memory": 89}, set()),
        ({"concurrency": 180}, {"near-concurrency-limit"}),
        ({"concurrency": 179}, set()),
        ({"dead_letter_errors": 1}, {"events-lost"}),
        ({"destination_failures": 3}, {"events-lost"}),
        ({"iterator_age": 19 * 3.6e6}, {"events-lost"}),
        ({"iterator_age": 17 * 3.6e6}, set()),
        ({}, set()),
    ],
)
def test_thresholds_are_relative_to_the_functions_own_limits(
    latest: dict[str, float], rules: set[str]
) -> None:
    verdicts = judged(latest)
    assert {f.rule for verdict in verdicts for f in verdict.findings} == rules
    assert len(verdicts) == len(RULES)


@pytest.mark.parametrize(("duration", "reported"), [(2_700.0, True), (2_699.0, False)])
def test_near_the_timeout_is_told_when_it_comes_again(duration: float, reported: bool) -> None:
    found = judged({"invocations": 200, "duration_p99": duration}, periods=4)
    assert any(v.findings for v in found if v.rule == "near-timeout") is reported
    once = judged({"invocations": 200, "duration_p99": duration}, periods=1)
    assert not any(v.findings for v in once if v.rule == "near-timeout")


def test_unknown_limits_are_not_judged() -> None:
    uncertain = {one.rule for one in judged({"duration_p99": 9e9}, limits=None) if not one.certain}
    assert {"near-timeout", "near-concurrency-limit"} <= uncertain


def test_what_was_not_read_is_not_taken_for_quiet() -> None:
    verdicts = judge(View(ORDERS, Past(), DetectorPolicy(), LIMITS))
    certain = {one.rule for one in verdicts if one.certain}
    assert certain == {"abnormal-behaviour"}, "of which nothing is known to be open"
    assert not any(verdict.findings for verdict in verdicts)


def test_few_calls_of_each_period_are_judged_together() -> None:
    [rate] = [v for v in judged({"invocations": 3, "errors": 1}, periods=12) if v.findings]
    [finding] = rate.findings
    assert finding.reason.startswith("12 of 36 invocations failed")


def test_faults_below_the_threshold_are_no_finding() -> None:
    policy = DetectorPolicy(trace_faults=5)
    assert not trace_faults.check(ORDERS, 4, [], "", policy).findings
    [finding] = trace_faults.check(ORDERS, 5, ["table"], "1-2", policy).findings
    assert "5 traces" in finding.reason
    assert "1-2" in finding.remedy


def anomaly() -> Finding:
    past = past_of(QUIET, NOW, latest=RUNAWAY)
    view = View(
        ORDERS,
        past,
        DetectorPolicy(),
        LIMITS,
        deployment=LastDeployment(NOW - timedelta(minutes=27), "alice"),
    )
    [verdict] = [one for one in judge(view) if one.findings]
    [finding] = verdict.findings
    return finding


def test_a_runaway_says_what_since_when_after_what_and_at_which_cost() -> None:
    finding = anomaly()
    assert finding.severity.label == "critical"
    for part in (
        "Invocations 40,000 in 5 min, 4,000 times the usual 10",
        "It began at 2026-03-10 11:45 UTC",
        "12 minutes after a deployment by alice",
        "about $3.30 an hour; usual is $0.00",
    ):
        assert part in finding.reason


def test_advice_to_stop_it_says_what_was_before_and_how_to_undo_it() -> None:
    assert "was 200; to undo that: aws lambda put-function-concurrency" in anomaly().remedy
    assert "--reserved-concurrent-executions 200" in anomaly().remedy


def test_what_usually_never_happens_has_no_factor() -> None:
    incident = Incident((deviation(Signal.ERRORS, current=30, usual=0),))
    reason = sentences(incident, limits=None, deployment=None, period_seconds=300)
    assert reason == "Errors 30 in 5 min, usually none. It began at 2026-03-10 12:00 UTC."


def test_the_cost_of_an_hour_is_the_price_lists() -> None:
    # 1,000,000 requests of 1 s at 1 GiB on arm64: $0.20 and 1,000,000 GB-s at $0.0000133334.
    cost = hourly_cost(1_000_000, 1000, memory_mib=1024, architecture="arm64")
    assert cost == pytest.approx(0.20 + 13.3334)


def test_limits_are_read_back_as_they_were_written() -> None:
    assert FunctionLimits.from_text(LIMITS.to_text()) == LIMITS


def test_times_of_the_grid_are_aware() -> None:
    assert when(np.datetime64("2026-03-10T12:00:00")) == datetime(2026, 3, 10, 12, tzinfo=UTC)
