"""Finding calls that lead back to where they began. Pure."""

from collections import deque
from collections.abc import Iterator, Mapping, Set
from typing import Final

from functions.shared.flows.peer import FUNCTION, Peer

CARRIERS: Final = frozenset({FUNCTION, "kinesis", "sns", "sqs"})
"""What hands on each call to whoever it invokes."""

POSSIBLE_CARRIERS: Final = frozenset({"dynamodb", "events", "s3"})
"""What hands on some calls: a bucket and a table what is written to them, a bus what a rule of it
matches. Traces tell neither, and a function that reads the object which invoked it is common."""

_MOST: Final = 50


def cycles(calls: Mapping[Peer, Set[Peer]]) -> list[tuple[Peer, ...]]:
    """The shortest cycle through each group of peers that call each other round.

    Args:
        calls: For each caller those that it calls; only `CARRIERS` are followed.

    Returns:
        Each cycle in the order of its calls, beginning with its first function by name; at most
        fifty, in order.
    """
    followed = _followed(calls, CARRIERS)
    found = []
    for group in _groups(followed):
        start = min(group, key=lambda peer: (peer.kind != FUNCTION, peer))
        found.append(_shortest(start, followed, group))
    return sorted(found)[:_MOST]


def possible_cycles(calls: Mapping[Peer, Set[Peer]]) -> list[tuple[Peer, ...]]:
    """The shortest way round through each bucket, table and rule that can hand on a call.

    Args:
        calls: For each caller those that it calls, and for each bucket, table and rule those that
            it invokes.

    Returns:
        Each in the order of its calls, beginning with its first function by name.
    """
    followed = _followed(calls, CARRIERS | POSSIBLE_CARRIERS)
    found = set()
    for group in _groups(followed):
        for start in group:
            if start.kind in POSSIBLE_CARRIERS:
                way = _shortest(start, followed, group)
                first = way.index(min(way, key=lambda peer: (peer.kind != FUNCTION, peer)))
                found.add((*way[first:], *way[:first]))
    return sorted(found)


def _followed(calls: Mapping[Peer, Set[Peer]], carriers: frozenset[str]) -> dict[Peer, list[Peer]]:
    return {
        caller: sorted(peer for peer in callees if peer.kind in carriers and peer.name)
        for caller, callees in calls.items()
        if caller.kind in carriers and caller.name
    }


def _groups(calls: Mapping[Peer, list[Peer]]) -> Iterator[frozenset[Peer]]:
    """Strongly connected components that hold a cycle, by Tarjan's algorithm without recursion."""
    index: dict[Peer, int] = {}
    low: dict[Peer, int] = {}
    stack: list[Peer] = []
    waiting: set[Peer] = set()
    for root in sorted(calls):
        if root in index:
            continue
        work = [(root, iter(calls.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        while work:
            peer, callees = work[-1]
            callee = next(callees, None)
            if callee is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[peer])
                if low[peer] == index[peer]:
                    group = _popped(stack, waiting, peer)
                    if len(group) > 1 or peer in calls.get(peer, ()):
                        yield group
            elif callee not in index:
                index[callee] = low[callee] = len(index)
                stack.append(callee)
                waiting.add(callee)
                work.append((callee, iter(calls.get(callee, ()))))
            elif callee in waiting:
                low[peer] = min(low[peer], index[callee])


def _popped(stack: list[Peer], waiting: set[Peer], last: Peer) -> frozenset[Peer]:
    group = set()
    while True:
        peer = stack.pop()
        waiting.discard(peer)
        group.add(peer)
        if peer == last:
            return frozenset(group)


def _shortest(
    start: Peer, calls: Mapping[Peer, list[Peer]], group: frozenset[Peer]
) -> tuple[Peer, ...]:
    before: dict[Peer, Peer] = {}
    queue = deque([start])
    while queue:
        peer = queue.popleft()
        for callee in calls.get(peer, ()):
            if callee == start:
                return _way(start, peer, before)
            if callee in group and callee not in before:
                before[callee] = peer
                queue.append(callee)
    raise AssertionError("a group without a cycle")


def _way(start: Peer, last: Peer, before: Mapping[Peer, Peer]) -> tuple[Peer, ...]:
    way = [last]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
