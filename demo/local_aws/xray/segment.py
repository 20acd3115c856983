"""One segment or independent subsegment document.

Fields follow "AWS X-Ray segment documents" of the X-Ray Developer Guide.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_DOCUMENT_BYTES = 64 * 1024
_TRACE_ID = re.compile(r"1-([0-9a-f]{8})-[0-9a-f]{24}")
_SEGMENT_ID = re.compile(r"[0-9a-f]{16}")


class SegmentError(ValueError):
    """A document that X-Ray would not accept.

    Attributes:
        code: X-Ray's error code.
        segment_id: id of the segment, as far as it could be read.
    """

    def __init__(self, code: str, message: str, segment_id: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.segment_id = segment_id


@dataclass(frozen=True, slots=True)
class Segment:
    """One document as it was sent.

    Attributes:
        id: 16 hexadecimal digits.
        trace_id: id of its trace.
        parent_id: id of the segment or subsegment that called it; empty for none.
        name: name of the service or call.
        start: epoch seconds.
        end: epoch seconds; None while in progress.
        document: all its fields.
    """

    id: str
    trace_id: str
    parent_id: str
    name: str
    start: float
    end: float | None
    document: Mapping[str, Any]

    @property
    def origin(self) -> str:
        """Kind of resource it ran on, such as ``AWS::Lambda::Function``; may be empty."""
        return str(self.document.get("origin", ""))

    @property
    def is_subsegment(self) -> bool:
        """Whether it was sent alone but belongs to a segment of the same service."""
        return self.document.get("type") == "subsegment"

    def flag(self, name: str) -> bool:
        """Tell whether ``fault``, ``error`` or ``throttle`` is set on it."""
        return self.document.get(name) is True

    def subsegments(self) -> Iterator[Mapping[str, Any]]:
        """Give all calls inside it, at any depth; itself first when sent alone."""
        pending: list[Mapping[str, Any]] = [self.document]
        if not self.is_subsegment:
            pending = _children(self.document)
        while pending:
            current = pending.pop()
            yield current
            pending.extend(_children(current))


def trace_epoch(trace_id: str) -> float:
    """Return the epoch seconds inside a trace id; 0 for one without."""
    found = _TRACE_ID.fullmatch(trace_id)
    return float(int(found[1], 16)) if found else 0.0


def read_segment(text: str) -> Segment:
    """Read one segment document.

    Raises:
        SegmentError: it is too large, not JSON, or lacks a required field.
    """
    if len(text.encode()) > MAX_DOCUMENT_BYTES:
        raise SegmentError("SegmentSizeExceeded", "document: larger than 64 kB")
    try:
        document = json.loads(text)
    except ValueError:
        raise SegmentError("ParseError", "document: not JSON") from None
    if not isinstance(document, dict):
        raise SegmentError("ParseError", "document: not an object")
    return _checked(document)


def _checked(document: dict[str, Any]) -> Segment:
    identity = document.get("id")
    if not isinstance(identity, str) or not _SEGMENT_ID.fullmatch(identity):
        raise SegmentError("InvalidId", "id: must be 16 hexadecimal digits", str(identity or ""))
    trace_id, name = document.get("trace_id"), document.get("name")
    if not isinstance(trace_id, str) or not _TRACE_ID.fullmatch(trace_id):
        raise SegmentError("InvalidTraceId", "trace_id: not of the form 1-8hex-24hex", identity)
    if not isinstance(name, str) or not name:
        raise SegmentError("MissingName", "name: must be a text that is not empty", identity)
    start, end = document.get("start_time"), document.get("end_time")
    if not isinstance(start, int | float):
        raise SegmentError("MissingStartTime", "start_time: must be epoch seconds", identity)
    if not isinstance(end, int | float) and document.get("in_progress") is not True:
        raise SegmentError("MissingEndTime", "end_time: needed unless in_progress", identity)
    return Segment(
        id=identity,
        trace_id=trace_id,
        parent_id=str(document.get("parent_id") or ""),
        name=name,
        start=float(start),
        end=None if not isinstance(end, int | float) else float(end),
        document=document,
    )


def _children(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    children = document.get("subsegments")
    if not isinstance(children, list):
        return []
    return [child for child in children if isinstance(child, dict) and "id" in child]
