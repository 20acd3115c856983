"""The verdict on calls that lead back to where they began. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final

from functions.anomaly_detector.flows.explanation import nearest
from functions.anomaly_detector.flows.standing import FlowLook
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.flows.edge import Direction
from functions.shared.flows.novelty import novelty
from functions.shared.flows.peer import FUNCTION, Peer
from functions.shared.flows.state import Cycle
from functions.shared.guarding.by_hand import limit_by_hand

CYCLE: Final = "invocation-cycle"

_RECURSION: Final = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html"
_RUNS: Final = timedelta(hours=24)
_BUS: Final = "events"


def cycle_verdict(look: FlowLook) -> Verdict:
    """The cycles that are told of a function: those that are certain, and those that may be."""
    running = [cycle for cycle in look.state.cycles if _is_reported(cycle, look)]
    certain = [cycle for cycle in running if cycle.is_certain]
    possible = [cycle for cycle in running if not cycle.is_certain and _is_new(cycle, look)]
    findings = [
        *([_cycle(look, certain)] if certain else []),
        *([_possible_cycle(look, possible)] if possible else []),
    ]
    return Verdict(CYCLE, tuple(findings), certain=not look.graph_unread)


def _cycle(look: FlowLook, running: Sequence[Cycle]) -> Finding:
    newest = max(running, key=lambda cycle: cycle.first_seen)
    return Finding(
        rule=CYCLE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="An endless loop costs money until somebody stops it.",
        function=look.function,
        title="Invocation cycle: calls lead back to the same function",
        reason=f"Calls go round: {listed([cycle.label for cycle in running], 3)}. Each round is "
        f"billed, and nothing but a condition in the code ends it. {_since(newest, look)}",
        remedy=f"Write to another place than the one that invokes the function, or {_stop(look)}",
        evidence={"cycles": [cycle.label for cycle in running]},
        links=(_RECURSION,),
        update_key=newest.first_seen.isoformat(),
    )


def _possible_cycle(look: FlowLook, running: Sequence[Cycle]) -> Finding:
    newest = max(running, key=lambda cycle: cycle.first_seen)
    by_bus = all(any(peer.kind == _BUS for peer in cycle.peers) for cycle in running)
    return Finding(
        rule=CYCLE,
        kind=Kind.ANOMALY,
        severity=Severity.LOW if by_bus else Severity.MEDIUM,
        severity_reason="Functions that answer on the bus which invoked them are common; whether "
        "the rule matches the answer is not known."
        if by_bus
        else "If it writes there, each round invokes it again and is billed; it may only read.",
        function=look.function,
        subject="possible",
        title="Possible cycle: calls may lead back to where they began",
        reason=f"A possible cycle: {listed([cycle.label for cycle in running], 3)}. Whoever is "
        "called there may invoke the function again; traces do not show what it reads, "
        f"nor which events a rule matches. {_since(newest, look)}",
        remedy="Look whether the function writes there what invokes it: another bucket, another "
        "prefix or a narrower pattern ends it. If it only reads, do nothing: after "
        f"{look.learning_time} it counts as known; or {_stop(look)}",
        evidence={"possible_cycles": [cycle.label for cycle in running]},
        links=(_RECURSION,),
        update_key=newest.first_seen.isoformat(),
    )


def _since(newest: Cycle, look: FlowLook) -> str:
    near = nearest(newest.first_seen, look.changes)
    return (
        f"First seen at {newest.first_seen:%Y-%m-%d %H:%M} UTC, {f'{near}, ' if near else ''}"
        "never while the flows were learnt."
    )


def _stop(look: FlowLook) -> str:
    return (
        "list it under detector.flows.intended_cycles if it is intended. To stop it now, if it "
        f"runs away: {limit_by_hand(look.function, Unknown('flows do not show it'))}"
    )


def _is_reported(cycle: Cycle, look: FlowLook) -> bool:
    state = look.state
    if state.learned_at is None or cycle.first_seen <= state.learned_at:
        return False
    if look.now - cycle.last_seen > _RUNS:
        return False
    return not _is_intended(cycle.peers, look.policy.intended_cycles)


def _is_new(cycle: Cycle, look: FlowLook) -> bool:
    """Whether a possible cycle is new; one of known edges only is how the function always worked.

    A way through other functions too is as new as its first sighting.
    """
    if sum(peer.kind == FUNCTION for peer in cycle.peers) > 1:
        return look.now - cycle.first_seen < timedelta(days=max(look.policy.learning_days, 1))
    return any(
        novelty(edge, look.state, look.policy.learning_days, look.now).is_new
        for edge in look.edges
        if edge.peer in cycle.peers
        or (edge.peer.kind == _BUS and edge.direction is Direction.CALLEE)
    )


def _is_intended(peers: Sequence[Peer], patterns: Sequence[str]) -> bool:
    """Whether a cycle leads through a function whose cycles are intended."""
    return any(fnmatchcase(peer.name, pattern) for peer in peers for pattern in patterns)
