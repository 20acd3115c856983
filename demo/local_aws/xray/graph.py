"""The service graph: which service called which, how often, how fast, how well."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from demo.local_aws.xray.segment import Segment
from demo.local_aws.xray.trace import Trace

_CLIENT_TYPE = "client"


class Node(NamedTuple):
    """A service: its name and what it runs on."""

    name: str
    type: str


@dataclass(slots=True)
class Tally:
    """What was seen of one service, or of one service calling another."""

    ok: int = 0
    throttles: int = 0
    errors: int = 0
    faults: int = 0
    times: list[float] = field(default_factory=list)
    first: float = float("inf")
    last: float = 0.0

    def see(self, document: Mapping[str, Any]) -> None:
        """Count one segment or subsegment document."""
        start = float(document.get("start_time") or 0.0)
        end = float(document.get("end_time") or start)
        self.times.append(round(end - start, 3))
        self.first, self.last = min(self.first, start), max(self.last, end)
        if document.get("fault") is True:
            self.faults += 1
        elif document.get("throttle") is True:
            self.throttles += 1
        elif document.get("error") is True:
            self.errors += 1
        else:
            self.ok += 1

    def statistics(self) -> dict[str, Any]:
        """Return the API's SummaryStatistics."""
        return {
            "OkCount": self.ok,
            "ErrorStatistics": {
                "ThrottleCount": self.throttles,
                "OtherCount": self.errors,
                "TotalCount": self.throttles + self.errors,
            },
            "FaultStatistics": {"OtherCount": self.faults, "TotalCount": self.faults},
            "TotalCount": len(self.times),
            "TotalResponseTime": round(sum(self.times), 6),
        }

    def histogram(self) -> list[dict[str, Any]]:
        """Return how many calls took how many seconds, to the millisecond."""
        return [
            {"Value": time, "Count": self.times.count(time)} for time in sorted(set(self.times))
        ]


class Call(NamedTuple):
    """One service calling another once."""

    caller: Node
    callee: Node
    document: Mapping[str, Any]


def service_graph(traces: Iterable[Trace], account: str) -> list[dict[str, Any]]:
    """Return the services of the API's service graph with their edges."""
    nodes: dict[Node, Tally] = {}
    edges: dict[tuple[Node, Node], Tally] = {}
    roots: set[Node] = set()
    for trace in traces:
        for segment in trace.services:
            nodes.setdefault(node_of(segment), Tally()).see(segment.document)
        for call in _calls(trace):
            edges.setdefault((call.caller, call.callee), Tally()).see(call.document)
            if call.caller.type == _CLIENT_TYPE:
                roots.add(call.caller)
            for node in (call.caller, call.callee):
                # A service that sent segments was counted by them already.
                if not _has_segments(node, trace):
                    nodes.setdefault(node, Tally()).see(call.document)
    references = {node: number for number, node in enumerate(nodes)}
    return [
        _service(node, tally, references, edges, account=account, root=node in roots)
        for node, tally in nodes.items()
    ]


def node_of(segment: Segment) -> Node:
    """Return the service that a segment stands for."""
    return Node(segment.name, segment.origin or "unknown")


def _has_segments(node: Node, trace: Trace) -> bool:
    return any(node_of(segment) == node for segment in trace.services)


def _calls(trace: Trace) -> Iterator[Call]:
    """Give the calls of one trace: from outside, between segments, and to inferred services."""
    owners, answered = _owners(trace), set()
    for segment in trace.services:
        caller = owners.get(segment.parent_id)
        answered.add(segment.parent_id)
        if caller is None:
            caller = Node(segment.name, _CLIENT_TYPE)
        yield Call(caller, node_of(segment), segment.document)
    for segment in trace.segments.values():
        owner = owners.get(segment.id)
        for document in segment.subsegments():
            inferred = _inferred(document)
            if inferred is not None and owner is not None and document.get("id") not in answered:
                yield Call(owner, inferred, document)


def _owners(trace: Trace) -> dict[str, Node]:
    """Map the id of each segment and subsegment to the service that it ran in."""
    owners: dict[str, Node] = {}
    for segment in trace.services:
        owners[segment.id] = node_of(segment)
        owners.update({str(one["id"]): node_of(segment) for one in segment.subsegments()})
    alone = [one for one in trace.segments.values() if one.is_subsegment]
    for segment in sorted(alone, key=lambda one: one.start):
        owner = owners.get(segment.parent_id)
        if owner is not None:
            owners.update({str(one["id"]): owner for one in segment.subsegments()})
    return owners


def _inferred(document: Mapping[str, Any]) -> Node | None:
    """Return the service that a downstream call went to; None for local work."""
    namespace, name = document.get("namespace"), str(document.get("name", ""))
    if namespace == "aws":
        return Node(name, f"AWS::{name}")
    return Node(name, "remote") if namespace == "remote" else None


def _service(
    node: Node,
    tally: Tally,
    references: Mapping[Node, int],
    edges: Mapping[tuple[Node, Node], Tally],
    *,
    account: str,
    root: bool,
) -> dict[str, Any]:
    return {
        "ReferenceId": references[node],
        "Name": node.name,
        "Names": [node.name],
        "Root": root,
        "AccountId": account,
        "Type": node.type,
        "State": "active",
        "StartTime": tally.first,
        "EndTime": tally.last,
        "SummaryStatistics": tally.statistics(),
        "DurationHistogram": tally.histogram(),
        "ResponseTimeHistogram": tally.histogram(),
        "Edges": [
            {
                "ReferenceId": references[callee],
                "StartTime": seen.first,
                "EndTime": seen.last,
                "SummaryStatistics": seen.statistics(),
                "ResponseTimeHistogram": seen.histogram(),
                "Aliases": [],
            }
            for (caller, callee), seen in edges.items()
            if caller == node
        ],
    }
