"""Which functions' calls lead back to them, from traced calls and configured sources. Pure.

Source: Lambda developer guide, "Using Lambda recursive loop detection to prevent infinite loops",
and "Recursive patterns that cause run-away Lambda functions": a function writes to the bucket,
table, queue, topic or bus that invokes it.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from typing import Final

from functions.anomaly_detector.flows.message import MOST_CYCLES
from functions.anomaly_detector.flows.service_graph import Traced
from functions.anomaly_detector.flows.standing import is_own_function
from functions.shared.flows.cycles import cycles, possible_cycles
from functions.shared.flows.edge import Direction
from functions.shared.flows.peer import FUNCTION, Peer
from functions.shared.flows.state import FlowState

_BUS: Final = "events"


def cycles_by_teller(
    traced: Traced, states: Mapping[str, FlowState], own_functions: Collection[str]
) -> dict[str, list[tuple[Peer, ...]]]:
    """The cycles among traced calls and configured sources, by the function that tells of each.

    Args:
        traced: What the window's traces show.
        states: What is remembered, by function name.
        own_functions: Names of Warden's own functions: they write to their own queues by design.
    """
    calls: dict[Peer, set[Peer]] = {}
    for name, sightings in traced.sightings.items():
        for seen in sightings:
            function = Peer(FUNCTION, name)
            pair = (
                (seen.peer, function)
                if seen.direction is Direction.CALLER
                else (function, seen.peer)
            )
            calls.setdefault(pair[0], set()).add(pair[1])
    rules: set[Peer] = set()
    for name, state in states.items():
        for source in state.sources:
            calls.setdefault(source, set()).add(Peer(FUNCTION, name))
            rules |= {source} if source.kind == _BUS else set()
    found: dict[str, list[tuple[Peer, ...]]] = {}
    for way in (*cycles(calls), *possible_cycles(_through_buses(calls, rules))):
        functions = [peer.name for peer in way if is_own_function(peer)]
        if functions and not set(functions) & set(own_functions):
            found.setdefault(functions[0], []).append(way)
    return {name: ways[:MOST_CYCLES] for name, ways in found.items()}


def _through_buses(calls: Mapping[Peer, Set[Peer]], rules: Iterable[Peer]) -> dict[Peer, Set[Peer]]:
    """Calls in which whoever sends events to a bus calls the rules of it.

    Those of the default bus may be schedules, which no event sets off, and are left out. Where
    traces name no bus, it may be any of the others.
    """
    by_bus: dict[str, set[Peer]] = {}
    for rule in rules:
        bus, slash, _ = rule.name.partition("/")
        if slash:
            by_bus.setdefault(bus, set()).add(rule)
    anywhere = {rule for found in by_bus.values() for rule in found}

    def led_on(callee: Peer) -> set[Peer]:
        if callee.kind != _BUS:
            return {callee}
        return {callee, *(by_bus.get(callee.name, set()) if callee.name else anywhere)}

    return {
        caller: {peer for callee in callees for peer in led_on(callee)}
        for caller, callees in calls.items()
    }
