"""Looks at a function, with the edges that a test makes up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from functions.anomaly_detector.flows.standing import FlowLook, Stands, standing
from functions.anomaly_detector.flows.verdicts import judge
from functions.shared.alerting.finding import Finding
from functions.shared.config import FlowPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.flows.edge import Direction, Edge, Tally, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from tests.unit.conftest import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ORDERS = FunctionArn.parse("orders", account="123456789012", region="eu-west-1")
LEARNT = FlowState(
    ORDERS,
    since=NOW - 30 * DAY,
    learned_at=NOW - 20 * DAY,
    asked_since=NOW - 30 * DAY,
    looked_until=NOW,
    observations=500,
)


def edge(
    kind: str,
    name: str = "",
    *,
    direction: Direction = Direction.CALLER,
    via: Via = Via.TRACE,
    age: timedelta = HOUR,
    **more: object,
) -> Edge:
    made = Edge(direction, Peer(kind, name), NOW - age, NOW, frozenset({via}), Tally(5, 0, 50))
    return replace(made, **more)  # type: ignore[arg-type]


def look(*edges: Edge, state: FlowState = LEARNT, **more: object) -> FlowLook:
    made = FlowLook(ORDERS, state, edges, NOW, FlowPolicy())
    return replace(made, **more)  # type: ignore[arg-type]


def only(one: Edge, **more: Any) -> tuple[Stands, str]:
    judged = standing(one, look(one, **more))
    return judged.stands, judged.reason


def finding(rule: str, at: FlowLook) -> Finding:
    (one,) = (f for verdict in judge(at) for f in verdict.findings if f.rule == rule)
    return one
