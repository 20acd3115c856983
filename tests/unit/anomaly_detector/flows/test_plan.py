"""Which window, whose configuration, which pages."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from functions.anomaly_detector.flows.message import FunctionFlows, TracedEdge, pages
from functions.anomaly_detector.flows.plan import (
    gathered,
    next_window,
    to_ask,
    to_tell,
)
from functions.anomaly_detector.flows.service_graph import Traced
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.flows.edge import Window
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from tests.unit.anomaly_detector.flows.graphs import HOME, seen
from tests.unit.conftest import NOW

HOUR = Window(NOW, NOW + timedelta(hours=1))


def state(name: str, asked: datetime | None = None, **more: object) -> FlowState:
    function = FunctionArn.parse(name, account=HOME.account, region=HOME.region)
    return replace(FlowState(function, asked_at=asked), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looked", "until", "hours"),
    [
        (None, None, 6.0),
        (NOW - timedelta(hours=1, minutes=5), None, 1.0),
        (NOW - timedelta(days=5), None, 24.0),
        (NOW - timedelta(hours=3), NOW - timedelta(hours=2), 1.0),
        (NOW, NOW + timedelta(days=1), None),
    ],
)
def test_a_window_begins_where_the_last_one_ended(
    looked: datetime | None, until: datetime | None, hours: float | None
) -> None:
    window = next_window(looked, until, NOW)
    assert window.until <= NOW - timedelta(minutes=5)
    if hours is None:
        assert window.since >= window.until
    else:
        assert window.until - window.since == timedelta(hours=hours)


def test_what_changed_is_asked_first_and_nothing_more_often_than_daily() -> None:
    recent = NOW - timedelta(hours=2)
    states = {
        "fresh": state("fresh", recent),
        "changed": state("changed", recent, changed_at=NOW),
        "old": state("old", NOW - timedelta(hours=25)),
    }
    assert to_ask(states, ["never", "fresh"], NOW) == {"changed", "old", "never"}
    many = {f"f{n:04}": state(f"f{n:04}", NOW - timedelta(days=2)) for n in range(900)}
    asked = to_ask({**many, **states}, ["never"], NOW)
    assert len(asked) == 500
    assert {"changed", "never"} <= asked


def test_functions_that_ever_had_traces_are_judged_in_each_look() -> None:
    states = {"quiet": state("quiet", observations=5), "dark": state("dark")}
    reported = to_tell(
        seen([("client:", "fn:orders")], HOUR),
        states,
        active=["dark"],
        ask=frozenset({"dark"}),
        own_functions=WardenConfig().own_functions,
        expected_peers=(),
    )
    assert [(one.name, one.ask, one.active) for one in reported] == [
        ("dark", True, True), ("orders", False, True), ("quiet", False, False),
    ]  # fmt: skip


def test_a_crawlers_hosts_can_be_gathered_under_a_pattern() -> None:
    traced = seen([("fn:crawler", f"remote:h{n}.example.com") for n in range(300)], HOUR)
    assert len(gathered(traced.sightings["crawler"], ())) == 300
    (one,) = gathered(traced.sightings["crawler"], ("host:*.example.com",))
    assert (one.peer, one.tally.calls) == (Peer("host", "*.example.com"), 3000)


def test_a_function_with_too_many_callees_says_so() -> None:
    traced = seen([("fn:crawler", f"remote:h{n}.example.com") for n in range(300)], HOUR)
    (reported,) = to_tell(
        traced, {}, active=[], ask=frozenset(), own_functions=(), expected_peers=()
    )
    assert (len(reported.edges), reported.omitted) == (200, 100)


def test_pages_fit_a_queue_message() -> None:
    traced = seen([("fn:crawler", f"remote:{'h' * 190}{n}.example.com") for n in range(200)], HOUR)
    edges = tuple(TracedEdge.of(one) for one in traced.sightings["crawler"])
    functions = [FunctionFlows(name=f"f{n}", edges=edges) for n in range(10)]
    groups = pages([*functions, *(FunctionFlows(name=f"g{n}") for n in range(60))])
    assert [one.name for group in groups for one in group] == [
        *(f"f{n}" for n in range(10)), *(f"g{n}" for n in range(60)),
    ]  # fmt: skip
    assert max(len(group) for group in groups) == 25
    sizes = [sum(len(one.model_dump_json()) for one in group) for group in groups]
    assert max(sizes) < 200_000


def test_nothing_to_tell() -> None:
    nothing = to_tell(Traced(), {}, active=[], ask=frozenset(), own_functions=(), expected_peers=())
    assert nothing == []
    assert pages([]) == []
