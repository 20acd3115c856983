"""What is remembered of the looks at one function's flows, beside its edges. Pure."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final, TypeAlias

from pydantic import TypeAdapter

from functions.shared.core.arn import FunctionArn
from functions.shared.flows.cycles import POSSIBLE_CARRIERS
from functions.shared.flows.peer import Peer


@dataclass(frozen=True, slots=True)
class ExplainingChange:
    """A change of a function that can explain why an edge came or went.

    Attributes:
        at: When it was made.
        kind: What it touched: `ChangeKind` spells a deployment, `Access` who was let in or out.
        by: Who made it, a short name.
        peer: The caller that it let in or kept out; None where it names none.
    """

    at: datetime
    kind: str
    by: str
    peer: Peer | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Calls that lead back to where they began.

    Attributes:
        peers: The members in the order of the calls, the first one not repeated at the end.
        first_seen: When it was first seen.
        last_seen: When it was last seen.
    """

    peers: tuple[Peer, ...]
    first_seen: datetime
    last_seen: datetime

    @property
    def key(self) -> str:
        """What tells it apart: its members, in no order."""
        return " ".join(sorted(peer.id for peer in self.peers))

    @property
    def is_certain(self) -> bool:
        """Whether each member hands on every call; a bucket, a table and a rule may not."""
        return not any(peer.kind in POSSIBLE_CARRIERS for peer in self.peers)

    @property
    def label(self) -> str:
        """The way round, for people."""
        return " → ".join(peer.label for peer in (*self.peers, self.peers[0]))


@dataclass(frozen=True, slots=True)
class FlowState:
    """The looks at one function so far.

    Attributes:
        function: The function.
        since: The first look; learning begins here. None before it.
        learned_at: When traces had been learnt long enough; None while they are learnt.
        observations: Traced calls to and from the function, all together.
        looked_until: End of the latest window of traces that was judged.
        asked_at: When its configuration was last read; None if never.
        asked_since: When its configuration was first read in full; None if never.
        changed_at: When an event last told of a change; later than `asked_at`: read it anew.
        changes: The latest of these changes, the newest first.
        sources: The callers that its configuration shows.
        unread: Why something about it could not be read or kept; empty when all was.
        cycles: Cycles that it takes part in and is told of.
    """

    function: FunctionArn
    since: datetime | None = None
    learned_at: datetime | None = None
    observations: int = 0
    looked_until: datetime | None = None
    asked_at: datetime | None = None
    asked_since: datetime | None = None
    changed_at: datetime | None = None
    changes: tuple[ExplainingChange, ...] = ()
    sources: tuple[Peer, ...] = ()
    unread: tuple[str, ...] = ()
    cycles: tuple[Cycle, ...] = ()


_Row: TypeAlias = tuple[datetime, str, str] | tuple[datetime, str, str, str, str]
_CHANGES: Final = TypeAdapter(tuple[_Row, ...])
_PEERS: Final = TypeAdapter(tuple[tuple[str, str], ...])
_CYCLES: Final = TypeAdapter(tuple[Cycle, ...])


def changes_to_json(changes: Sequence[ExplainingChange]) -> str:
    """For the state table; `changes_from_json` reads it back."""
    rows = [(c.at, c.kind, c.by, *(astuple(c.peer) if c.peer else ())) for c in changes]
    return _CHANGES.dump_json(tuple(rows)).decode()


def changes_from_json(text: str) -> tuple[ExplainingChange, ...]:
    """Read what `changes_to_json` wrote.

    Raises:
        ValueError: The text is none of ours; as the others below.
    """
    return tuple(
        ExplainingChange(at, kind, by, Peer(*peer) if peer else None)
        for at, kind, by, *peer in _CHANGES.validate_json(text or "[]")
    )


def peers_to_json(peers: Sequence[Peer]) -> str:
    """For the state table and queue messages; `peers_from_json` reads it back."""
    return _PEERS.dump_json(tuple((peer.kind, peer.name) for peer in peers)).decode()


def peers_from_json(text: str) -> tuple[Peer, ...]:
    """Read what `peers_to_json` wrote."""
    return tuple(Peer(kind, name) for kind, name in _PEERS.validate_json(text or "[]"))


def cycles_to_json(cycles: Sequence[Cycle]) -> str:
    """For the state table; `cycles_from_json` reads it back."""
    return _CYCLES.dump_json(tuple(cycles)).decode()


def cycles_from_json(text: str) -> tuple[Cycle, ...]:
    """Read what `cycles_to_json` wrote."""
    return _CYCLES.validate_json(text or "[]")
