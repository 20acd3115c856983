"""`Edge`: one caller or callee of one function, and what has been seen of it so far. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from functions.shared.flows.peer import Peer
from functions.shared.flows.times import NO_TIMES, Times, with_window

# A silence that was told is learnt in part only: the next one of its kind is told again.
_LEARNT_SILENCE: Final = 3


class Direction(StrEnum):
    """On which side of the function the peer stands."""

    CALLER = "caller"
    CALLEE = "callee"


class Via(StrEnum):
    """How an edge is known."""

    TRACE = "trace"
    MAPPING = "event source mapping"
    POLICY = "resource policy"
    RULE = "rule target"
    URL = "function URL"


@dataclass(frozen=True, slots=True)
class Tally:
    """Traced calls over an edge. X-Ray samples, so these are fewer than there were.

    Attributes:
        calls: How many.
        faults: How many of them ended in a fault (a server's error).
        milliseconds: What all of them took together.
    """

    calls: int = 0
    faults: int = 0
    milliseconds: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.calls + other.calls,
            self.faults + other.faults,
            self.milliseconds + other.milliseconds,
        )

    @property
    def mean_milliseconds(self) -> int | None:
        """What a call took on average; None without calls."""
        return round(self.milliseconds / self.calls) if self.calls else None


NONE: Final = Tally()
"""No traced calls."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time that one reading of the service graph covers; aware, `since` included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One edge as one source showed it once.

    Attributes:
        direction: Caller or callee.
        peer: Who.
        via: Which source.
        first: When it was first seen in this reading.
        last: When it was last seen in this reading.
        tally: The calls, for traces.
        times: How long they took, where X-Ray tells.
    """

    direction: Direction
    peer: Peer
    via: Via
    first: datetime
    last: datetime
    tally: Tally = NONE
    times: Times = NO_TIMES

    def joined(self, other: "Sighting") -> "Sighting":
        """Both readings of the same edge as one."""
        return replace(
            self,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            tally=self.tally + other.tally,
            times=self.times + other.times,
        )


@dataclass(frozen=True, slots=True)
class Edge:
    """One caller or callee of a function, over all the time it has been known.

    Attributes:
        direction: Caller or callee.
        peer: Who.
        first_seen: When it was first seen.
        last_seen: When it was last seen, in traces or in the function's configuration.
        via: All sources that ever showed it.
        tally: All its traced calls.
        recent: Those of the latest window in which there were any.
        times: How long those took, where X-Ray tells.
        usual: How long calls took in the windows before; what is older than some weeks fades.
        traced_first: Its first traced call; None while it is known from configuration only.
        traced_last: Its latest traced call.
        active: In how many windows it was traced.
        longest_quiet: The longest time between two windows with calls, in seconds.
        counted_until: End of the latest window that is counted in.
        configured: Whether the function's configuration showed it when it was last read.
        revision: Counts the writes; an optimistic lock on the stored item.
    """

    direction: Direction
    peer: Peer
    first_seen: datetime
    last_seen: datetime
    via: frozenset[Via] = frozenset()
    tally: Tally = NONE
    recent: Tally = NONE
    traced_first: datetime | None = None
    traced_last: datetime | None = None
    active: int = 0
    longest_quiet: int = 0
    counted_until: datetime | None = None
    configured: bool = False
    revision: int = 0
    times: Times = NO_TIMES
    usual: Times = NO_TIMES

    @property
    def key(self) -> tuple[Direction, Peer]:
        """What tells the edges of one function apart."""
        return self.direction, self.peer


def with_traces(known: Edge | None, seen: Sighting, window: Window, keep: timedelta) -> Edge:
    """An edge after one window of traces was counted in; the same edge if it was before.

    Args:
        known: What is remembered of it, None for nothing.
        seen: What the window shows.
        window: The window.
        keep: What was not seen for longer is forgotten, and begins anew.
    """
    if known is None or seen.first - known.last_seen > keep:
        revision = known.revision if known else 0
        known = Edge(seen.direction, seen.peer, seen.first, seen.last, revision=revision)
    counted = known.counted_until
    if counted is not None and counted >= window.until:
        return known
    if counted is not None and counted > window.since:
        # Windows that overlap, as after a failed reading: better too few calls than some twice.
        tally, active, usual = known.tally, known.active, known.usual
    else:
        tally, active = known.tally + seen.tally, known.active + 1
        usual = with_window(known.usual, known.times)
    quiet = (seen.first - known.traced_last).total_seconds() if known.traced_last else 0
    if known.longest_quiet:
        quiet = min(quiet, _LEARNT_SILENCE * max(known.longest_quiet, 3600))
    return replace(
        known,
        first_seen=min(known.first_seen, seen.first),
        last_seen=max(known.last_seen, seen.last),
        via=known.via | {seen.via},
        tally=tally,
        recent=seen.tally,
        times=seen.times,
        usual=usual,
        traced_first=known.traced_first or seen.first,
        traced_last=max(known.traced_last or seen.last, seen.last),
        active=active,
        longest_quiet=max(known.longest_quiet, int(quiet)),
        counted_until=window.until,
    )


def with_configuration(
    known: Sequence[Edge], seen: Iterable[Sighting], sources: frozenset[Via], keep: timedelta
) -> list[Edge]:
    """Edges after the function's configuration was read.

    Args:
        known: The edges as they are remembered.
        seen: What the configuration shows now.
        sources: The parts of it that could be read: what they do not show is configured no more.
        keep: What was not seen for longer is forgotten, and begins anew.

    Returns:
        All edges, the new ones at the end; one that does not change is the same object.
    """
    edges = {edge.key: edge for edge in known}
    shown: dict[tuple[Direction, Peer], Sighting] = {}
    for sighting in seen:
        key = (sighting.direction, sighting.peer)
        shown[key] = sighting
        edge = edges.get(key)
        if edge is None or sighting.first - edge.last_seen > keep:
            revision = edge.revision if edge else 0
            edge = Edge(
                sighting.direction,
                sighting.peer,
                sighting.first,
                sighting.last,
                revision=revision,
            )
        edges[key] = replace(
            edge,
            last_seen=max(edge.last_seen, sighting.last),
            via=edge.via | {sighting.via},
            configured=True,
        )
    return [
        replace(edge, configured=False)
        if edge.configured and key not in shown and edge.via - {Via.TRACE} <= sources
        else edge
        for key, edge in edges.items()
    ]
