"""What CloudWatch Logs delivers to a subscribed function, and which function it is about.

Source: CloudWatch Logs user guide, "Using subscription filters", example with Lambda.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError

_LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a delivery when unpacked; Lambda takes 6 MB packed, and text packs well."""

_OLDEST: Final = timedelta(days=14)
_GROUP: Final = "/aws/lambda/"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of a log."""

    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Entries of one log stream.

    Attributes:
        function: The function whose log it is, by the log's own name.
        entries: The entries, the oldest first.
    """

    function: FunctionArn
    entries: tuple[LogEntry, ...]


def read_delivery(event: Mapping[str, Any], *, region: str, now: datetime) -> Delivery | None:
    """Read a delivery; None for those that only test the subscription.

    Args:
        event: What Lambda was invoked with.
        region: Region of the subscription, which is that of the log.
        now: The time; an entry is never from later, and never from very long ago.

    Raises:
        MalformedEventError: It is no delivery, or no log of a function.
    """
    document = _unpacked(event)
    if document.get("messageType") == "CONTROL_MESSAGE":
        return None
    owner, group = str(document.get("owner")), str(document.get("logGroup"))
    stream = str(document.get("logStream"))
    listed = document.get("logEvents")
    entries = listed if isinstance(listed, list) else []
    return Delivery(
        _function_of(owner, group, stream, region),
        tuple(sorted((_entry(one, now) for one in entries), key=lambda entry: entry.at)),
    )


def _unpacked(event: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        packed = base64.b64decode(event["awslogs"]["data"], validate=True)
        unpacking = zlib.decompressobj(wbits=31)
        text = unpacking.decompress(packed, _LARGEST)
        if unpacking.unconsumed_tail:
            raise MalformedEventError(f"awslogs.data: more than {_LARGEST} bytes when unpacked")
        document = json.loads(text)
    except (KeyError, TypeError, binascii.Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, MalformedEventError):
            raise
        raise MalformedEventError("awslogs.data: no packed delivery of CloudWatch Logs") from error
    if not isinstance(document, dict):
        raise MalformedEventError("awslogs.data: no JSON object")
    return document


def _function_of(owner: str, group: str, stream: str, region: str) -> FunctionArn:
    """The function of a log: by its group, or where functions share one, by the stream.

    Lambda names the streams of a shared group `2026/03/10/name[$LATEST]...`.
    """
    name = group.removeprefix(_GROUP)
    if name == group:
        name = stream.rpartition("/")[2].partition("[")[0]
    try:
        return FunctionArn.parse(name, account=owner, region=region)
    except ValueError as error:
        raise MalformedEventError("logGroup: no log of a function", found=group) from error


def _entry(one: object, now: datetime) -> LogEntry:
    fields = one if isinstance(one, dict) else {}
    stamp, message = fields.get("timestamp"), fields.get("message")
    try:
        at = datetime.fromtimestamp(stamp / 1000, UTC) if isinstance(stamp, int) else now
    except (OverflowError, OSError, ValueError):
        at = now
    return LogEntry(min(max(at, now - _OLDEST), now), message if isinstance(message, str) else "")
