"""What the anomaly-detector says of who calls whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from functions.anomaly_detector.flows.circling import CYCLE
from functions.anomaly_detector.flows.coverage import flows_unread
from functions.anomaly_detector.flows.standing import FlowLook
from functions.anomaly_detector.flows.trouble import TROUBLED
from functions.anomaly_detector.flows.verdicts import CALLER, DOWNSTREAM, SILENT, judge
from functions.shared.alerting.finding import Finding
from functions.shared.config import FlowPolicy
from functions.shared.flows.edge import Direction, Edge, Tally, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle, ExplainingChange, FlowState
from functions.shared.flows.times import Times
from tests.golden.samples.names import CHECKOUT, DETECTOR, NOW, function

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LEARNT: Final = FlowState(
    CHECKOUT,
    since=NOW - 30 * _DAY,
    learned_at=NOW - 20 * _DAY,
    asked_since=NOW - 30 * _DAY,
    looked_until=NOW,
    observations=500,
)
_DEPLOYMENT: Final = ExplainingChange(NOW - 1.2 * _HOUR, "code updated", "ci-deploy")
_DEPLOYED: Final = replace(_LEARNT, changes=(_DEPLOYMENT,))


def _edge(kind: str, name: str, *, callee: bool = False, age: timedelta = _HOUR) -> Edge:
    direction = Direction.CALLEE if callee else Direction.CALLER
    tally = Tally(calls=12, faults=0, milliseconds=500)
    return Edge(direction, Peer(kind, name), NOW - age, NOW, frozenset({Via.TRACE}), tally)


def _said(
    rule: str, *edges: Edge, state: FlowState = _LEARNT, deployed: tuple[Peer, ...] = ()
) -> Finding:
    known = _edge("apigateway", "shop/prod", age=25 * _DAY)
    look = FlowLook(
        CHECKOUT,
        state,
        (known, *edges),
        NOW,
        FlowPolicy(),
        peer_changes=dict.fromkeys(deployed, (_DEPLOYMENT,)),
        is_traced=True,
    )
    found = [finding for verdict in judge(look) for finding in verdict.findings]
    return next(finding for finding in found if finding.rule == rule)


def _silent() -> Edge:
    """An edge that was busy for weeks and has shown nothing for two days."""
    return replace(
        _edge("sqs", "checkout-jobs", age=25 * _DAY),
        tally=Tally(calls=40_000, faults=0, milliseconds=900_000),
        traced_first=NOW - 25 * _DAY,
        traced_last=NOW - 2 * _DAY,
        longest_quiet=3600,
    )


def _host(calls: int, faults: int, seconds: float) -> Edge:
    """A host that answers within 200 ms, and in the latest look like this."""
    return replace(
        _edge("host", "payments.example.com", callee=True, age=25 * _DAY),
        recent=Tally(calls, faults, round(1000 * seconds * calls)),
        times=Times.of([(seconds, calls)]),
        usual=Times.of([(0.12, 4000), (0.18, 900)]),
        traced_first=NOW - 25 * _DAY,
        counted_until=NOW,
    )


def findings() -> dict[str, Finding]:
    """One finding for each thing that is said of flows, by rule and variant."""
    way = (Peer("function", "checkout"), Peer("sqs", "checkout-jobs"))
    cycle = replace(_LEARNT, cycles=(Cycle(way, NOW - _HOUR, NOW - _HOUR),))
    bucket = Peer("s3", "receipts")
    possible = replace(_LEARNT, cycles=(Cycle((way[0], bucket), NOW - _HOUR, NOW - _HOUR),))
    denied = replace(_LEARNT, unread=("reading the resource policy: AccessDeniedException",))
    dark = replace(_LEARNT, observations=0)
    rare = replace(_LEARNT, learned_at=None, observations=3)
    refused, untraced, hardly = (
        flows_unread(DETECTOR, "", states, active, policy=FlowPolicy(), now=NOW)
        for states, active in (
            ([denied, replace(denied, function=function("checkout-api"))], []),
            ([dark], ["checkout"]),
            ([rare], []),
        )
    )
    return {
        "flows-unread": refused.findings[0],
        "flows-unread/untraced": untraced.findings[0],
        "flows-unread/hardly-traced": hardly.findings[0],
        "invocation-cycle": _said(CYCLE, state=cycle),
        "invocation-cycle/possible": _said(CYCLE, _edge("s3", "receipts"), state=possible),
        "silent-edge": _said(SILENT, _silent()),
        "troubled-edge": _said(TROUBLED, _host(50, 45, 0.1), state=_DEPLOYED),
        "troubled-edge/slow": _said(TROUBLED, _host(60, 0, 4.0)),
        "unexpected-caller": _said(CALLER, _edge("function", "crawler")),
        "unexpected-caller/foreign": _said(CALLER, _edge("function", "999988887777:spy")),
        "unexpected-caller/explained": _said(
            CALLER, _edge("function", "crawler"), deployed=(Peer("function", "crawler"),)
        ),
        "unexpected-caller/after-deployment": _said(
            CALLER, _edge("function", "crawler"), state=_DEPLOYED
        ),
        "unexpected-downstream": _said(DOWNSTREAM, _edge("host", "paste.example.com", callee=True)),
        "unexpected-downstream/within-aws": _said(
            DOWNSTREAM, _edge("host", "sqs.eu-west-1.amazonaws.com", callee=True)
        ),
        "unexpected-downstream/hostile": _said(
            DOWNSTREAM, _edge("host", "evil.example/<!here> @channel", callee=True)
        ),
    }
