"""Where nodes stand when a graph is drawn: in columns, callers to the left. Pure.

The way of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
structures", 1981): leave out the links that close a cycle, put each node one column right of its
callers, let links that skip columns pass through slots of their own, and order each column by the
mean position of its neighbours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from functions.shared.flows.peer import Peer

_SWEEPS: Final = 8


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place in a column: a node's own, or a bend of a link that passes through."""

    peer: Peer
    passing_to: Peer | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns from left to right, each from top to bottom, and the way of each link."""

    columns: tuple[tuple[Slot, ...], ...]
    ways: Mapping[tuple[Peer, Peer], tuple[Slot, ...]]


def lay_out(peers: Sequence[Peer], links: Iterable[tuple[Peer, Peer]]) -> Layout:
    """Place peers so that most links lead from left to right and few of them cross."""
    pairs = sorted({(a, b) for a, b in links if a != b})
    forward = _without_cycles(peers, pairs)
    column = _columns(peers, forward)
    ways: dict[tuple[Peer, Peer], tuple[Slot, ...]] = {}
    columns: list[list[Slot]] = [[] for _ in range(max(column.values(), default=0) + 1)]
    for peer in peers:
        columns[column[peer]].append(Slot(peer, None, column[peer]))
    for a, b in pairs:
        start, end = column[a], column[b]
        step = 1 if end > start else -1
        bends = [Slot(a, b, at) for at in range(start + step, end, step)] if start != end else []
        for slot in bends:
            columns[slot.column].append(slot)
        ways[a, b] = (Slot(a, None, start), *bends, Slot(b, None, end))
    return Layout(tuple(map(tuple, _ordered(columns, ways.values()))), ways)


def _without_cycles(
    peers: Sequence[Peer], pairs: Sequence[tuple[Peer, Peer]]
) -> list[tuple[Peer, Peer]]:
    """The links without those that lead back into the way by which they were reached."""
    callees: dict[Peer, list[Peer]] = {peer: [] for peer in peers}
    called = set()
    for a, b in pairs:
        callees[a].append(b)
        called.add(b)
    kept: list[tuple[Peer, Peer]] = []
    done: set[Peer] = set()
    on_the_way: set[Peer] = set()
    for root in sorted(peers, key=lambda peer: (peer in called, peer)):
        if root in done:
            continue
        work = [(root, iter(callees[root]))]
        on_the_way.add(root)
        while work:
            peer, rest = work[-1]
            callee = next(rest, None)
            if callee is None:
                work.pop()
                on_the_way.discard(peer)
                done.add(peer)
            elif callee not in on_the_way:
                kept.append((peer, callee))
                if callee not in done:
                    on_the_way.add(callee)
                    work.append((callee, iter(callees[callee])))
    return kept


def _columns(peers: Sequence[Peer], forward: Sequence[tuple[Peer, Peer]]) -> dict[Peer, int]:
    """One column right of the rightmost caller; who is called by nobody stands by its callees."""
    callees: dict[Peer, list[Peer]] = {}
    waiting = dict.fromkeys(peers, 0)
    for a, b in forward:
        callees.setdefault(a, []).append(b)
        waiting[b] += 1
    column = dict.fromkeys(peers, 0)
    roots = [peer for peer in peers if not waiting[peer]]
    ready = list(roots)
    while ready:
        peer = ready.pop()
        for callee in callees.get(peer, ()):
            column[callee] = max(column[callee], column[peer] + 1)
            waiting[callee] -= 1
            if not waiting[callee]:
                ready.append(callee)
    for peer in roots:
        if peer in callees:
            column[peer] = min(column[callee] for callee in callees[peer]) - 1
    return column


def _ordered(columns: list[list[Slot]], ways: Iterable[tuple[Slot, ...]]) -> list[list[Slot]]:
    left: dict[Slot, list[Slot]] = {}
    right: dict[Slot, list[Slot]] = {}
    for way in ways:
        for a, b in pairwise(way):
            first, second = (a, b) if a.column < b.column else (b, a)
            if first.column != second.column:
                right.setdefault(first, []).append(second)
                left.setdefault(second, []).append(first)
    for column in columns:
        column.sort(key=_by_name)
    # Columns differ in length: positions are compared as shares of them.
    place = {
        slot: (number + 0.5) / len(column)
        for column in columns
        for number, slot in enumerate(column)
    }
    for sweep in range(_SWEEPS):
        neighbours = left if sweep % 2 == 0 else right
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            _sort(column, neighbours, place)
    return columns


def _sort(
    column: list[Slot], neighbours: Mapping[Slot, list[Slot]], place: dict[Slot, float]
) -> None:
    def mean(slot: Slot) -> float:
        near = neighbours.get(slot, [])
        return sum(place[one] for one in near) / len(near) if near else place[slot]

    column.sort(key=lambda slot: (mean(slot), _by_name(slot)))
    for number, slot in enumerate(column):
        place[slot] = (number + 0.5) / len(column)


def _by_name(slot: Slot) -> tuple[Peer, Peer]:
    return slot.peer, slot.passing_to or slot.peer
