"""Graphs to draw."""

from datetime import UTC, datetime, timedelta

from functions.shared.flows.cycles import cycles
from functions.shared.flows.edge import Tally, Via
from functions.shared.flows.graph import Graph, Link, Node
from functions.shared.flows.peer import Peer

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def link(
    caller: Peer, callee: Peer, calls: int = 10, *, faults: int = 0, is_new: bool = False
) -> Link:
    return Link(
        caller,
        callee,
        frozenset({Via.TRACE} if calls else {Via.POLICY}),
        NOW - timedelta(days=3),
        NOW,
        Tally(calls, faults, 80 * calls),
        configured=not calls,
        is_new=is_new,
    )


def graph(*links: Link) -> Graph:
    peers = sorted({peer for one in links for peer in (one.caller, one.callee)})
    calls: dict[Peer, set[Peer]] = {}
    for one in links:
        calls.setdefault(one.caller, set()).add(one.callee)
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:"
    return Graph(
        NOW,
        tuple(Node(p, f"{arn}{p.name}" if p.kind == "function" else "") for p in peers),
        links,
        tuple(cycles(calls)),
    )
