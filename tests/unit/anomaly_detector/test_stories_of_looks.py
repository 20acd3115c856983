"""Stories of minutes and hours: what is looked at, when, and what is told of it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.anomaly_detector.page.judge import UnfinishedPageError
from functions.anomaly_detector.tick import listing
from functions.anomaly_detector.watch.store import WatchStore
from functions.anomaly_detector.watch.suspects import DEPLOYMENT, INCIDENT, suspects
from functions.shared.config import DetectorPolicy, SignalGroup, Signals, WardenConfig
from functions.shared.core.reading import Unknown
from functions.shared.cost.lambda_price import hourly_cost
from functions.shared.guarding.enforcement import Action, Enforcement, Stage, as_item
from functions.shared.state.table import function_key
from tests.unit.anomaly_detector.days import MINUTE, Days
from tests.unit.anomaly_detector.estate import Estate, Simulated, steady
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail

DETECTOR = "lambda-warden-anomaly-detector"
ACCOUNT = "account 123456789012 in eu-west-1"


@pytest.fixture(autouse=True)
def _what_moto_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_account_limit", lambda _: 1000)
    monkeypatch.setattr(listing, "read_faults", lambda *_: {})


@pytest.fixture
def days(world: World) -> Iterator[Days]:
    names = ["orders", "mailer", "search"]
    yield Days(world, Estate({name: steady(name) for name in names}))
    del world.warden.aws.__dict__["cloudwatch"]


def test_nothing_is_told_of_quiet_hours_and_little_is_read(days: Days) -> None:
    days.tick()
    learning = days.cloudwatch.bill.metrics
    days.go_on(60)
    assert days.reported == []
    account = 4 * 60
    looks = 60 // 15
    assert (
        days.cloudwatch.bill.metrics - learning <= account + looks * len(days.estate.functions) * 2
    )


def test_a_runaway_is_told_within_two_minutes_of_its_metrics_and_explained(days: Days) -> None:
    days.create("mailer", environment="production", owner="post")
    began = NOW + timedelta(minutes=23)
    days.estate.functions["mailer"].run_away(began, 1000, until=began + timedelta(minutes=20))
    days.tick()
    days.now = NOW + timedelta(minutes=11)
    update = cloudtrail(
        "UpdateFunctionCode20150331v2",
        {"functionName": "mailer"},
        eventTime=days.now.isoformat(),
        responseElements={"codeSha256": "abcdefghij="},
    )
    days.handle(update)
    days.go_on(20)
    at, alert = days.alert("mailer", "abnormal-behaviour")
    first_metrics = began + MINUTE
    assert at - first_metrics <= 2 * MINUTE
    assert alert["owner"] == "post"
    _, worst = [one for one in days.reported if one[1]["rule"] == "abnormal-behaviour"][-1]
    assert worst["severity"] == "critical"
    for part in (
        "It began at 2026-03-10 12:23 UTC, 12 minutes after a deployment of abcdefgh by alice.",
        "times the usual",
        "oncurrency",
    ):
        assert part in worst["reason"]
    assert ("opened", "account-runaway") in days.rules(ACCOUNT)
    days.go_on(90)
    assert days.rules("mailer")[-1] == ("resolved", "abnormal-behaviour")
    assert days.rules(ACCOUNT)[-1] == ("resolved", "account-runaway")
    [item] = days.world.warden.table.query(
        function_key(days.create("mailer-twin")).replace("-twin", ""), "INCIDENT#"
    )
    assert item["state"] == "over"
    assert str(item["ended"]) > began.isoformat()
    assert "concurrency" in str(item["peaks"])


def test_functions_nobody_runs_away_with_stay_out_of_it(days: Days) -> None:
    days.tick()
    days.estate.functions["mailer"].run_away(NOW + timedelta(minutes=23), 40)
    days.go_on(40)
    assert days.rules("orders") == []
    assert days.rules("search") == []


def test_a_partial_answer_is_not_taken_for_quiet_and_stops_no_other(days: Days) -> None:
    for name in days.estate.functions:
        days.create(name)
    days.cloudwatch.partial = "mailer"
    days.estate.functions["mailer"].errors[:] = days.estate.functions["mailer"].calls
    days.estate.functions["orders"].errors[:] = days.estate.functions["orders"].calls
    days.tick()
    [failure] = days.failures
    assert isinstance(failure, UnfinishedPageError)
    assert "1 of 3 functions not judged: PartialData" in str(failure)
    assert ("opened", "error-rate") in days.rules("orders")
    assert days.rules("mailer") == []
    days.cloudwatch.partial = ""
    days.go_on(1)
    assert ("opened", "error-rate") in days.rules("mailer")
    assert days.rules("orders").count(("opened", "error-rate")) == 1


def test_a_partial_answer_about_the_account_is_not_taken_for_no_throttles(days: Days) -> None:
    days.create("orders")
    orders = days.estate.functions["orders"]
    orders.throttles[orders.from_(NOW - timedelta(hours=1))] = 300.0
    days.tick()
    assert ("opened", "throttled") in days.rules("orders")
    days.cloudwatch.unanswered = "Throttles"
    days.skip(13)
    days.go_on(4)
    days.cloudwatch.unanswered = ""
    days.skip(13)
    days.go_on(4)
    assert ("resolved", "throttled") not in days.rules("orders")


def test_events_lost_before_it_is_listed_that_they_can_be_are_told(days: Days) -> None:
    days.create("mailer")
    days.tick()
    mailer = days.estate.functions["mailer"]
    lost = mailer.calls * 0.0
    lost[mailer.from_(NOW + 2 * MINUTE, NOW + 5 * MINUTE)] = 7.0
    mailer.more["AWS/Lambda", "DeadLetterErrors"] = lost
    days.go_on(16)
    days.skip(40)
    days.go_on(20)
    _, alert = days.alert("mailer", "events-lost")
    assert alert["reason"].startswith("21 events could not be written to its dead-letter queue")
    assert days.rules("mailer").count(("opened", "events-lost")) == 1


def test_what_functions_publish_cannot_be_listed_and_ends_no_alert(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    days.create("mailer")
    mailer = days.estate.functions["mailer"]
    lost = mailer.calls * 0.0
    lost[mailer.from_(NOW - 20 * MINUTE, NOW + timedelta(hours=4))] = 7.0
    mailer.more["AWS/Lambda", "DeadLetterErrors"] = lost
    days.tick()
    assert ("opened", "events-lost") in days.rules("mailer")

    def refused(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListMetrics")

    monkeypatch.setattr(listing, "publishers", refused)
    # Its last list is lost, too.
    bucket, key = days.world.warden.settings.bucket, "detector/function-list"
    days.world.warden.aws.s3.delete_object(Bucket=bucket, Key=key)
    days.skip(60)
    days.go_on(16)
    days.skip(200)
    days.go_on(16)
    assert ("resolved", "events-lost") not in days.rules("mailer")
    gaps = [a["title"] for _, a in days.reported if a["rule"] == "signal-missing"]
    assert "It is not known what functions publish" in gaps


def test_a_rollback_does_not_end_the_suspicion(days: Days) -> None:
    days.create("mailer")
    days.estate.functions["mailer"].run_away(NOW + timedelta(minutes=3), 1000)
    days.tick()
    days.go_on(8)
    days.handle(
        cloudtrail(
            "UpdateFunctionCode20150331v2",
            {"functionName": "mailer"},
            eventTime=days.now.isoformat(),
        )
    )
    at_once = {one.why for one in suspects(days.world.warden, days.now) if one.name == "mailer"}
    assert at_once == {INCIDENT, DEPLOYMENT}
    later = {one.why for one in suspects(days.world.warden, days.now + timedelta(minutes=40))}
    assert later == {INCIDENT}


def test_a_close_look_names_the_cost_of_an_hour_not_of_a_fifth(days: Days) -> None:
    days.create("mailer")
    mailer = days.estate.functions["mailer"]
    mailer.run_away(NOW + timedelta(minutes=3), 1000)
    days.tick()
    days.go_on(8)
    _, alert = days.alert("mailer", "abnormal-behaviour")
    calls = float(mailer.calls[mailer.from_(NOW + 4 * MINUTE, NOW + 8 * MINUTE)].mean()) * 60
    cost = hourly_cost(calls, 180.0, memory_mib=128, architecture="x86_64")
    [reported] = re.findall(r"(?i)about \$([0-9.]+) an hour", alert["reason"])
    assert float(reported) == pytest.approx(cost, rel=0.5)


def test_limits_that_may_not_be_read_are_a_gap_told_once(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in days.estate.functions:
        days.create(name)
    monkeypatch.setattr(
        "functions.anomaly_detector.page.judge.limits_of",
        lambda *_: Unknown("reading the configuration: AccessDeniedException"),
    )
    days.tick()
    days.go_on(16)
    [gap] = [a for _, a in days.reported if a["title"] == "Limits of functions are unknown"]
    assert "Of 3 of 3 active functions: mailer, orders, search" in gap["reason"]


def test_what_cloudwatch_throttles_is_read_later_and_nothing_is_lost(days: Days) -> None:
    function = days.create("orders")
    days.estate.functions["orders"] = steady("orders", per_minute=400)
    days.tick()
    days.cloudwatch.throttles = True
    days.estate.functions["orders"].errors[
        days.estate.functions["orders"].from_(NOW, NOW + timedelta(minutes=10))
    ] = 400.0
    days.go_on(20)
    assert days.failures
    assert all(isinstance(failure, ClientError) for failure in days.failures)
    assert days.rules("orders") == []
    days.cloudwatch.throttles = False
    days.go_on(5)
    # It came and went while nothing was read: it is recorded, and for the digest.
    found = days.world.warden.stored_alerts.of(function)
    assert "error-rate" in {one.alert.finding.rule for one in found}


def test_missing_periods_are_no_silence_and_no_alarm(days: Days) -> None:
    orders = days.estate.functions["orders"]
    orders.calls[orders.from_(NOW - timedelta(days=3), NOW - timedelta(days=2))] = 0
    days.tick()
    hole = orders.from_(NOW + timedelta(minutes=5), NOW + timedelta(minutes=25))
    orders.calls[hole] = 0
    days.go_on(45)
    assert days.reported == []


def test_a_clock_that_goes_back_and_on_again_alarms_nobody(days: Days) -> None:
    days.tick()
    days.go_on(16)
    for step in (-40, 20, 90, -60):
        days.now += timedelta(minutes=step)
        days.go_on(3)
    assert days.reported == []
    assert days.failures == []


def test_throttles_of_our_own_cap_are_no_anomaly(days: Days) -> None:
    function = days.create("mailer", environment="experimental")
    mailer = days.estate.functions["mailer"]
    days.tick()
    days.go_on(1)
    mailer.throttles[mailer.from_(NOW + timedelta(minutes=5))] = 500.0
    cap = Enforcement(
        function=function,
        action=Action.CAP,
        value=5,
        previous=None,
        stage=Stage.APPLIED,
        since=NOW,
        until=NOW + timedelta(hours=3),
        reason="",
        decided_by="guard",
    )
    days.world.warden.table.put({"pk": cap.book, "sk": str(function), **as_item(cap)})
    days.go_on(30)
    assert ("opened", "abnormal-behaviour") not in days.rules("mailer")


def test_an_account_without_metrics_is_a_gap_told_once(days: Days) -> None:
    days.estate.account = False
    days.tick()
    days.go_on(40)
    assert days.rules(DETECTOR) == [("opened", "signal-missing")]
    days.estate.account = True
    days.go_on(20)
    assert days.rules(DETECTOR)[-1] == ("resolved", "signal-missing")


def test_everything_is_looked_at_when_somebody_asks(days: Days) -> None:
    days.tick()
    days.go_on(16)
    before = days.cloudwatch.bill.metrics
    days.now += 7 * MINUTE
    days.tick(everything=True)
    assert days.cloudwatch.bill.metrics - before >= 4 + 2 * len(days.estate.functions)


class TestInsights:
    """The settings ask for memory in production."""

    @pytest.fixture
    def config(self) -> WardenConfig:
        wanted = Signals(environments={"production": (SignalGroup.MEMORY,)})
        return WardenConfig(detector=DetectorPolicy(signals=wanted))

    def test_functions_without_it_are_a_gap_told_once_for_all(self, days: Days) -> None:
        for name in days.estate.functions:
            days.create(name, environment="production" if name != "search" else "back-office")
        days.tick()
        days.go_on(40)
        gaps = [a for _, a in days.reported if a["rule"] == "signal-missing"]
        [insights] = [a for a in gaps if "Insights" in a["title"]]
        assert insights["function"]["name"] == DETECTOR
        assert "Of 2 of 3 active functions: mailer, orders" in insights["reason"]

    def test_memory_near_its_limit_is_told_before_anything_is_learnt(self, days: Days) -> None:
        days.create("orders", environment="production")
        orders = days.estate.functions["orders"]
        days.estate.insights = {"orders"}
        orders.more["LambdaInsights", "memory_utilization"] = orders.calls * 0 + 96.0
        days.tick()
        _, alert = days.alert("orders", "near-memory-limit")
        assert "96% of its memory of 128 MiB" in alert["reason"]
        asked = days.cloudwatch.bill.by_metric["memory_utilization"]
        assert asked == 1, "of one function"


def test_fixed_thresholds_hold_at_once_and_histories_are_read_by_and_by(days: Days) -> None:
    days.estate.functions = {f"new-{number}": steady(f"new-{number}") for number in range(15)}
    for name, one in days.estate.functions.items():
        days.create(name)
        one.errors[:] = one.calls
    days.tick()
    first = days.cloudwatch.bill.points
    assert all(("opened", "error-rate") in days.rules(name) for name in days.estate.functions)
    days.go_on(15)
    histories = 6 * 14 * 288
    assert days.cloudwatch.bill.points - first > 3 * histories, "of the three that had to wait"
    before = days.cloudwatch.bill.points
    days.go_on(15)
    assert days.cloudwatch.bill.points - before < 15 * (5 * 1500) + histories


def seldom(hours: int) -> Simulated:
    """A function that runs every so many hours, for five seconds."""
    one = steady("seldom", duration=5000.0)
    one.calls[:] = 0.0
    one.calls[10 :: hours * 60] = 1.0
    return one


@pytest.mark.parametrize("exists", [True, False])
def test_a_function_that_is_listed_no_longer_is_missed_unless_it_was_deleted(
    days: Days,
    exists: bool,
) -> None:
    one = seldom(6)
    one.calls[one.from_(NOW + timedelta(hours=2))] = 0.0
    days.estate.functions["nightly"] = one
    if exists:
        days.create("nightly")
    days.now = NOW - timedelta(minutes=45)
    days.tick()
    for _ in range(4 * 20):
        days.skip(15)
        days.tick()
    expected = [("opened", "went-silent")] if exists else []
    assert [one for one in days.rules("nightly") if one[1] == "went-silent"] == expected
    assert days.failures == []


def test_a_function_that_is_only_refused_is_found_and_reported(days: Days) -> None:
    one = seldom(6)
    later = one.from_(NOW)
    one.throttles[later], one.calls[later] = 3 * one.calls[later], 0.0
    days.estate.functions["stopped"] = one
    days.create("stopped")
    days.tick()
    for _ in range(4 * 8):
        days.skip(15)
        days.tick()
    assert ("opened", "throttled") in days.rules("stopped")


def test_a_group_that_splits_keeps_what_it_knew(days: Days) -> None:
    store = WatchStore(days.world.warden.aws.s3, days.world.warden.settings.bucket)
    days.tick()
    known, own = store.group(0, 1)
    assert own
    halves = [store.group(half, 2) for half in (0, 1)]
    assert [own for _, own in halves] == [False, False]
    assert (halves[0][0] | halves[1][0]).keys() == known.keys()
    assert not halves[0][0].keys() & halves[1][0].keys()


def test_a_change_that_no_trail_told_of_is_a_gap(days: Days) -> None:
    function = days.create("orders")
    limits: dict[str, Any] = {
        "timeout": 3,
        "memory": 128,
        "architecture": "arm64",
        "reserved": None,
        "reserved_unknown": "",
        "traced": True,
        "modified_at": (NOW - timedelta(hours=2)).isoformat(),
    }
    days.world.warden.records.remember_limits(function, json.dumps(limits))
    days.tick()
    days.go_on(16)
    [alert] = [a for _, a in days.reported if a["rule"] == "signal-missing"]
    assert alert["title"] == "No CloudTrail events: deployments cannot be attributed"
    assert "Of 1 of 3 active functions: orders" in alert["reason"]
