"""Calls that lead back, through configuration, buckets, streams and buses."""

from dataclasses import replace

import pytest

from functions.anomaly_detector.flows.circles import cycles_by_teller
from functions.anomaly_detector.flows.circling import CYCLE
from functions.anomaly_detector.flows.verdicts import judge
from functions.shared.config import FlowPolicy, WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.flows.edge import Direction, Edge, Via, Window
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle, FlowState
from tests.unit.anomaly_detector.flows.graphs import HOME, seen
from tests.unit.anomaly_detector.flows.looks import DAY, HOUR, LEARNT, edge, finding, look
from tests.unit.conftest import NOW

WINDOW = Window(NOW, NOW + HOUR)
ORDERS, BUCKET = Peer("function", "orders"), Peer("s3", "uploads")


def state(name: str, *sources: Peer) -> FlowState:
    function = FunctionArn.parse(name, account=HOME.account, region=HOME.region)
    return FlowState(function, sources=sources)


def ways(calls: list[tuple[str, str]], *sources: Peer) -> list[tuple[Peer, ...]]:
    states = {"orders": state("orders", *sources)}
    return cycles_by_teller(seen(calls, WINDOW), states, WardenConfig().own_functions).get(
        "orders", []
    )


def test_cycles_lead_through_configuration_too() -> None:
    states = {"orders": state("orders", Peer("sqs", "jobs"))}
    found = cycles_by_teller(
        seen([("fn:orders", "fn:billing"), ("fn:billing", "AWS::SQS::Queue:jobs")], WINDOW),
        states,
        WardenConfig().own_functions,
    )
    assert list(found) == ["billing"]


def test_wardens_own_functions_write_to_their_own_queues() -> None:
    own = {"lambda-warden-scanner": state("lambda-warden-scanner", Peer("sqs", "work"))}
    traced = seen([("fn:lambda-warden-scanner", "AWS::SQS::Queue:work")], WINDOW)
    assert cycles_by_teller(traced, own, WardenConfig().own_functions) == {}


@pytest.mark.parametrize(
    ("callee", "source"),
    [
        ("AWS::S3::Bucket:uploads", BUCKET),
        ("AWS::DynamoDB::Table:orders", Peer("dynamodb", "orders")),
        ("AWS::Events::EventBus:shop", Peer("events", "shop/new-orders")),
        ("AWS::Events:Events", Peer("events", "shop/new-orders")),
    ],
)
def test_a_function_that_calls_what_invokes_it_may_go_round(callee: str, source: Peer) -> None:
    assert ways([("fn:orders", callee)], source) == [(ORDERS, source)]


@pytest.mark.parametrize(
    ("callee", "sources"),
    [
        ("AWS::DynamoDB::Table:orders", ()),
        ("AWS::DynamoDB::Table:orders", (Peer("dynamodb", "returns"),)),
        ("AWS::S3::Bucket:thumbnails", (BUCKET,)),
        ("AWS::S3:S3", (BUCKET,)),
        ("AWS::Events::EventBus:billing", (Peer("events", "shop/new-orders"),)),
        ("AWS::Events:Events", (Peer("events", "nightly"),)),
    ],
)
def test_what_leads_elsewhere_does_not(callee: str, sources: tuple[Peer, ...]) -> None:
    assert ways([("fn:orders", callee)], *sources) == []


def test_a_function_is_told_of_some_cycles_only() -> None:
    buckets = [Peer("s3", f"b{number}") for number in range(30)]
    calls = [("fn:orders", f"AWS::S3::Bucket:{one.name}") for one in buckets]
    assert len(ways([*calls, ("fn:orders", "fn:orders")], *buckets)) == 10
    assert ways([*calls, ("fn:orders", "fn:orders")], *buckets)[0] == (ORDERS,)


def reported(cycle: Cycle, *edges: Edge, policy: FlowPolicy | None = None) -> list[str]:
    at = look(*edges, state=replace(LEARNT, cycles=(cycle,)), policy=policy or FlowPolicy())
    return [f.subject for verdict in judge(at) for f in verdict.findings if f.rule == CYCLE]


POSSIBLE = Cycle((ORDERS, BUCKET), NOW - HOUR, NOW - HOUR)
READS = edge("s3", "uploads", direction=Direction.CALLEE, age=25 * DAY)
TRIGGER = edge("s3", "uploads", via=Via.POLICY, configured=True)


def test_a_new_trigger_of_a_function_that_calls_its_bucket_is_a_possible_cycle() -> None:
    at = look(READS, TRIGGER, state=replace(LEARNT, cycles=(POSSIBLE,)))
    found = finding(CYCLE, at)
    assert (found.severity, found.subject) == (Severity.MEDIUM, "possible")
    assert found.title.startswith("Possible cycle")
    assert "function orders → S3 bucket uploads → function orders" in found.reason
    assert "nor which events a rule matches" in found.reason


def test_a_bus_is_less_likely_to_bring_it_back() -> None:
    rule = Peer("events", "shop/new-orders")
    new = edge("events", "", direction=Direction.CALLEE)
    cycle = Cycle((ORDERS, rule), NOW - HOUR, NOW - HOUR)
    found = finding(CYCLE, look(new, state=replace(LEARNT, cycles=(cycle,))))
    assert found.severity is Severity.LOW


def test_what_a_function_always_did_is_no_possible_cycle() -> None:
    known = replace(TRIGGER, first_seen=NOW - 25 * DAY)
    assert reported(POSSIBLE, READS, TRIGGER) == ["possible"]
    assert reported(POSSIBLE, READS, known) == []
    assert reported(replace(POSSIBLE, first_seen=NOW - 25 * DAY), READS, TRIGGER) == []
    assert reported(POSSIBLE, READS, TRIGGER, policy=FlowPolicy(intended_cycles=("ord*",))) == []


def test_a_way_through_other_functions_is_news_for_a_while() -> None:
    long = Cycle((ORDERS, BUCKET, Peer("function", "resize")), NOW - HOUR, NOW - HOUR)
    assert reported(long) == ["possible"]
    assert reported(replace(long, first_seen=NOW - 8 * DAY)) == []


def test_a_certain_and_a_possible_cycle_are_two_findings() -> None:
    certain = Cycle((ORDERS, Peer("sqs", "jobs")), NOW - HOUR, NOW - HOUR)
    at = look(READS, TRIGGER, state=replace(LEARNT, cycles=(certain, POSSIBLE)))
    found = [f for verdict in judge(at) for f in verdict.findings if f.rule == CYCLE]
    assert [(f.subject, f.severity) for f in found] == [
        ("", Severity.HIGH), ("possible", Severity.MEDIUM),
    ]  # fmt: skip
