"""Traces in memory, per account and region, and not more than fit."""

from collections import OrderedDict
from collections.abc import Iterable

from demo.local_aws.xray.segment import Segment
from demo.local_aws.xray.trace import Trace

MAX_TRACES = 5000
MAX_SEGMENTS_PER_TRACE = 500


class TraceStore:
    """The traces of one account in one region; the oldest make room for new ones."""

    def __init__(self) -> None:
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    def add(self, segment: Segment) -> None:
        """Add a segment to its trace."""
        trace = self._traces.setdefault(segment.trace_id, Trace(segment.trace_id))
        if segment.id in trace.segments or len(trace.segments) < MAX_SEGMENTS_PER_TRACE:
            trace.add(segment)
        while len(self._traces) > MAX_TRACES:
            self._traces.popitem(last=False)

    def find(self, identities: Iterable[str]) -> tuple[list[Trace], list[str]]:
        """Return the known traces among the given ids, and the ids that are unknown."""
        known, unknown = [], []
        for identity in identities:
            trace = self._traces.get(identity)
            if trace is None:
                unknown.append(identity)
            else:
                known.append(trace)
        return known, unknown

    def between(self, start: float, end: float, *, by_event: bool = False) -> list[Trace]:
        """Return the traces of a time span, newest first.

        Args:
            start: epoch seconds, included.
            end: epoch seconds, included.
            by_event: judge by when the trace ended instead of by the time in its id.
        """
        found = [
            trace
            for trace in list(self._traces.values())
            if start <= (trace.end if by_event else trace.started) <= end
        ]
        return sorted(found, key=lambda trace: trace.start, reverse=True)


class TraceStores:
    """One store for each account and region."""

    def __init__(self) -> None:
        self._stores: dict[tuple[str, str], TraceStore] = {}

    def of(self, account: str, region: str) -> TraceStore:
        """Return the store of an account in a region."""
        return self._stores.setdefault((account, region), TraceStore())
