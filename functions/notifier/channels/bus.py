"""Sending alerts to the custom EventBridge bus, one event for each change of each alert.

Limits: ten entries in a request (EventBridge API reference, PutEvents), and their sizes together
at most 256 KiB (EventBridge user guide, "Calculating Amazon EventBridge PutEvents event entry
size").
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from functions.shared.aws.clients import AwsError, error_code
from functions.shared.events.message_types import WARDEN_SOURCE

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

Event: TypeAlias = tuple[str, Mapping[str, object]]
"""Detail-type and detail."""

_ENTRIES: Final = 10
_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Untaken:
    """An event that the bus did not take.

    Attributes:
        index: Which one of those that were to be sent.
        cause: The service's own code, such as `ThrottlingException`.
        for_good: Whether it would be refused again.
    """

    index: int
    cause: str
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    index: int
    detail_type: str
    detail: str

    @property
    def size(self) -> int:
        """Bytes, as EventBridge counts them; there is no time and no resource."""
        return sum(len(one.encode()) for one in (WARDEN_SOURCE, self.detail_type, self.detail))


class AlertBus:
    """The bus that a platform's own rules and targets hang on."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client = client
        self._name = name

    def send(self, events: Sequence[Event]) -> tuple[Untaken, ...]:
        """Send events, as many in one request as fit.

        A request that fails as a whole leaves all of its events untaken; the others go on. Whether
        a request arrived whose answer did not is unknown: its events may come twice, which
        EventBridge's receivers must expect anyway.

        Returns:
            Those that were not taken, in the order of their indices.
        """
        entries = [
            _Entry(index, detail_type, json.dumps(detail, ensure_ascii=False, allow_nan=False))
            for index, (detail_type, detail) in enumerate(events)
        ]
        untaken = [Untaken(e.index, "TooLarge", for_good=True) for e in entries if e.size > _BYTES]
        for batch in _batches([entry for entry in entries if entry.size <= _BYTES]):
            untaken += self._put(batch)
        return tuple(sorted(untaken, key=lambda one: one.index))

    def _put(self, batch: Sequence[_Entry]) -> list[Untaken]:
        try:
            answer = self._client.put_events(Entries=[self._request(entry) for entry in batch])
        except AwsError as error:
            return [Untaken(entry.index, error_code(error)) for entry in batch]
        return [
            Untaken(entry.index, result["ErrorCode"])
            for entry, result in zip(batch, answer["Entries"], strict=True)
            if result.get("ErrorCode")
        ]

    def _request(self, entry: _Entry) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._name,
            "Source": WARDEN_SOURCE,
            "DetailType": entry.detail_type,
            "Detail": entry.detail,
        }


def _batches(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    batch: list[_Entry] = []
    for entry in entries:
        if batch and (len(batch) == _ENTRIES or sum(e.size for e in batch) + entry.size > _BYTES):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch
