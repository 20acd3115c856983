"""The detector at work: ticks, pages, deployments, and what it tells the guard."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.anomaly_detector.account.tripwire import AccountSignal
from functions.anomaly_detector.handler import watch
from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import regular
from functions.anomaly_detector.page import judge as page
from functions.anomaly_detector.page.judge import UnfinishedPageError, judge_page
from functions.anomaly_detector.page.read import Look
from functions.anomaly_detector.tick import listing, tick
from functions.anomaly_detector.watch.incident import Incident
from functions.anomaly_detector.watch.suspects import INCIDENT, Suspect, suspect, suspects
from functions.shared.alerting.book import Judgement
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import observation
from functions.shared.guarding.requests import Runaway, read_request
from tests.unit.anomaly_detector.incidents import runaway
from tests.unit.anomaly_detector.pasts import QUIET, RUNAWAY, past_of
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    # Calls that moto does not know: the client would try them again and again.
    monkeypatch.setattr(listing, "read_faults", lambda *_: {})
    monkeypatch.setattr(listing, "_account_limit", lambda _: 1000)


@pytest.fixture
def incident(monkeypatch: pytest.MonkeyPatch) -> Callable[[Incident | None], None]:
    """Lets every function of a page behave normally, or as told."""

    reported: list[Incident | None] = [None]

    def look(_: Any, looks: list[Look], *__: Any, **___: Any) -> None:
        for one in looks:
            latest = RUNAWAY if reported[0] else {}
            past = past_of(QUIET, one.end, latest=latest)
            past.standing = dict(one.memory.past.standing)
            past.deviations = dict(one.memory.past.deviations)
            one.memory.past = past

    monkeypatch.setattr(page, "read", look)
    return lambda one: reported.__setitem__(0, one)


def own(detail_type: str, **detail: Any) -> dict[str, Any]:
    return {"source": "lambda.warden", "detail-type": detail_type, "detail": detail}


def experimental(world: World, name: str) -> FunctionArn:
    function = world.create_function(name)
    world.warden.records.met(function, NOW)
    world.warden.records.remember_tags(function, {"environment": "experimental", "owner": "lab"})
    return function


AT_REST = regular(
    {NOW - timedelta(minutes=minutes): 100.0 for minutes in range(1, 1441)},
    start=NOW - timedelta(days=1),
    end=NOW,
    period_seconds=60,
    absent_means_zero=True,
)
ACCOUNT_AT_REST = dict.fromkeys(AccountSignal, AT_REST)

Tell = Callable[[Incident | None], None]


def test_a_tick_hands_out_the_active_functions_even_if_traces_cannot_be_had(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://xray")

    names = [f"f{number:03}" for number in range(95)]
    monkeypatch.setattr(listing, "read_faults", unreachable)
    monkeypatch.setattr(listing, "active_functions", lambda _: names)
    monkeypatch.setattr(tick, "read_account", lambda *_: ACCOUNT_AT_REST)
    watch(enveloped(own(MessageType.METRIC_TICK)), world.warden, NOW)
    pages = [json.loads(body) for body in world.drain(world.warden.settings.queue_url)]
    assert [one["detail-type"] for one in pages] == [MessageType.METRIC_PAGE] * 2
    assert sorted(name for one in pages for name in one["detail"]["functions"]) == names
    assert {one["detail"]["faultsUnknown"] for one in pages} == {
        "reading traces: EndpointConnectionError"
    }
    assert world.announced() == [], "it may be back at the next tick"


def test_a_step_of_the_account_hands_out_everybody_until_the_culprit_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"f{number:03}" for number in range(95)]
    monkeypatch.setattr(listing, "active_functions", lambda _: names)
    minutes = {NOW - timedelta(minutes=ago): 1e7 for ago in range(1, 1441)}
    risen = dict(sorted(minutes.items())[:-2]) | {
        NOW - timedelta(minutes=ago): 1.1e7 for ago in (1, 2)
    }
    busy = regular(
        risen, start=NOW - timedelta(days=1), end=NOW, period_seconds=60, absent_means_zero=True
    )
    monkeypatch.setattr(tick, "trips", lambda _: [])
    monkeypatch.setattr(
        tick, "read_account", lambda *_: {**ACCOUNT_AT_REST, AccountSignal.BUSY: busy}
    )
    called_out = []
    for minute in range(2):
        tick.hand_out(world.warden, NOW + timedelta(minutes=minute))
        pages = [json.loads(body) for body in world.drain(world.warden.settings.queue_url)]
        details = [one["detail"] for one in pages if "calledOut" in one["detail"]]
        called_out.append({name for detail in details for name in detail["functions"]})
        suspect(world.warden, "f001", INCIDENT, since=NOW, until=NOW + timedelta(hours=1))
    assert called_out == [set(names), set()]


def test_refused_traces_are_told_once_for_the_estate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetTraceSummaries")

    monkeypatch.setattr(listing, "active_functions", lambda _: ["orders"])
    monkeypatch.setattr(tick, "read_account", lambda *_: ACCOUNT_AT_REST)
    with monkeypatch.context() as patch:
        patch.setattr(listing, "read_faults", refuse)
        for minutes in range(0, 60, 20):
            watch(
                enveloped(own(MessageType.METRIC_TICK)),
                world.warden,
                NOW + timedelta(minutes=minutes),
            )
    assert world.announced() == [("opened", "medium", "traces-unread")]
    watch(enveloped(own(MessageType.METRIC_TICK)), world.warden, NOW + timedelta(hours=1))
    assert world.announced() == [("resolved", "medium", "traces-unread")]


def test_the_guard_hears_of_a_runaway_each_time_it_is_confirmed(
    world: World, incident: Tell
) -> None:
    function = experimental(world, "orders")
    incident(runaway())
    for minute in range(0, 10, 5):
        judge_page({"functions": ["orders"]}, world.warden, NOW + timedelta(minutes=minute))
    [alert] = world.published()
    assert (alert["state"], alert["severity"], alert["owner"]) == ("opened", "critical", "lab")
    asked = [json.loads(body) for body in world.drain(world.warden.settings.guard_queue_url)]
    assert len(asked) == 2
    envelope = enveloped(asked[0]).from_sender("anomaly-detector")
    named, request = read_request(
        envelope, Runaway, account=function.account, region=function.region
    )
    assert named == function
    assert request.invocations == 40_000
    incident(None)
    for minutes in (65, 80, 100):
        judge_page({"functions": ["orders"]}, world.warden, NOW + timedelta(minutes=minutes))
    assert world.announced() == [("resolved", "critical", "abnormal-behaviour")]
    assert world.drain(world.warden.settings.guard_queue_url) == []


def test_a_guard_that_cannot_be_told_does_not_hide_the_runaway(
    world: World, incident: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    experimental(world, "orders")
    incident(runaway())

    def fail(*_: Any, **__: Any) -> None:
        raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessage")

    monkeypatch.setattr("functions.anomaly_detector.page.tell_guard.enqueue", fail)
    judge_page({"functions": ["orders"]}, world.warden, NOW)
    [alert] = world.published()
    assert "The guard could not be told (ServiceUnavailable)" in alert["reason"]


def test_one_function_that_cannot_be_judged_stops_no_other(
    world: World, incident: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second", "third"):
        experimental(world, name)
    incident(runaway())
    real = world.warden.alerts.settle

    def settle(judgement: Judgement, *arguments: Any, **options: Any) -> Any:
        if judgement.function.name == "second":
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Query")
        return real(judgement, *arguments, **options)

    monkeypatch.setattr(world.warden.alerts, "settle", settle)
    with pytest.raises(UnfinishedPageError, match=r"1 of 3 functions .* ThrottlingException"):
        judge_page({"functions": ["first", "second", "third"]}, world.warden, NOW)
    assert [one["function"]["name"] for one in world.published()] == ["first", "third"]


def test_a_deleted_functions_last_metrics_are_not_judged(world: World, incident: Tell) -> None:
    function = experimental(world, "orders")
    world.warden.records.remember_deletion(function, NOW)
    incident(runaway())
    judge_page({"functions": ["orders"]}, world.warden, NOW)
    assert world.announced() == []


@pytest.mark.parametrize(
    "detail", [{}, {"functions": "orders"}, {"functions": ["us-east-1.edge"]}, {"functions": [""]}]
)
def test_what_is_no_page_is_refused(world: World, detail: dict[str, Any]) -> None:
    with pytest.raises(MalformedEventError, match="not a metric page"):
        judge_page(detail, world.warden, NOW)


def calls_of(world: World, operation: str) -> list[str]:
    """Records calls from here on."""
    calls: list[str] = []
    world.warden.aws.lambda_.meta.events.register(
        f"before-call.lambda.{operation}", lambda model, **_: calls.append(model.name)
    )
    return calls


def test_limits_are_asked_for_once_until_the_function_changes(world: World, incident: Tell) -> None:
    function = experimental(world, "orders")
    calls = calls_of(world, "GetFunctionConfiguration")
    for _ in range(3):
        judge_page({"functions": ["orders"]}, world.warden, NOW)
    assert len(calls) == 1
    watch(enveloped(observation(function, NOW)), world.warden, NOW)
    judge_page({"functions": ["orders"]}, world.warden, NOW)
    assert len(calls) == 2


def test_a_changed_reservation_is_asked_for_anew(world: World, incident: Tell) -> None:
    function = experimental(world, "orders")
    judge_page({"functions": ["orders"]}, world.warden, NOW)
    deploy(world, "PutFunctionConcurrency20171031", NOW)
    assert world.warden.records.get(function).limits == ""
    world.warden.aws.lambda_.put_function_concurrency(
        FunctionName="orders", ReservedConcurrentExecutions=7
    )
    judge_page({"functions": ["orders"]}, world.warden, NOW)
    limits = FunctionLimits.from_text(world.warden.records.get(function).limits)
    assert limits
    assert limits.reserved == 7


def deploy(world: World, name: str, at: datetime) -> None:
    event = cloudtrail(name, {"functionName": "orders"}, eventTime=at.isoformat())
    watch(enveloped(event), world.warden, NOW)


def test_deployments_are_remembered_the_newest_last(world: World) -> None:
    function = world.create_function("orders")
    deploy(world, "CreateFunction20150331", NOW - timedelta(hours=3))
    deploy(world, "UpdateFunctionCode20150331v2", NOW - timedelta(hours=1))
    deploy(world, "UpdateFunctionConfiguration20150331v2", NOW - timedelta(hours=2))
    record = world.warden.records.get(function)
    assert record.deployed_at == NOW - timedelta(hours=1)
    assert record.deployed_by == "alice"
    assert record.baseline_since == NOW - timedelta(hours=3)


def test_what_was_just_deployed_is_looked_at_closely(world: World) -> None:
    world.create_function("orders")
    deploy(world, "UpdateFunctionCode20150331v2", NOW - timedelta(minutes=10))
    assert list(suspects(world.warden, NOW)) == [Suspect("orders", "deployment", NOW)]
    assert not list(suspects(world.warden, NOW + timedelta(minutes=20)))
