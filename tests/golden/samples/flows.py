"""What the anomaly-detector says of flows."""

from datetime import timedelta
from typing import Final

from functions.anomaly_detector.flows.coverage import RULE, flows_unread
from functions.anomaly_detector.flows.standing import Look
from functions.anomaly_detector.flows.verdicts import CALLER, CYCLE, DOWNSTREAM, SILENT, judge
from functions.shared.alerting.finding import Finding
from functions.shared.arn import FunctionArn
from functions.shared.config import FlowPolicy
from functions.shared.flows.edge import Direction, Edge, Tally, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Change, Cycle, FlowState
from tests.golden.samples.names import CHECKOUT, DETECTOR, NOW
from tests.golden.samples.scanner import only

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_LEARNT: Final = FlowState(
    CHECKOUT,
    since=NOW - 40 * _DAY,
    learned_at=NOW - 33 * _DAY,
    asked_since=NOW - 40 * _DAY,
    looked_until=NOW - 5 * timedelta(minutes=1),
    observations=9000,
)


def _edge(peer: Peer, direction: Direction, age: timedelta, calls: int = 14) -> Edge:
    return Edge(
        direction,
        peer,
        NOW - age,
        NOW,
        frozenset({Via.TRACE}),
        Tally(calls, calls // 7, 90 * calls),
        traced_first=NOW - age,
        traced_last=NOW - _HOUR / 4,
        longest_quiet=2 * 3600,
    )


_API: Final = _edge(Peer("apigateway", "shop/prod"), Direction.CALLER, 39 * _DAY, 8000)


def _said(rule: str, *edges: Edge, state: FlowState = _LEARNT) -> Finding:
    look = Look(CHECKOUT, state, (_API, *edges), NOW, FlowPolicy(), is_traced=True)
    return only(next(one for one in judge(look) if one.rule == rule))


def findings() -> dict[str, Finding]:
    """What the rules about flows say."""
    deployed = Change(NOW - 3 * _HOUR, "code updated", "deploy-pipeline")
    explained = FlowState(
        CHECKOUT, since=_LEARNT.since, learned_at=_LEARNT.learned_at, changes=(deployed,)
    )
    way = (Peer("function", CHECKOUT.name), Peer("sqs", "retries"))
    looping = FlowState(
        CHECKOUT,
        since=_LEARNT.since,
        learned_at=_LEARNT.learned_at,
        cycles=(Cycle(way, NOW - _HOUR, NOW),),
    )
    silent = Edge(
        Direction.CALLEE,
        Peer("sqs", "receipts"),
        NOW - 39 * _DAY,
        NOW - 20 * _HOUR,
        frozenset({Via.TRACE}),
        Tally(6000, 0, 60000),
        traced_first=NOW - 39 * _DAY,
        traced_last=NOW - 20 * _HOUR,
        longest_quiet=2 * 3600,
    )
    crawler = _edge(Peer("function", "crawler-lab"), Direction.CALLER, 2 * _HOUR)
    hostile = Peer("host", "paste.example <https://evil.example|here> @channel")
    return {
        CALLER: _said(CALLER, crawler),
        f"{CALLER}/explained": _said(CALLER, crawler, state=explained),
        DOWNSTREAM: _said(
            DOWNSTREAM,
            _edge(Peer("host", "paste.example.net"), Direction.CALLEE, 2 * _HOUR, 7),
            _edge(hostile, Direction.CALLEE, _HOUR, 1),
        ),
        SILENT: _said(SILENT, silent),
        CYCLE: _said(CYCLE, state=looping),
        RULE: _unread("reading the service graph: AccessDeniedException"),
        f"{RULE}/untraced": _unread(""),
    }


def _unread(graph: str) -> Finding:
    names = ("export-nightly", "thumbnails")
    states = [
        FlowState(
            FunctionArn.parse(name, account=CHECKOUT.account, region=CHECKOUT.region),
            since=NOW - 40 * _DAY,
        )
        for name in names
    ]
    return only(flows_unread(DETECTOR, graph, [_LEARNT, *states], names, learning_days=7, now=NOW))
