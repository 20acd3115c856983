"""How one edge stands, and what a verdict says of it."""

from dataclasses import replace

import pytest

from functions.anomaly_detector.flows.circling import CYCLE
from functions.anomaly_detector.flows.silence import silences
from functions.anomaly_detector.flows.standing import Stands, standing
from functions.anomaly_detector.flows.verdicts import CALLER, DOWNSTREAM, judge
from functions.shared.config import FlowPolicy
from functions.shared.core.severity import Severity
from functions.shared.flows.edge import Direction, Tally, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle
from tests.unit.anomaly_detector.flows.looks import (
    DAY,
    HOUR,
    LEARNT,
    edge,
    finding,
    look,
    only,
)
from tests.unit.conftest import NOW


def test_each_standing_has_a_reason() -> None:
    new = edge("function", "crawler")
    assert only(new)[0] is Stands.UNEXPECTED
    assert only(edge("function", "a", age=25 * DAY)) == (Stands.EXPECTED, "it was learnt")
    assert only(edge("function", "a", age=8 * DAY)) == (
        Stands.EXPECTED, "it has been known for 8 days",
    )  # fmt: skip
    learning = replace(LEARNT, learned_at=None)
    assert only(new, state=learning) == (
        Stands.EXPECTED, "the function's flows are still being learnt",
    )  # fmt: skip
    policy = FlowPolicy(expected_peers=("function:craw*",))
    assert only(new, policy=policy)[1] == "detector.flows.expected_peers lists it"


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("url", "(NONE)", "open-function-url tells of it"),
        ("account", "999999999999", "foreign-access tells of it"),
        ("principal", "arn:aws:iam::999999999999:role/x", "foreign-access tells of it"),
        ("account", "888888888888", "its account is trusted"),
    ],
)
def test_what_the_scanner_reports_is_not_told_twice(kind: str, name: str, reason: str) -> None:
    one = edge(kind, name, via=Via.POLICY)
    assert only(one, trusted_accounts=frozenset({"888888888888"})) == (
        Stands.TOLD_ELSEWHERE, reason,
    )  # fmt: skip


def test_an_api_by_name_is_the_api_by_id_that_the_policy_admits() -> None:
    traced, admitted = edge("apigateway", "shop/prod"), edge(
        "apigateway", "a1b2c3", via=Via.POLICY, configured=True, age=25 * DAY
    )  # fmt: skip
    assert standing(traced, look(traced, admitted)).stands is Stands.EXPECTED
    new = replace(admitted, first_seen=NOW - HOUR)
    assert standing(traced, look(traced, new)).stands is Stands.TOLD_ELSEWHERE
    gone = replace(admitted, configured=False)
    assert standing(traced, look(traced, gone)).stands is Stands.UNEXPECTED


@pytest.mark.parametrize("kind", ["sns", "sqs", "events", "s3", "kinesis", "dynamodb"])
def test_one_configured_source_admits_no_other_of_its_kind(kind: str) -> None:
    known = edge(kind, "alerts", via=Via.POLICY, configured=True, age=25 * DAY)
    for name in ("evil", "alerts-2", "999999999999:alerts"):
        new = edge(kind, name)
        assert standing(new, look(new, known)).stands is Stands.UNEXPECTED


def test_a_new_source_covers_no_other_caller_of_its_kind() -> None:
    new = edge("sns", "alerts", via=Via.POLICY, configured=True)
    traced = edge("sns", "evil")
    assert standing(traced, look(traced, new)).stands is Stands.UNEXPECTED


def test_a_source_with_wildcards_admits_what_it_matches() -> None:
    known = edge("sns", "alerts-*", via=Via.POLICY, configured=True, age=25 * DAY)
    fits, other, foreign = (edge("sns", n) for n in ("alerts-eu", "news", "999999999999:alerts-eu"))
    assert standing(fits, look(fits, known)).reason == "the configuration admits SNS topic alerts-*"
    for one in (other, foreign):
        assert standing(one, look(one, known)).stands is Stands.UNEXPECTED


@pytest.mark.parametrize(
    ("configured", "traced"),
    [
        (Peer("apigateway", "a1b2c3"), Peer("apigateway", "shop/prod")),
        (Peer("events"), Peer("events", "nightly")),
        (Peer("events", "nightly"), Peer("events")),
    ],
)
def test_a_kind_suffices_only_where_names_cannot_meet_and_says_so(
    configured: Peer, traced: Peer
) -> None:
    known = edge(configured.kind, configured.name, via=Via.POLICY, configured=True, age=25 * DAY)
    caller = edge(traced.kind, traced.name)
    judged = standing(caller, look(caller, known))
    assert judged.stands is Stands.EXPECTED
    assert judged.reason.startswith("admitted by kind only")
    spy = edge("function", "spy")
    reported = finding(CALLER, look(caller, known, spy))
    assert f"{caller.peer.label} (admitted by kind only)" in reported.reason
    foreign = edge(traced.kind, f"999999999999:{traced.name}")
    assert standing(foreign, look(foreign, known)).stands is Stands.UNEXPECTED


