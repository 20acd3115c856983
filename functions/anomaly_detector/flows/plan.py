"""Planning a look: which window, whose configuration, which functions. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from functions.anomaly_detector.flows.circles import cycles_by_teller
from functions.anomaly_detector.flows.message import MOST_EDGES, FunctionFlows, TracedEdge
from functions.anomaly_detector.flows.service_graph import LONGEST_READING, Traced
from functions.shared.flows.edge import Direction, Sighting, Window
from functions.shared.flows.peer import HOST, Peer
from functions.shared.flows.state import FlowState

# Segments arrive seconds after the call, some minutes late where the daemon buffers.
_SETTLING: Final = timedelta(minutes=5)
_CATCH_UP: Final = timedelta(hours=24)
_ASK_AGAIN: Final = timedelta(hours=24)
_MOST_ASKED: Final = 500


def next_window(looked_until: datetime | None, until: datetime | None, now: datetime) -> Window:
    """The traces to read: from the last look to a few minutes ago, at most a day back.

    Args:
        looked_until: End of the last window; None before the first look.
        until: End that was asked for; None for the latest possible.
        now: The time.

    Returns:
        A window, empty where nothing can have been added.
    """
    latest = now - _SETTLING
    end = (min(until, latest) if until else latest).replace(second=0, microsecond=0)
    start = looked_until or end - LONGEST_READING
    return Window(max(start, end - _CATCH_UP), end)


def to_ask(states: Mapping[str, FlowState], active: Iterable[str], now: datetime) -> frozenset[str]:
    """Names of the functions whose configuration is read in this look.

    What changed comes first, then what was never read, then what was not read for a day; at most
    some hundred, so that deployments keep their share of Lambda's control plane.
    """
    due = []
    for name in {*states, *active}:
        state = states.get(name)
        asked = state.asked_at if state else None
        changed = state.changed_at if state else None
        if asked is not None and changed is not None and changed >= asked:
            due.append((0, asked.timestamp(), name))
        elif asked is None:
            due.append((1, 0.0, name))
        elif now - asked >= _ASK_AGAIN:
            due.append((2, asked.timestamp(), name))
    return frozenset(name for _, _, name in sorted(due)[:_MOST_ASKED])


def to_tell(
    traced: Traced,
    states: Mapping[str, FlowState],
    *,
    active: Sequence[str],
    ask: frozenset[str],
    own_functions: Collection[str],
    expected_peers: Sequence[str],
) -> list[FunctionFlows]:
    """What each function is told, in the order of their names; those that read come first.

    Besides those with traces or to be asked, functions that ever had traces are judged: an edge
    that shows nothing may have gone silent.

    Args:
        traced: What the window's traces show.
        states: What is remembered, by function name.
        active: Names of the functions that were invoked lately.
        ask: Names of those whose configuration is read.
        own_functions: Names of Warden's own functions: they write to their own queues by design.
        expected_peers: Patterns of peers that are never told of.
    """
    rounds = cycles_by_teller(traced, states, own_functions)
    known = {name for name, state in states.items() if state.observations}
    names = sorted({*traced.sightings, *ask, *known, *rounds}, key=lambda n: (n not in ask, n))
    alive = {*active, *traced.sightings, *traced.functions}
    return [
        _reported(
            name,
            gathered(traced.sightings.get(name, ()), expected_peers),
            ask=name in ask,
            active=name in alive,
            is_traced=name in traced.functions,
            rounds=rounds.get(name, []),
        )
        for name in names
    ]


def gathered(sightings: Iterable[Sighting], expected_peers: Sequence[str]) -> list[Sighting]:
    """Sightings in which all hosts that one pattern expects are one peer, named by the pattern."""
    found: dict[tuple[Direction, Peer], Sighting] = {}
    for seen in sightings:
        pattern = next((p for p in expected_peers if "*" in p and fnmatchcase(seen.peer.id, p)), "")
        if seen.peer.kind == HOST and pattern:
            seen = replace(seen, peer=Peer(HOST, pattern.removeprefix(f"{HOST}:")))  # noqa: PLW2901
        key = (seen.direction, seen.peer)
        found[key] = seen.joined(found[key]) if key in found else seen
    return list(found.values())


def _reported(
    name: str,
    sightings: Sequence[Sighting],
    *,
    ask: bool,
    active: bool,
    is_traced: bool,
    rounds: Sequence[tuple[Peer, ...]],
) -> FunctionFlows:
    kept: list[Sighting] = []
    omitted = 0
    for direction in Direction:
        side = [s for s in sightings if s.direction is direction]
        side.sort(key=lambda seen: (-seen.tally.calls, seen.peer))
        kept += side[:MOST_EDGES]
        omitted += len(side[MOST_EDGES:])
    return FunctionFlows(
        name=name,
        edges=tuple(TracedEdge.of(seen) for seen in kept),
        omitted=omitted,
        ask=ask,
        active=active,
        is_traced=is_traced,
        cycles=tuple(tuple((peer.kind, peer.name) for peer in way) for way in rounds),
    )


def by_name(states: Iterable[FlowState], account: str, region: str) -> dict[str, FlowState]:
    """The states of the functions of an account and region, by name."""
    return {
        state.function.name: state
        for state in states
        if (state.function.account, state.function.region) == (account, region)
    }
