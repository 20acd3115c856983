"""What a function calls fails too often, or takes far longer than it did."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.anomaly_detector.flows.trouble import TROUBLED, trouble_verdict
from functions.shared.config import FlowPolicy
from functions.shared.core.severity import Severity
from functions.shared.flows.edge import Direction, Edge, Tally
from functions.shared.flows.state import ExplainingChange
from functions.shared.flows.times import NO_TIMES, Times
from tests.unit.anomaly_detector.flows.looks import DAY, HOUR, LEARNT, edge, finding, look
from tests.unit.conftest import NOW

USUAL = Times.of([(0.05, 700), (0.1, 250), (0.4, 50)])


def callee(calls: int = 50, faults: int = 0, seconds: float = 0.06, **more: Any) -> Edge:
    """A host that was called for weeks, and in the latest window like this."""
    made = edge("host", "pay.example.com", direction=Direction.CALLEE, age=25 * DAY)
    made = replace(
        made,
        recent=Tally(calls, faults, round(1000 * seconds * calls)),
        times=Times.of([(seconds, calls)]),
        usual=USUAL,
        traced_first=NOW - 25 * DAY,
        counted_until=NOW,
    )
    return replace(made, **more)


def troubled(one: Edge, **more: Any) -> tuple[bool, bool]:
    """Whether the verdict has a finding, and whether it is certain."""
    verdict = trouble_verdict(look(one, **more))
    return bool(verdict.findings), verdict.certain


@pytest.mark.parametrize(
    ("calls", "faults", "reported", "certain"),
    [
        (50, 45, True, True),
        (50, 10, False, True),  # a fifth, which may be chance
        (50, 16, True, True),
        (20, 8, True, True),
        (19, 19, False, False),
        (3, 0, False, True),
        (50, 0, False, True),
    ],
)
def test_faults_are_too_many_where_counts_show_it(
    calls: int, faults: int, reported: bool, certain: bool
) -> None:
    assert troubled(callee(calls, faults)) == (reported, certain)


@pytest.mark.parametrize(
    ("seconds", "calls", "reported"),
    [(0.06, 50, False), (0.25, 50, False), (0.5, 50, True), (9.0, 50, True), (9.0, 10, False)],
)
def test_calls_are_slow_far_beyond_what_the_edge_has_shown(
    seconds: float, calls: int, reported: bool
) -> None:
    assert troubled(callee(calls, seconds=seconds))[0] is reported


def test_a_few_slow_calls_are_none_too_many() -> None:
    some = Times.of([(0.06, 44), (9.0, 6)])
    assert troubled(callee(times=some)) == (False, True)


@pytest.mark.parametrize(
    "change",
    [
        {"usual": Times.of([(0.05, 50)])},
        {"usual": NO_TIMES},
        {"traced_first": NOW - 2 * DAY},
        {"times": NO_TIMES},
        {"counted_until": NOW - 25 * HOUR},
    ],
)
def test_without_enough_to_compare_nothing_is_slow(change: dict[str, Any]) -> None:
    assert troubled(callee(seconds=9.0, **change))[0] is False


def test_milliseconds_that_nobody_waits_for_are_not_slow() -> None:
    fast = Times.of([(0.002, 1000)])
    assert troubled(callee(seconds=0.05, usual=fast))[0] is False
    assert troubled(callee(seconds=0.2, usual=fast))[0] is True


def test_only_callees_that_do_not_tell_themselves_are_judged() -> None:
    function = edge("function", "billing", direction=Direction.CALLEE)
    for one in (
        replace(function, recent=Tally(50, 50, 0), counted_until=NOW),
        callee(50, 50, direction=Direction.CALLER),
    ):
        assert troubled(one) == (False, True)


def test_the_settings_say_what_is_too_large() -> None:
    assert troubled(callee(50, 45), least_share=0.95)[0] is False
    assert troubled(callee(10, 10), fewest_calls=5)[0] is True
    assert troubled(callee(seconds=0.5), policy=FlowPolicy(slow_factor=10))[0] is False


def test_that_traces_could_not_be_read_resolves_nothing() -> None:
    assert troubled(callee(), graph_unread="denied") == (False, False)


def test_the_finding_says_what_was_and_what_is() -> None:
    failing = finding(TROUBLED, look(callee(50, 45)))
    assert failing.severity is Severity.MEDIUM
    assert failing.title == "Calls to host pay.example.com fail: 45 of 50 (90%)"
    assert "45 of 50 traced calls to host pay.example.com ended in a fault" in failing.reason
    assert "90%" in failing.reason
    slow = finding(TROUBLED, look(callee(50, seconds=2.0)))
    assert slow.title == "Calls to host pay.example.com are slow"
    assert "50 of 50 traced calls to host pay.example.com took longer than" in slow.reason
    other = replace(callee(50, seconds=2.0), peer=edge("sqs", "jobs").peer)
    both = finding(TROUBLED, look(callee(50, 45), other))
    assert both.title.endswith("fail or are slow: 45 of 50 (90%)")


def test_a_deployment_that_is_near_is_named() -> None:
    deployed = ExplainingChange(NOW - timedelta(minutes=40), "code updated", "ci-role")
    reported = finding(TROUBLED, look(callee(50, 45), state=replace(LEARNT, changes=(deployed,))))
    assert "That was 40 minutes after the function's change by ci-role" in reported.reason
