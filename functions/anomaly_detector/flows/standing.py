"""How one edge stands: expected, still learnt, explained by a change, or unexpected. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from functions.anomaly_detector.flows.admission import Admission, admission
from functions.anomaly_detector.flows.explanation import Changes, arrival, nearest
from functions.shared.config import FlowPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.novelty import novelty
from functions.shared.flows.peer import ACCOUNT, CLIENT, FUNCTION, PRINCIPAL, URL, Peer
from functions.shared.flows.state import ExplainingChange, FlowState


class Stands(StrEnum):
    """What is thought of an edge."""

    EXPECTED = "expected"
    EXPLAINED = "explained"
    UNEXPECTED = "unexpected"
    TOLD_ELSEWHERE = "told elsewhere"


@dataclass(frozen=True, slots=True)
class EdgeStanding:
    """An edge and what is thought of it.

    Attributes:
        edge: The edge.
        stands: What is thought of it.
        reason: Why, as a clause.
        by_kind_only: Whether it is expected because the configuration admits one of its kind.
    """

    edge: Edge
    stands: Stands
    reason: str
    by_kind_only: bool = False


@dataclass(frozen=True, slots=True)
class FlowLook:
    """Everything that one look at a function's flows is judged by.

    Attributes:
        function: The function.
        state: The looks at it so far, this one included.
        edges: Its edges, this look's included, forgotten ones not.
        now: The time of the look.
        policy: The settings.
        peer_changes: Changes of the functions at the other end of edges, by peer.
        learned_peers: Functions at the other end that hear of an edge themselves.
        trusted_accounts: Accounts that are not foreign.
        graph_unread: Why the service graph could not be read; empty where it was.
        is_traced: Whether a call of the function would show in traces; None where unknown.
        least_share: Share of an edge's calls that is too large to fail, or to be slow.
        fewest_calls: Calls in a window below which shares mean nothing.
    """

    function: FunctionArn
    state: FlowState
    edges: Sequence[Edge]
    now: datetime
    policy: FlowPolicy
    peer_changes: Mapping[Peer, Sequence[ExplainingChange]] = field(default_factory=dict)
    learned_peers: frozenset[Peer] = frozenset()
    trusted_accounts: frozenset[str] = frozenset()
    graph_unread: str = ""
    is_traced: bool | None = None
    least_share: float = 0.2
    fewest_calls: int = 20

    @property
    def changes(self) -> Changes:
        """All changes that were told of."""
        return Changes(self.state.changes, self.peer_changes)

    @property
    def learning_time(self) -> str:
        """After how long something new counts as known, for people."""
        days = max(self.policy.learning_days, 1)
        return "a day" if days == 1 else f"{days} days"


def standing(edge: Edge, look: FlowLook) -> EdgeStanding:
    """Judge one edge."""
    if any(fnmatchcase(edge.peer.id, pattern) for pattern in look.policy.expected_peers):
        return EdgeStanding(edge, Stands.EXPECTED, "detector.flows.expected_peers lists it")
    new = novelty(edge, look.state, look.policy.learning_days, look.now)
    if not new.is_new:
        return EdgeStanding(edge, Stands.EXPECTED, new.reason)
    if reason := _reported_elsewhere(edge, look):
        return EdgeStanding(edge, Stands.TOLD_ELSEWHERE, reason)
    if edge.direction is Direction.CALLER and (admitted := _admitted(edge, look)):
        return admitted
    if reason := arrival(edge, look.changes, look.policy):
        return EdgeStanding(edge, Stands.EXPLAINED, reason)
    return EdgeStanding(edge, Stands.UNEXPECTED, _unexplained(edge, look))


def _unexplained(edge: Edge, look: FlowLook) -> str:
    """That nothing explains an edge, and what lies near it all the same."""
    reason = "no change that Warden knows of explains it"
    near = nearest(edge.first_seen, look.changes, edge.peer)
    return f"{reason}; it came {near}" if near else reason


def _reported_elsewhere(edge: Edge, look: FlowLook) -> str:
    """Which other rule tells of an edge: one fault, one alert."""
    peer = edge.peer
    if edge.direction is Direction.CALLEE:
        if peer in look.learned_peers:
            return "the called function's own alert tells of it"
        return ""
    if peer.kind == URL and "NONE" in peer.name:
        return "open-function-url tells of it"
    if peer.kind in {ACCOUNT, PRINCIPAL}:
        if peer.account in look.trusted_accounts:
            return "its account is trusted"
        if peer.account.isdecimal() and peer.account != look.function.account:
            return "foreign-access tells of it"
    return ""


def _admitted(edge: Edge, look: FlowLook) -> EdgeStanding | None:
    """What the configuration says of a caller that only traces name.

    Who leaves no trace of itself may be any of the configured sources: it comes with a new one.
    """
    if edge.via != {Via.TRACE}:
        return None
    configured = [one for one in look.edges if one.configured and one.key != edge.key]
    fits = {one.key: admission(one.peer, edge.peer) for one in configured}
    named = [one for one in configured if fits[one.key] is Admission.BY_NAME]
    by_kind = [one for one in configured if fits[one.key] is Admission.BY_KIND]
    candidates = configured if edge.peer.kind == CLIENT else [*named, *by_kind]
    for one in candidates:
        if novelty(one, look.state, look.policy.learning_days, look.now).is_new:
            return EdgeStanding(
                edge, Stands.TOLD_ELSEWHERE, f"it comes with {one.peer.label}, which is new too"
            )
    if named:
        return EdgeStanding(
            edge, Stands.EXPECTED, f"the configuration admits {named[0].peer.label}"
        )
    if by_kind:
        return EdgeStanding(
            edge,
            Stands.EXPECTED,
            f"admitted by kind only: the configuration admits {by_kind[0].peer.label}, and no name "
            "tells whether that is it",
            by_kind_only=True,
        )
    return None


def is_own_function(peer: Peer) -> bool:
    """Whether a peer is a function of the account and region that is looked at."""
    return peer.kind == FUNCTION and bool(peer.name) and ":" not in peer.name