def test_a_policy_for_a_service_of_another_account_admits_none_of_its_kind() -> None:
    known = edge("s3", "999999999999:", via=Via.POLICY, configured=True, age=25 * DAY)
    for name in ("999999999999:uploads", "uploads"):
        caller = edge("s3", name)
        assert standing(caller, look(caller, known)).stands is Stands.UNEXPECTED


def test_a_caller_without_traces_comes_with_a_new_source_or_is_news() -> None:
    client = edge("client")
    rule = edge("events", "nightly", via=Via.RULE, configured=True)
    assert standing(client, look(client, rule)).stands is Stands.TOLD_ELSEWHERE
    known = replace(rule, first_seen=NOW - 25 * DAY)
    assert standing(client, look(client, known)).stands is Stands.UNEXPECTED


def test_a_caller_of_another_account_is_worse() -> None:
    reported = finding(CALLER, look(edge("function", "999999999999:spy")))
    assert reported.severity is Severity.HIGH
    assert "another account" in reported.severity_reason


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("paste.example.com", Severity.HIGH),
        ("private address", Severity.MEDIUM),
        ("sqs.eu-west-1.amazonaws.com", Severity.MEDIUM),
        ("db.internal", Severity.MEDIUM),
        ("cache", Severity.MEDIUM),
    ],
)
def test_only_hosts_outside_are_a_way_out(name: str, severity: Severity) -> None:
    callee = edge("host", name, direction=Direction.CALLEE)
    assert finding(DOWNSTREAM, look(callee)).severity is severity


def test_several_new_edges_are_one_finding_with_the_unexpected_first() -> None:
    hosts = [edge("host", f"h{n}.example.com", direction=Direction.CALLEE) for n in range(8)]
    reported = finding(DOWNSTREAM, look(*hosts))
    assert "And 3 more." in reported.reason
    assert reported.title.startswith("Calls new things: host h0.example.com")


def test_one_that_becomes_known_is_no_news_and_one_that_joins_is() -> None:
    first = edge("function", "a", age=5 * HOUR)
    second = edge("function", "b", age=HOUR)
    both = finding(CALLER, look(first, second)).digest
    assert finding(CALLER, look(replace(first, first_seen=NOW - 8 * DAY), second)).digest == both
    assert finding(CALLER, look(first)).digest != both


def test_what_could_not_be_read_makes_verdicts_uncertain() -> None:
    assert all(not verdict.certain for verdict in judge(look(graph_unread="denied")))
    partly = judge(look(state=replace(LEARNT, unread=("reading the resource policy: Denied",))))
    assert {verdict.rule for verdict in partly if not verdict.certain} == {CALLER, DOWNSTREAM}


def test_intended_cycles_are_not_told() -> None:
    way = (Peer("function", "orders"), Peer("sqs", "jobs"))
    state = replace(LEARNT, cycles=(Cycle(way, NOW - HOUR, NOW - HOUR),))
    assert finding(CYCLE, look(state=state)).severity is Severity.HIGH
    for policy in (FlowPolicy(intended_cycles=("ord*",)), FlowPolicy(intended_cycles=("orders",))):
        assert not any(verdict.findings for verdict in judge(look(state=state, policy=policy)))


def test_silence_needs_a_longer_quiet_than_ever() -> None:
    busy = edge(
        "sqs", "jobs", age=25 * DAY, tally=Tally(5000, 0, 0),
        traced_first=NOW - 25 * DAY, traced_last=NOW - 20 * HOUR, longest_quiet=3600,
    )  # fmt: skip
    (silent,), complete = silences(look(busy, is_traced=True))
    assert complete
    assert silent.quiet == 20 * HOUR
    nightly = replace(busy, longest_quiet=8 * 3600)
    assert silences(look(nightly, is_traced=True)) == ([], True)
    rare = replace(busy, tally=Tally(100, 0, 0))
    assert silences(look(rare, is_traced=True)) == ([], True)
    young = replace(busy, traced_first=NOW - 3 * DAY)
    assert silences(look(young, is_traced=True)) == ([], True)
    assert silences(look(busy)) == ([], False)
    assert silences(look(busy, graph_unread="denied")) == ([], False)
    given_up = replace(busy, traced_last=NOW - 15 * DAY)
    assert silences(look(given_up, is_traced=True)) == ([], True)
