"""Reading X-Ray's service graph: which function was called by whom, and what it called.

GetServiceGraph takes at most six hours a call, and traces live 30 days (X-Ray API reference; X-Ray
developer guide). X-Ray shows a function as two services, `AWS::Lambda` for the request and
`AWS::Lambda::Function` for its run ("Visualize Lambda function invocations using AWS X-Ray"): here
they are one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from functions.shared.flows.edge import Direction, Sighting, Tally, Via, Window
from functions.shared.flows.peer import FUNCTION, Home, Peer, of_node
from functions.shared.flows.times import Times

if TYPE_CHECKING:
    from mypy_boto3_xray import XRayClient
    from mypy_boto3_xray.type_defs import EdgeTypeDef, ServiceTypeDef

LONGEST_READING: Final = timedelta(hours=6)
_RUN: Final = "AWS::Lambda::Function"
_REQUEST: Final = "AWS::Lambda"


@dataclass(frozen=True, slots=True)
class Traced:
    """What the traces of one window show.

    Attributes:
        sightings: Edges by the name of the function of this account that they belong to. An edge
            between two functions is there twice: once for the caller, once for the callee.
        functions: Names of the functions of this account that sent traces themselves.
    """

    sightings: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()


def read_service_graph(client: "XRayClient", window: Window, home: Home) -> Traced:
    """Read the service graph of a window, in parts that X-Ray answers.

    Raises:
        ClientError: X-Ray refused, or could not answer now.
    """
    services: list[Sequence[ServiceTypeDef]] = []
    for part in parts_of(window):
        pages = client.get_paginator("get_service_graph").paginate(
            StartTime=part.since, EndTime=part.until
        )
        services.append([service for page in pages for service in page["Services"]])
    return traced(services, window, home)


def parts_of(window: Window) -> Iterator[Window]:
    """A window in parts of at most six hours, the oldest first."""
    start = window.since
    while start < window.until:
        end = min(start + LONGEST_READING, window.until)
        yield Window(start, end)
        start = end


def traced(graphs: Iterable[Sequence["ServiceTypeDef"]], window: Window, home: Home) -> Traced:
    """Put answers of GetServiceGraph together. Pure.

    Args:
        graphs: The services of each answer; references hold within one answer only.
        window: What is seen is taken to have happened within it.
        home: The account and region that were asked.
    """
    sightings: dict[tuple[str, Direction, Peer], Sighting] = {}
    functions: set[str] = set()
    for services in graphs:
        nodes = {service.get("ReferenceId"): service for service in services}
        for service in services:
            caller = _peer(service, home)
            if service.get("Type") == _RUN and _is_own(caller, home):
                functions.add(caller.name)
            for edge in service.get("Edges", []):
                called = nodes.get(edge.get("ReferenceId"))
                if called is None or _is_inner(service, called):
                    continue
                for name, seen in _sides(caller, _peer(called, home), edge, window, home):
                    key = (name, seen.direction, seen.peer)
                    sightings[key] = seen.joined(sightings[key]) if key in sightings else seen
    by_function: dict[str, list[Sighting]] = {}
    for (name, _, _), seen in sightings.items():
        by_function.setdefault(name, []).append(seen)
    return Traced(by_function, frozenset(functions))


def _peer(service: "ServiceTypeDef", home: Home) -> Peer:
    return of_node(
        service.get("Name", ""), service.get("Type", ""), service.get("AccountId", ""), home
    )


def _is_own(peer: Peer, home: Home) -> bool:
    return peer.kind == FUNCTION and ":" not in peer.name and home.own(peer.name) is not None


def _is_inner(service: "ServiceTypeDef", called: "ServiceTypeDef") -> bool:
    """Whether an edge leads from a function's request to its own run."""
    return (service.get("Type"), called.get("Type")) == (_REQUEST, _RUN) and (
        service.get("Name") == called.get("Name")
    )


def _sides(
    caller: Peer, callee: Peer, edge: "EdgeTypeDef", window: Window, home: Home
) -> Iterator[tuple[str, Sighting]]:
    first = _within(edge.get("StartTime"), window, window.since)
    last = max(first, _within(edge.get("EndTime"), window, window.until))
    tally = _tally(edge)
    if _is_own(callee, home):
        yield callee.name, Sighting(Direction.CALLER, caller, Via.TRACE, first, last, tally)
    if _is_own(caller, home):
        # How long a call takes matters to who waits for it; what the function takes, it tells.
        times = _times(edge)
        yield caller.name, Sighting(Direction.CALLEE, callee, Via.TRACE, first, last, tally, times)


def _within(at: datetime | None, window: Window, otherwise: datetime) -> datetime:
    return min(max(at or otherwise, window.since), window.until)


def _tally(edge: "EdgeTypeDef") -> Tally:
    statistics = edge.get("SummaryStatistics", {})
    return Tally(
        calls=statistics.get("TotalCount", 0),
        faults=statistics.get("FaultStatistics", {}).get("TotalCount", 0),
        milliseconds=round(1000 * statistics.get("TotalResponseTime", 0.0)),
    )


def _times(edge: "EdgeTypeDef") -> Times:
    """What the histogram of a caller's response times tells; nothing where there is none."""
    return Times.of(
        (entry.get("Value", 0.0), entry.get("Count", 0))
        for entry in edge.get("ResponseTimeHistogram", [])
    )
