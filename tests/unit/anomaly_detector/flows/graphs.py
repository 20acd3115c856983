"""Service graphs as X-Ray answers with them, told in a line for each call."""

from datetime import datetime, timedelta
from typing import Any

from functions.anomaly_detector.flows.service_graph import Traced, traced
from functions.shared.flows.edge import Window
from functions.shared.flows.peer import Home
from tests.unit.conftest import ACCOUNT, REGION

HOME = Home(ACCOUNT, REGION)
FUNCTION_TYPES = ("AWS::Lambda", "AWS::Lambda::Function")


def graph(
    calls: list[tuple[str, str]],
    at: datetime,
    *,
    count: int = 10,
    faults: int = 0,
    seconds: float = 0.1,
) -> list[Any]:
    """The services of one answer of GetServiceGraph.

    Args:
        calls: Caller and callee as `kind:name`, such as `fn:orders`, `client:`,
            `remote:api.example.com`, `AWS::SQS::Queue:jobs`.
        at: When the calls were made.
        count: Calls over each edge.
        faults: How many of them ended in a fault.
        seconds: How long each of them took.
    """
    services: dict[tuple[str, str], dict[str, Any]] = {}

    def node(name: str, type_: str) -> dict[str, Any]:
        known = services.get((name, type_))
        if known is None:
            known = {
                "ReferenceId": len(services),
                "Name": name,
                "Names": [name],
                "Type": type_,
                "AccountId": ACCOUNT if type_.startswith("AWS::Lambda") else "",
                "Edges": [],
            }
            services[name, type_] = known
        return known

    def edge(caller: dict[str, Any], callee: dict[str, Any]) -> None:
        caller["Edges"].append(
            {
                "ReferenceId": callee["ReferenceId"],
                "StartTime": at,
                "EndTime": at + timedelta(minutes=1),
                "SummaryStatistics": {
                    "TotalCount": count,
                    "OkCount": count - faults,
                    "FaultStatistics": {"TotalCount": faults, "OtherCount": faults},
                    "TotalResponseTime": seconds * count,
                },
                "ResponseTimeHistogram": [{"Value": seconds, "Count": count}],
            }
        )

    def ends(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The node that takes calls and the one that makes them."""
        kind, _, name = text.rpartition(":")
        if kind != "fn":
            one = node(name, kind)
            return one, one
        request, run = (node(name, type_) for type_ in FUNCTION_TYPES)
        if not any(e["ReferenceId"] == run["ReferenceId"] for e in request["Edges"]):
            edge(request, run)
        return request, run

    for caller, callee in calls:
        edge(ends(caller)[1], ends(callee)[0])
    return list(services.values())


def seen(
    calls: list[tuple[str, str]],
    window: Window,
    *,
    count: int = 10,
    faults: int = 0,
    seconds: float = 0.1,
) -> Traced:
    """What a window shows in which these calls were made in its middle."""
    middle = window.since + (window.until - window.since) / 2
    answer = graph(calls, middle, count=count, faults=faults, seconds=seconds)
    return traced([answer], window, HOME)
