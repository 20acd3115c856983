"""`Graph`: the stored edges of functions as nodes and links, exported as data.

`document` and `from_document` are each other's inverse; docs/flows.md describes the format.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.flows.cycles import cycles
from functions.shared.flows.edge import NONE, Direction, Edge, Tally, Via
from functions.shared.flows.novelty import novelty
from functions.shared.flows.peer import FUNCTION, Peer
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore

VERSION: Final = "1.0"


class DocumentError(ValueError):
    """A document that is no graph; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Node:
    """A function, or what calls or is called by one.

    Attributes:
        peer: What it is.
        function: The function's ARN; empty for anything else.
        learning: Whether the function's flows are still being learnt.
    """

    peer: Peer
    function: str = ""
    learning: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One caller and one callee.

    Attributes:
        caller: Who calls.
        callee: Who is called.
        via: How that is known.
        first_seen: When it was first seen.
        last_seen: When it was last seen.
        tally: All its traced calls.
        recent: Those of the latest window that showed any.
        configured: Whether the callee's configuration shows it now.
        is_new: Whether it is neither learnt nor known for long.
        p90_milliseconds: What 90 % of the calls of that window stayed below, to a quarter; None
            where X-Ray does not tell.
    """

    caller: Peer
    callee: Peer
    via: frozenset[Via]
    first_seen: datetime
    last_seen: datetime
    tally: Tally = NONE
    recent: Tally = NONE
    configured: bool = False
    is_new: bool = False
    p90_milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Who calls whom, as far as it is remembered.

    Attributes:
        made_at: When it was put together.
        nodes: In the order of their peers.
        links: In the order of caller and callee.
        cycles: Calls that lead back to where they began, each in the order of its calls.
    """

    made_at: datetime
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    cycles: tuple[tuple[Peer, ...], ...] = ()


def read_graph(
    store: FlowStore, learning_days: int, now: datetime, only: FunctionArn | None = None
) -> Graph:
    """Put the stored edges together.

    Args:
        store: What is remembered.
        learning_days: Days of learning, which tell new links from known ones.
        now: The time.
        only: A function whose callers and callees are wanted; None for all functions.
    """
    states = [store.state(only)] if only else list(store.states())
    return graph_of(
        [
            (state, [e for e in store.edges(state.function) if now - e.last_seen <= store.keep])
            for state in states
        ],
        learning_days,
        now,
    )


def graph_of(
    known: Iterable[tuple[FlowState, Sequence[Edge]]], learning_days: int, now: datetime
) -> Graph:
    """A graph of functions and their edges. Pure.

    An edge between two functions is remembered for both; here it is one link.
    """
    nodes: dict[Peer, Node] = {}
    links: dict[tuple[Peer, Peer], Link] = {}
    for state, edges in known:
        own = Peer(FUNCTION, state.function.name)
        nodes[own] = Node(own, str(state.function), learning=state.learned_at is None)
        for edge in edges:
            nodes.setdefault(edge.peer, Node(edge.peer))
            link = _link(own, edge, state, learning_days, now)
            key = (link.caller, link.callee)
            links[key] = _joined(links.get(key), link)
    calls: dict[Peer, set[Peer]] = {}
    for caller, callee in links:
        calls.setdefault(caller, set()).add(callee)
    return Graph(
        now,
        tuple(nodes[peer] for peer in sorted(nodes)),
        tuple(links[key] for key in sorted(links)),
        tuple(cycles(calls)),
    )


def document(graph: Graph) -> dict[str, Any]:
    """The graph as JSON holds it."""
    return {
        "version": VERSION,
        "generated_at": graph.made_at.isoformat(),
        "nodes": [
            {
                "id": node.peer.id,
                "kind": node.peer.kind,
                "name": node.peer.name,
                "label": node.peer.label,
                "function": node.function,
                "learning": node.learning,
            }
            for node in graph.nodes
        ],
        "edges": [
            {
                "from": link.caller.id,
                "to": link.callee.id,
                "via": sorted(link.via),
                "first_seen": link.first_seen.isoformat(),
                "last_seen": link.last_seen.isoformat(),
                "configured": link.configured,
                "new": link.is_new,
                "traced": _tally(link.tally),
                "latest_window": {
                    **_tally(link.recent),
                    "p90_milliseconds": link.p90_milliseconds,
                },
            }
            for link in graph.links
        ],
        "cycles": [[peer.id for peer in way] for way in graph.cycles],
    }


def from_document(document: Mapping[str, Any]) -> Graph:
    """Read what `document` wrote.

    Raises:
        DocumentError: It is no such document.
    """
    try:
        if document["version"] != VERSION:
            raise DocumentError(f"version {document['version']!r}; this reads {VERSION}")
        peers = {node["id"]: Peer(node["kind"], node["name"]) for node in document["nodes"]}
        return Graph(
            datetime.fromisoformat(document["generated_at"]),
            tuple(
                Node(peers[node["id"]], node["function"], node["learning"])
                for node in document["nodes"]
            ),
            tuple(
                Link(
                    peers[edge["from"]],
                    peers[edge["to"]],
                    frozenset(Via(via) for via in edge["via"]),
                    datetime.fromisoformat(edge["first_seen"]),
                    datetime.fromisoformat(edge["last_seen"]),
                    _read_tally(edge["traced"]),
                    _read_tally(edge["latest_window"]),
                    edge["configured"],
                    edge["new"],
                    edge["latest_window"].get("p90_milliseconds"),
                )
                for edge in document["edges"]
            ),
            tuple(tuple(peers[id_] for id_ in way) for way in document["cycles"]),
        )
    except DocumentError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"no graph of flows: {type(error).__name__} at {error}") from error


def _link(own: Peer, edge: Edge, state: FlowState, learning_days: int, now: datetime) -> Link:
    caller, callee = (edge.peer, own) if edge.direction is Direction.CALLER else (own, edge.peer)
    return Link(
        caller,
        callee,
        edge.via,
        edge.first_seen,
        edge.last_seen,
        edge.tally,
        edge.recent,
        edge.configured,
        novelty(edge, state, learning_days, now).is_new,
        edge.times.within(0.9),
    )


def _joined(known: Link | None, link: Link) -> Link:
    if known is None:
        return link
    more, less = (link, known) if link.tally.calls > known.tally.calls else (known, link)
    return replace(
        more,
        via=known.via | link.via,
        first_seen=min(known.first_seen, link.first_seen),
        last_seen=max(known.last_seen, link.last_seen),
        configured=known.configured or link.configured,
        is_new=more.is_new or less.is_new,
    )


def _tally(tally: Tally) -> dict[str, int | None]:
    return {
        "calls": tally.calls,
        "faults": tally.faults,
        "mean_milliseconds": tally.mean_milliseconds,
        "milliseconds": tally.milliseconds,
    }


def _read_tally(document: Mapping[str, int]) -> Tally:
    return Tally(document["calls"], document["faults"], document["milliseconds"])
