"""A change explains only what it can have caused, and what is near is named all the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.anomaly_detector.flows.access_changes import Access
from functions.anomaly_detector.flows.explanation import Changes, departure
from functions.anomaly_detector.flows.standing import Stands
from functions.anomaly_detector.flows.verdicts import CALLER, DOWNSTREAM
from functions.shared.config import FlowPolicy
from functions.shared.core.severity import Severity
from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import ExplainingChange
from tests.unit.anomaly_detector.flows.looks import (
    DAY,
    HOUR,
    LEARNT,
    edge,
    finding,
    look,
    only,
)

MINUTE = timedelta(minutes=1)
HOST = edge("host", "api.example.com", direction=Direction.CALLEE)
CRAWLER = edge("function", "crawler")
SPY = edge("function", "999999999999:spy")
TOPIC = edge("sns", "alerts", via=Via.POLICY)
DEPLOYED = ("created", "code updated", "configuration updated")


def before(one: Edge, span: timedelta, kind: str, peer: Peer | None = None) -> ExplainingChange:
    return ExplainingChange(one.first_seen - span, kind, "ci-role", peer)


def stands(one: Edge, *own: ExplainingChange, theirs: tuple[ExplainingChange, ...] = ()) -> Stands:
    state = replace(LEARNT, changes=own)
    return only(one, state=state, peer_changes={one.peer: theirs} if theirs else {})[0]


@pytest.mark.parametrize("kind", DEPLOYED)
@pytest.mark.parametrize(
    "caller", [CRAWLER, SPY, TOPIC, edge("client"), edge("sqs", "jobs", via=Via.MAPPING)]
)
def test_new_code_of_a_function_brings_no_caller(kind: str, caller: Edge) -> None:
    assert stands(caller, before(caller, 12 * MINUTE, kind)) is Stands.UNEXPECTED


@pytest.mark.parametrize("kind", DEPLOYED)
def test_new_code_of_a_function_brings_what_it_calls(kind: str) -> None:
    assert stands(HOST, before(HOST, 12 * MINUTE, kind)) is Stands.EXPLAINED
    called = edge("function", "crawler", direction=Direction.CALLEE)
    theirs = before(called, 12 * MINUTE, kind)
    assert stands(called, theirs=(theirs,)) is Stands.UNEXPECTED


@pytest.mark.parametrize("kind", DEPLOYED)
def test_new_code_of_a_caller_brings_its_calls(kind: str) -> None:
    assert stands(CRAWLER, theirs=(before(CRAWLER, 12 * MINUTE, kind),)) is Stands.EXPLAINED


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), Stands.EXPLAINED),
        (59 * MINUTE, Stands.EXPLAINED),
        (61 * MINUTE, Stands.UNEXPECTED),
        (22 * HOUR, Stands.UNEXPECTED),
        (-5 * MINUTE, Stands.EXPLAINED),
        (-30 * MINUTE, Stands.UNEXPECTED),
    ],
)
def test_only_what_comes_shortly_after_is_explained(span: timedelta, expected: Stands) -> None:
    assert stands(HOST, before(HOST, span, "code updated")) is expected


@pytest.mark.parametrize(
    ("one", "kind", "peer", "expected"),
    [
        (TOPIC, Access.PERMISSION_ADDED, Peer("sns", "alerts"), Stands.EXPLAINED),
        (TOPIC, Access.PERMISSION_ADDED, Peer("sns", "news"), Stands.UNEXPECTED),
        (TOPIC, Access.PERMISSION_ADDED, None, Stands.UNEXPECTED),
        (TOPIC, Access.PERMISSION_REMOVED, None, Stands.UNEXPECTED),
        (edge("sqs", "jobs", via=Via.MAPPING), Access.SOURCE_ADDED, Peer("sqs", "jobs"),
         Stands.EXPLAINED),
        (edge("sqs", "jobs", via=Via.MAPPING), Access.SOURCE_REMOVED, Peer("sqs", "jobs"),
         Stands.UNEXPECTED),
        (edge("kafka", "k:9092", via=Via.MAPPING), Access.SOURCE_ADDED, None, Stands.EXPLAINED),
        (edge("events", "nightly", via=Via.RULE), Access.TARGET_ADDED, Peer("events", "nightly"),
         Stands.EXPLAINED),
        (edge("url", "(AWS_IAM)", via=Via.URL), Access.URL_ADDED, Peer("url", "(AWS_IAM)"),
         Stands.EXPLAINED),
        (edge("apigateway", "shop/prod"), Access.PERMISSION_ADDED, Peer("apigateway", "a1b2"),
         Stands.EXPLAINED),
        (edge("sns", "evil"), Access.PERMISSION_ADDED, Peer("sns", "alerts"), Stands.UNEXPECTED),
        (SPY, Access.PERMISSION_ADDED, Peer("account", "999999999999"), Stands.EXPLAINED),
        (SPY, Access.PERMISSION_ADDED, Peer("account", "888888888888"), Stands.UNEXPECTED),
        (SPY, Access.PERMISSION_ADDED, Peer("sns", "alerts"), Stands.UNEXPECTED),
        (HOST, Access.PERMISSION_ADDED, Peer("host", "api.example.com"), Stands.UNEXPECTED),
    ],
)  # fmt: skip
def test_only_the_change_that_lets_a_caller_in_explains_it(
    one: Edge, kind: Access, peer: Peer | None, expected: Stands
) -> None:
    assert stands(one, before(one, 12 * MINUTE, kind, peer)) is expected


def test_what_is_read_from_the_configuration_was_added_since_the_look_before() -> None:
    change = before(TOPIC, 100 * MINUTE, Access.PERMISSION_ADDED, TOPIC.peer)
    assert stands(TOPIC, change) is Stands.EXPLAINED
    assert stands(replace(TOPIC, via=frozenset({Via.TRACE})), change) is Stands.UNEXPECTED


def test_a_change_that_explains_nothing_is_named_and_lowers_nothing() -> None:
    routine = replace(LEARNT, changes=(before(SPY, 12 * MINUTE, "code updated"),))
    reported = finding(CALLER, look(SPY, state=routine))
    assert reported.severity is Severity.HIGH
    assert (
        "explains it; it came 12 minutes after the function's change by ci-role" in reported.reason
    )
    old = replace(LEARNT, changes=(before(HOST, 22 * HOUR, "code updated"),))
    reported = finding(DOWNSTREAM, look(HOST, state=old))
    assert reported.severity is Severity.HIGH
    assert "22 hours after the function's change by ci-role (code updated)" in reported.reason
    ancient = replace(LEARNT, changes=(before(HOST, 2 * DAY, "code updated"),))
    assert "after" not in finding(DOWNSTREAM, look(HOST, state=ancient)).reason


def test_one_explained_edge_lowers_no_other() -> None:
    state = replace(LEARNT, changes=(before(TOPIC, MINUTE, Access.PERMISSION_ADDED, TOPIC.peer),))
    assert finding(CALLER, look(TOPIC, CRAWLER, state=state)).severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("one", "kind", "whose", "explained"),
    [
        (CRAWLER, "code updated", "theirs", True),
        (CRAWLER, "code updated", "own", False),
        (HOST, "code updated", "own", True),
        (TOPIC, Access.PERMISSION_REMOVED, "own", True),
        (TOPIC, Access.SOURCE_REMOVED, "own", False),
        (CRAWLER, Access.PERMISSION_REMOVED, "own", False),
    ],
)
def test_what_explains_that_an_edge_is_silent(
    one: Edge, kind: str, whose: str, explained: bool
) -> None:
    last = one.first_seen
    change = ExplainingChange(last + 5 * MINUTE, kind, "ci-role")
    changes = Changes((change,)) if whose == "own" else Changes((), {one.peer: (change,)})
    assert bool(departure(one, last, changes, FlowPolicy())) is explained


def test_a_silence_begins_after_the_last_call_that_was_sampled() -> None:
    rare = replace(HOST, longest_quiet=3 * 3600)
    changes = Changes((ExplainingChange(rare.first_seen + 2 * HOUR, "code updated", "ci-role"),))
    assert departure(rare, rare.first_seen, changes, FlowPolicy())
    assert not departure(HOST, HOST.first_seen, changes, FlowPolicy())
