"""How one look moves on what is remembered of a function: edges, learning, cycles. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.flows.message import MOST_CYCLES, MOST_EDGES, FunctionFlows
from functions.anomaly_detector.flows.sources import Sources
from functions.shared.config import FlowPolicy
from functions.shared.flows.edge import Direction, Edge, Window, with_configuration, with_traces
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle, FlowState

_FEWEST_CALLS: Final = 5


def next_edges(
    known: Sequence[Edge],
    reported: FunctionFlows,
    window: Window | None,
    sources: Sources | None,
    keep: timedelta,
) -> tuple[list[Edge], int]:
    """The edges after a look.

    Args:
        known: The edges as they are remembered.
        reported: What the look reports.
        window: Its window of traces, None where none were read.
        sources: The function's configuration, None where it was not read.
        keep: How long an edge is remembered.

    Returns:
        All edges, those that did not change being the same objects; and how many new ones were
        left out because the function has too many.
    """
    edges = {edge.key: edge for edge in known}
    if window:
        for seen in (edge.sighting for edge in reported.edges):
            key = (seen.direction, seen.peer)
            edges[key] = with_traces(edges.get(key), seen, window, keep)
    after = list(edges.values())
    if sources:
        after = with_configuration(after, sources.sightings, sources.read, keep)
    left_out = reported.omitted
    kept = [edge for edge in after if edge.revision]
    for direction in Direction:
        room = MOST_EDGES - sum(edge.direction is direction for edge in kept)
        new = [edge for edge in after if not edge.revision and edge.direction is direction]
        kept += new[: max(room, 0)]
        left_out += len(new[max(room, 0) :])
    return kept, left_out


def next_state(
    state: FlowState,
    reported: FunctionFlows,
    window: Window | None,
    sources: Sources | None,
    edges: Sequence[Edge],
    *,
    left_out: int,
    created_at: datetime | None,
    policy: FlowPolicy,
    now: datetime,
) -> FlowState:
    """The state after a look; the same look told again changes nothing that counts.

    Args:
        state: What is remembered.
        reported: What the look reports.
        window: Its window of traces, None where none were read.
        sources: The function's configuration, None where it was not read.
        edges: The edges after the look.
        left_out: How many edges are not remembered because there are too many.
        created_at: When the function was last created, None where no event told of it.
        policy: The settings.
        now: The time.
    """
    at = window.until if window else now
    if state.since and created_at and created_at > state.since:
        # A new function of an old name begins anew; who called its predecessor stays known.
        state = FlowState(state.function, changes=state.changes, changed_at=state.changed_at)
    state = replace(state, since=state.since or at)
    if window and not (state.looked_until and window.until <= state.looked_until):
        calls = sum(edge.calls for edge in reported.edges)
        state = replace(state, observations=state.observations + calls, looked_until=window.until)
    if state.learned_at is None and _has_learnt(state, policy, at):
        state = replace(state, learned_at=at)
    if sources:
        state = replace(
            state,
            asked_at=now,
            asked_since=state.asked_since or (None if sources.unread else now),
            sources=tuple(sorted({edge.peer for edge in edges if edge.configured})),
            unread=sources.unread,
        )
    if left_out:
        cause = f"more than {MOST_EDGES} different callers or callees"
        state = replace(state, unread=tuple(dict.fromkeys((*state.unread, cause))))
    ways = [tuple(Peer(kind, name) for kind, name in way) for way in reported.cycles]
    return replace(state, cycles=_cycles(state.cycles, ways, at, policy))


def has_had_its_time(since: datetime | None, policy: FlowPolicy, at: datetime) -> bool:
    """Whether learning, begun at a time, has lasted twice its days: there will not be more."""
    return since is not None and at - since >= timedelta(days=2 * max(policy.learning_days, 1))


def fewest_calls(policy: FlowPolicy) -> int:
    """Traced calls below which a function's callers are never known; coverage tells of it."""
    return min(_FEWEST_CALLS, policy.learning_observations)


def _has_learnt(state: FlowState, policy: FlowPolicy, at: datetime) -> bool:
    """Whether enough was seen, or as much as there will ever be.

    X-Ray samples the first request of each second, so that few traces of a function mean few calls:
    it is known as well as one that is busy. Below a handful a second caller would be no surprise.
    """
    if state.since is None:
        return False
    if has_had_its_time(state.since, policy, at):
        return state.observations >= fewest_calls(policy)
    learning = timedelta(days=policy.learning_days)
    return at - state.since >= learning and state.observations >= policy.learning_observations


def _cycles(
    known: Iterable[Cycle], seen: Iterable[tuple[Peer, ...]], at: datetime, policy: FlowPolicy
) -> tuple[Cycle, ...]:
    keep = timedelta(days=policy.keep_days)
    cycles = {cycle.key: cycle for cycle in known if at - cycle.last_seen <= keep}
    for peers in seen:
        cycle = Cycle(peers, at, at)
        before = cycles.get(cycle.key)
        if before:
            cycle = replace(
                before, last_seen=max(before.last_seen, at), first_seen=min(before.first_seen, at)
            )
        cycles[cycle.key] = cycle
    # Those that are certain are kept first.
    newest = sorted(cycles.values(), key=lambda c: (c.is_certain, c.last_seen), reverse=True)
    return tuple(newest[:MOST_CYCLES])
