"""The verdict on what a function calls: it fails too often, or takes far longer than it did. Pure.

Only callees are judged, and of those no function of this account: what its callers wait for, and
what fails in it, a function's own metrics tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.flows.explanation import nearest
from functions.anomaly_detector.flows.standing import FlowLook, is_own_function
from functions.anomaly_detector.watch.shares import is_surely
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.flows.edge import Direction, Edge
from functions.shared.flows.times import Times

TROUBLED: Final = "troubled-edge"

_NAMED: Final = 5
_LATEST: Final = timedelta(hours=24)  # a window that is older says nothing of now
_USUAL: Final = 0.9
_USUAL_CALLS: Final = 200
_SLOWER_BY: Final = 100  # milliseconds; less than that nobody waits for


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one edge.

    Attributes:
        edge: The edge.
        failing: Whether too many of its calls end in a fault.
        limit: Milliseconds that too many of its calls take longer than; None where they do not.
    """

    edge: Edge
    failing: bool
    limit: float | None


def trouble_verdict(look: FlowLook) -> Verdict:
    """The callees that fail or are slow, as one finding."""
    judged = [edge for edge in look.edges if _is_judged(edge, look)]
    troubled = [one for edge in judged if (one := _trouble(edge, look))]
    # A few calls tell neither that it is over nor that it is not.
    undecided = any(edge.recent.faults and edge.recent.calls < look.fewest_calls for edge in judged)
    certain = not look.graph_unread and not undecided
    return Verdict(TROUBLED, (_finding(look, troubled),) if troubled else (), certain=certain)


def _is_judged(edge: Edge, look: FlowLook) -> bool:
    if edge.direction is not Direction.CALLEE or is_own_function(edge.peer):
        return False
    return edge.counted_until is not None and look.now - edge.counted_until <= _LATEST


def _trouble(edge: Edge, look: FlowLook) -> Trouble | None:
    failing = _is_too_large(edge.recent.faults, edge.recent.calls, look)
    limit = _limit(edge, look)
    if limit and not _is_too_large(edge.times.longer_than(limit), edge.times.calls, look):
        limit = None
    return Trouble(edge, failing, limit) if failing or limit else None


def _limit(edge: Edge, look: FlowLook) -> float | None:
    """What hardly a call took longer than so far; None while that is not known."""
    learning = timedelta(days=look.policy.learning_days)
    usual = edge.usual.within(_USUAL)
    if usual is None or edge.usual.calls < _USUAL_CALLS:
        return None
    if edge.traced_first is None or look.now - edge.traced_first < learning:
        return None
    return max(look.policy.slow_factor * usual, usual + _SLOWER_BY)


def _is_too_large(part: int, whole: int, look: FlowLook) -> bool:
    return whole >= look.fewest_calls and is_surely(part, whole, look.least_share)


def _finding(look: FlowLook, troubled: Sequence[Trouble]) -> Finding:
    failing = sum(one.failing for one in troubled)
    what = {len(troubled): "fail", 0: "are slow"}.get(failing, "fail or are slow")
    names = [one.edge.peer.label for one in troubled]
    ends = max(_end(one.edge, look) for one in troubled)
    near = nearest(ends, look.changes)
    return Finding(
        rule=TROUBLED,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="The function may handle this; if not, you also get an error-rate or "
        "duration alert.",
        function=look.function,
        title=_title(troubled, what, names),
        reason=" ".join(_sentence(one, look) for one in troubled[:_NAMED])
        + (f" And {len(troubled) - _NAMED} more." if len(troubled) > _NAMED else "")
        + (f" That was {near}." if near else ""),
        remedy="Look at the traces of these calls, and at the state of what is called. If it began "
        "with a deployment of the function, roll that back.",
        evidence={
            "peers": [one.edge.peer.id for one in troubled],
            "calls": [str(one.edge.recent.calls) for one in troubled],
            "faults": [str(one.edge.recent.faults) for one in troubled],
            "p90_milliseconds": [_most(one.edge.times) for one in troubled],
            "usual_p90_milliseconds": [_most(one.edge.usual) for one in troubled],
        },
        update_key=" ".join(sorted(one.edge.peer.id for one in troubled)),
    )


def _title(troubled: Sequence[Trouble], what: str, names: Sequence[str]) -> str:
    faults = sum(one.edge.recent.faults for one in troubled if one.failing)
    calls = sum(one.edge.recent.calls for one in troubled if one.failing)
    share = f": {faults:,} of {calls:,} ({faults / calls:.0%})" if calls else ""
    return f"Calls to {listed([*names], 3)} {what}{share}"


def _sentence(one: Trouble, look: FlowLook) -> str:
    edge = one.edge
    until = f"{_end(edge, look):%Y-%m-%d %H:%M} UTC"
    said = []
    if one.failing:
        faults, calls = edge.recent.faults, edge.recent.calls
        said.append(
            f"{faults:,} of {calls:,} traced calls to {edge.peer.label} ended in a fault "
            f"({faults / calls:.0%}), the last at {until}."
        )
    if one.limit is not None:
        slow, calls = edge.times.longer_than(one.limit), edge.times.calls
        half, usual = edge.times.within(0.5), edge.usual.within(_USUAL)
        said.append(
            f"{slow:,} of {calls:,} traced calls to {edge.peer.label} took longer than "
            f"{_about(one.limit)} ms in the look until {until}, half of all up to {_about(half)} "
            f"ms; before, {_USUAL:.0%} stayed within {_about(usual)} ms."
        )
    return " ".join(said)


def _most(times: Times) -> str:
    return str(times.within(_USUAL) or "")


def _about(milliseconds: float | None) -> str:
    """Two figures: what is kept of times tells no more."""
    return f"{float(f'{milliseconds or 0:.2g}'):,.0f}"


def _end(edge: Edge, look: FlowLook) -> datetime:
    return edge.counted_until or look.now
