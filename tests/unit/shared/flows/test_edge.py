"""Counting windows once, and learning what is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.shared.flows.edge import (
    Direction,
    Edge,
    Sighting,
    Tally,
    Via,
    Window,
    with_configuration,
    with_traces,
)
from functions.shared.flows.peer import Peer
from functions.shared.flows.times import Times

START = datetime(2026, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEEP = timedelta(days=90)
QUEUE = Peer("sqs", "jobs")


def window(hour: int, hours: int = 1) -> Window:
    return Window(START + hour * HOUR, START + (hour + hours) * HOUR)


def seen(at: Window, calls: int = 5) -> Sighting:
    return Sighting(
        Direction.CALLER,
        QUEUE,
        Via.TRACE,
        at.since,
        at.until,
        Tally(calls, 1, 100 * calls),
        Times.of([(0.1, calls)]),
    )


def counted(edge: Edge | None, *hours: int) -> Edge:
    for hour in hours:
        edge = with_traces(edge, seen(window(hour)), window(hour), KEEP)
    assert edge is not None
    return edge


def test_a_window_counts_once() -> None:
    edge = counted(None, 0, 1)
    assert with_traces(edge, seen(window(1)), window(1), KEEP) is edge
    assert with_traces(edge, seen(window(0)), window(0), KEEP) is edge
    assert (edge.tally, edge.active) == (Tally(10, 2, 1000), 2)
    assert edge.tally.mean_milliseconds == 100


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40))
def test_no_order_of_deliveries_counts_a_window_twice(hours: list[int]) -> None:
    edge = counted(None, *hours)
    assert edge.tally.calls <= 5 * len(set(hours))
    assert edge.first_seen <= edge.last_seen


def test_what_is_usual_are_the_windows_before_the_latest() -> None:
    edge = counted(None, 0, 1, 2)
    assert (edge.times.calls, edge.usual.calls) == (5, 10)
    assert with_traces(edge, seen(window(2)), window(2), KEEP).usual == edge.usual
    wide = window(2, hours=2)
    assert with_traces(edge, seen(wide), wide, KEEP).usual == edge.usual


def test_a_busy_window_outweighs_no_other_and_what_is_old_fades() -> None:
    edge = with_traces(None, seen(window(0), 9000), window(0), KEEP)
    assert counted(edge, 1).usual.calls == 100
    for hour in range(1, 400):
        edge = with_traces(edge, seen(window(hour), 9000), window(hour), KEEP)
    assert 14 * 24 * 50 <= edge.usual.calls <= 14 * 24 * 100


def test_overlapping_windows_count_too_few_rather_than_twice() -> None:
    edge = counted(None, 0)
    wide = window(0, hours=2)
    after = with_traces(edge, seen(wide), wide, KEEP)
    assert after.tally == edge.tally
    assert after.last_seen == wide.until


def test_what_was_not_seen_for_long_begins_anew() -> None:
    edge = replace(counted(None, 0), revision=7)
    later = window(24 * 91)
    again = with_traces(edge, seen(later), later, KEEP)
    assert again.first_seen == later.since
    assert (again.tally.calls, again.revision) == (5, 7)


def test_the_longest_silence_grows_slowly() -> None:
    edge = counted(None, 0, 1, 12)
    assert edge.longest_quiet == 10 * 3600
    after = counted(edge, 13, 200)
    assert after.longest_quiet == 3 * 10 * 3600


def test_configuration_comes_and_goes() -> None:
    mapped = Sighting(Direction.CALLER, QUEUE, Via.MAPPING, START, START)
    (edge,) = with_configuration([], [mapped], frozenset({Via.MAPPING}), KEEP)
    assert edge.configured
    (refused,) = with_configuration([edge], [], frozenset({Via.POLICY}), KEEP)
    assert refused is edge
    (gone,) = with_configuration([edge], [], frozenset({Via.MAPPING}), KEEP)
    assert not gone.configured
    assert gone.first_seen == START


def test_traces_and_configuration_are_one_edge() -> None:
    mapped = Sighting(Direction.CALLER, QUEUE, Via.MAPPING, START, START)
    (edge,) = with_configuration([counted(None, 0)], [mapped], frozenset({Via.MAPPING}), KEEP)
    assert edge.via == {Via.MAPPING, Via.TRACE}
