"""The page message: what one look tells of some functions, in a form that fits a queue."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.anomaly_detector.metrics.function_name import FunctionName
from functions.shared.events.envelope import own_message, validated
from functions.shared.events.message_types import MessageType
from functions.shared.flows.edge import Direction, Sighting, Tally, Via, Window
from functions.shared.flows.peer import Peer
from functions.shared.flows.times import Times

MOST_EDGES: Final = 200
"""Edges of one function, on one side, that a look tells of and that are remembered."""

MOST_CYCLES: Final = 10
"""Cycles of one function that a look tells of and that are remembered."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class LookDetail(_Message):
    """What a look message may carry: nothing, or until when to look, to catch up by hand."""

    until: AwareDatetime | None = None


class TracedEdge(_Message):
    """One edge in the traces of a look's window."""

    direction: Direction
    kind: str
    name: str
    first: AwareDatetime
    last: AwareDatetime
    calls: int = Field(ge=0)
    faults: int = Field(ge=0)
    milliseconds: int = Field(ge=0)
    times: str = Field("", pattern=r"^(\d{1,3}:\d{1,12}(,|$))*$")

    @classmethod
    def of(cls, seen: Sighting) -> "TracedEdge":
        """The form of a sighting that fits a message."""
        return cls(
            direction=seen.direction,
            kind=seen.peer.kind,
            name=seen.peer.name,
            first=seen.first,
            last=seen.last,
            calls=seen.tally.calls,
            faults=seen.tally.faults,
            milliseconds=seen.tally.milliseconds,
            times=seen.times.text,
        )

    @property
    def sighting(self) -> Sighting:
        """What it stands for."""
        return Sighting(
            self.direction,
            Peer(self.kind, self.name),
            Via.TRACE,
            self.first,
            self.last,
            Tally(self.calls, self.faults, self.milliseconds),
            Times.read(self.times),
        )


class FunctionFlows(_Message):
    """What a look tells of one function.

    Attributes:
        name: Its name.
        edges: Its edges in the window's traces.
        omitted: How many more there were.
        ask: Whether its configuration is to be read.
        active: Whether it was invoked lately, by its metrics or traces.
        is_traced: Whether it sent traces itself.
        cycles: Cycles that it is told of, each a list of kind and name.
    """

    name: FunctionName
    edges: tuple[TracedEdge, ...] = ()
    omitted: int = 0
    ask: bool = False
    active: bool = False
    is_traced: bool = False
    cycles: tuple[tuple[tuple[str, str], ...], ...] = ()


class PageDetail(_Message):
    """What a page message carries.

    Attributes:
        at: When the look was handed out.
        since: Start of the window of traces, None where no traces were read.
        until: Its end.
        unread: Why the traces could not be read; empty where they were.
        functions: What is told of each function.
    """

    at: AwareDatetime
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    unread: str = ""
    functions: tuple[FunctionFlows, ...]

    @property
    def window(self) -> Window | None:
        """The window of traces, None where none were read."""
        return Window(self.since, self.until) if self.since and self.until else None

    def message(self) -> dict[str, object]:
        """The message that carries it."""
        detail = self.model_dump(mode="json", exclude_defaults=True)
        return own_message(MessageType.FLOW_PAGE, detail)


def read_look(detail: Mapping[str, Any]) -> LookDetail:
    """Read a look message.

    Raises:
        MalformedEventError: It is none.
    """
    return validated(LookDetail, detail, "a flow look")


def read_page(detail: Mapping[str, Any]) -> PageDetail:
    """Read a page message.

    Raises:
        MalformedEventError: It is none.
    """
    return validated(PageDetail, detail, "a flow page")


# SQS takes 256 KiB; the rest is room for the envelope and for characters of several bytes.
_PAGE_BYTES: Final = 180_000
_FUNCTIONS_PER_PAGE: Final = 25

PAGE_APART: Final = timedelta(seconds=30)
"""Time between two pages that read configuration: three or four calls for each of 25 functions."""


def pages(functions: Sequence[FunctionFlows]) -> list[list[FunctionFlows]]:
    """Functions in groups that fit a message and a minute. Pure."""
    found: list[list[FunctionFlows]] = []
    room = 0
    for function in functions:
        size = len(function.model_dump_json().encode())
        if not found or len(found[-1]) == _FUNCTIONS_PER_PAGE or size > room:
            found.append([])
            room = _PAGE_BYTES
        found[-1].append(function)
        room -= size
    return found
