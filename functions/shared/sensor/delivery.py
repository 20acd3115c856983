"""What CloudWatch Logs delivers to a subscribed function, and which function it is about.

Source: CloudWatch Logs user guide, "Using subscription filters", example with Lambda.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.logs.subscription import function_of, unpacked

_OLDEST: Final = timedelta(days=14)


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
    document = unpacked(event)
    if document is None:
        return None
    listed = document.get("logEvents")
    entries = listed if isinstance(listed, list) else []
    return Delivery(
        function_of(document, region),
        tuple(sorted((_entry(one, now) for one in entries), key=lambda entry: entry.at)),
    )


def _entry(one: object, now: datetime) -> LogEntry:
    fields = one if isinstance(one, dict) else {}
    stamp, message = fields.get("timestamp"), fields.get("message")
    try:
        at = datetime.fromtimestamp(stamp / 1000, UTC) if isinstance(stamp, int) else now
    except (OverflowError, OSError, ValueError):
        at = now
    return LogEntry(min(max(at, now - _OLDEST), now), message if isinstance(message, str) else "")
