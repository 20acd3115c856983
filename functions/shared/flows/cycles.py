"""Finding calls that lead back to where they began. Pure."""

from collections import deque
from collections.abc import Iterator, Mapping, Set
from typing import Final

from functions.shared.flows.peer import FUNCTION, Peer

CARRIERS: Final = frozenset({FUNCTION, "kinesis", "sns", "sqs"})
"""What hands on each call to whoever it invokes. Buckets and tables do so too, but a function that
reads the object or item which invoked it is the rule there, and traces do not tell reading from
writing."""

_MOST: Final = 50


def cycles(calls: Mapping[Peer, Set[Peer]]) -> list[tuple[Peer, ...]]:
    """The shortest cycle through each group of peers that call each other round.

    Args:
        calls: For each caller those that it calls; only `CARRIERS` are followed.

    Returns:
        Each cycle in the order of its calls, beginning with its first function by name; at most
        fifty, in order.
    """
    followed = {
        caller: sorted(peer for peer in callees if peer.kind in CARRIERS and peer.name)
        for caller, callees in calls.items()
        if caller.kind in CARRIERS and caller.name
    }
    found = []
    for group in _groups(followed):
        start = min(group, key=lambda peer: (peer.kind != FUNCTION, peer))
        found.append(_shortest(start, followed, group))
    return sorted(found)[:_MOST]


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
