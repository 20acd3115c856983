"""Which change explains why an edge came or went, and which one merely lies near. Pure.

A change explains only what it can have caused. What a function calls follows from its own code and
configuration; who calls it follows from the caller's, or from a change that lets a caller in. Its
own new code brings no caller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.flows.access_changes import DEPLOYMENTS, Access
from functions.anomaly_detector.flows.admission import Admission, admission
from functions.shared.config import FlowPolicy
from functions.shared.core.text import plain
from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.peer import ACCOUNT, PRINCIPAL, Peer
from functions.shared.flows.state import ExplainingChange

# Clocks differ, and a sampled call may be older than the event that tells of the deployment.
_CLOCKS: Final = timedelta(minutes=10)
_NEAR: Final = timedelta(hours=24)
_LETS_IN: Final = frozenset(
    {
        Access.PERMISSION_ADDED,
        Access.SOURCE_ADDED,
        Access.SOURCE_CHANGED,
        Access.TARGET_ADDED,
        Access.URL_ADDED,
        Access.URL_CHANGED,
    }
)
_KEEPS_OUT: Final[Mapping[Via, frozenset[Access]]] = {
    Via.TRACE: frozenset(),
    Via.MAPPING: frozenset({Access.SOURCE_REMOVED, Access.SOURCE_CHANGED}),
    Via.POLICY: frozenset({Access.PERMISSION_REMOVED}),
    Via.RULE: frozenset({Access.PERMISSION_REMOVED}),
    Via.URL: frozenset({Access.URL_REMOVED, Access.URL_CHANGED}),
}
# Its source has no ARN, so that the event names none.
_SELF_MANAGED: Final = "kafka"
_HOURS_FROM: Final = 120  # minutes from which on hours are told


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes that were told of.

    Attributes:
        own: Those of the function.
        of_peers: Those of the functions of this account at the other end of its edges.
    """

    own: Sequence[ExplainingChange] = ()
    of_peers: Mapping[Peer, Sequence[ExplainingChange]] = field(default_factory=dict)


def arrival(edge: Edge, changes: Changes, policy: FlowPolicy) -> str:
    """The change that explains why an edge came, as a clause; empty for none."""
    span = timedelta(hours=policy.explained_hours)
    if edge.via != {Via.TRACE}:
        span += timedelta(hours=policy.look_hours)  # it was seen when it was read, not when added
    if edge.direction is Direction.CALLEE:
        own = [change for change in changes.own if change.kind in DEPLOYMENTS]
    else:
        own = [change for change in changes.own if _lets_in(change, edge)]
    return _clause(edge, own, changes, edge.first_seen, before=span, after=_CLOCKS)


def departure(edge: Edge, at: datetime, changes: Changes, policy: FlowPolicy) -> str:
    """The change that explains why an edge shows nothing since a time, as a clause."""
    if edge.direction is Direction.CALLEE:
        own = [change for change in changes.own if change.kind in DEPLOYMENTS]
    else:
        own = [change for change in changes.own if _keeps_out(change, edge)]
    return _clause(
        edge,
        own,
        changes,
        at,
        before=timedelta(hours=policy.explained_hours),
        after=max(_CLOCKS, timedelta(seconds=edge.longest_quiet)),
    )


def nearest(at: datetime, changes: Changes, peer: Peer | None = None) -> str:
    """The latest change in the day before a time, whatever it can have caused; empty for none.

    Args:
        at: The time.
        changes: The changes.
        peer: Whose changes count beside the function's own.
    """
    of_peer = changes.of_peers.get(peer, ()) if peer else ()
    near = [
        (change, whose)
        for found, whose in ((changes.own, "the function's"), (of_peer, _whose(peer)))
        for change in found
        if -_CLOCKS <= at - change.at <= _NEAR
    ]
    if not near:
        return ""
    change, whose = max(near, key=lambda one: one[0].at)
    return f"{_ago(at - change.at)} {whose} change by {plain(change.by, 80)} ({change.kind})"


def _clause(
    edge: Edge,
    own: Iterable[ExplainingChange],
    changes: Changes,
    at: datetime,
    *,
    before: timedelta,
    after: timedelta,
) -> str:
    theirs: Iterable[ExplainingChange] = ()
    if edge.direction is Direction.CALLER:
        theirs = [c for c in changes.of_peers.get(edge.peer, ()) if c.kind in DEPLOYMENTS]
    for found, whose in ((own, "the function's"), (theirs, _whose(edge.peer))):
        fitting = [change for change in found if -after <= at - change.at <= before]
        if fitting:
            change = max(fitting, key=lambda one: one.at)
            when = f"{change.at:%Y-%m-%d %H:%M} UTC"
            return f"{whose} change by {plain(change.by, 80)} at {when} ({change.kind}) explains it"
    return ""


def _lets_in(change: ExplainingChange, edge: Edge) -> bool:
    """Whether a change of the function can have brought a caller."""
    if change.kind not in _LETS_IN:
        return False
    if change.peer is None:
        return edge.peer.kind == _SELF_MANAGED and change.kind == Access.SOURCE_ADDED
    if change.peer == edge.peer:
        return True
    if edge.via != {Via.TRACE}:
        return False
    if change.peer.kind in {ACCOUNT, PRINCIPAL}:
        return bool(edge.peer.account) and change.peer.account == edge.peer.account
    return admission(change.peer, edge.peer) is not Admission.NONE


def _keeps_out(change: ExplainingChange, edge: Edge) -> bool:
    """Whether a change of the function can have kept a caller out.

    The removal of a permission names no caller: it may be that of any whom the policy admitted.
    """
    return any(change.kind in _KEEPS_OUT[via] for via in edge.via) and (
        change.peer in {None, edge.peer}
    )


def _whose(peer: Peer | None) -> str:
    return f"{peer.label}'s" if peer else ""


def _ago(span: timedelta) -> str:
    minutes = max(span // timedelta(minutes=1), 0)
    if minutes < _HOURS_FROM:
        return f"{minutes} minute{'' if minutes == 1 else 's'} after"
    return f"{minutes // 60} hours after"
