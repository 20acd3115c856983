"""Reading a file of events in any of the forms in which AWS hands them out.

A JSON list of CloudTrail records, a CloudTrail log file (`{"Records": [...]}`, also compressed, as
CloudTrail delivers it), one EventBridge event, or a list of them.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from demo.local_aws.errors import RefusedError
from demo.local_aws.events import read_event
from functions.shared.events.message_types import CLOUDTRAIL_CALL

_GZIP: Final = b"\x1f\x8b"
_AWS_DOMAIN: Final = ".amazonaws.com"

Event = dict[str, Any]


class BadInputError(ValueError):
    """The file holds no events; the message names the file, the place and the problem."""


def read_events(path: Path) -> list[Event]:
    """The events of a file, each as EventBridge would deliver it, in the file's order.

    Raises:
        BadInputError: See there.
    """
    try:
        return as_events(_parsed(path))
    except BadInputError as error:
        raise BadInputError(f"{path}: {error}") from error


def as_events(document: object) -> list[Event]:
    """The events that a parsed document holds.

    Raises:
        BadInputError: It holds something else.
    """
    if isinstance(document, Mapping) and "Records" in document:
        document = document["Records"]
        if not isinstance(document, list):
            raise BadInputError("Records: must be a list of CloudTrail records")
    items = document if isinstance(document, list) else [document]
    return [_event(item, position) for position, item in enumerate(items)]


def _parsed(path: Path) -> object:
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return json.loads(content)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInputError("compressed with gzip, but damaged") from error
    except OSError as error:
        raise BadInputError(error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise BadInputError("neither text nor compressed with gzip") from error
    except RecursionError as error:
        raise BadInputError("nested too deeply") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadInputError(f"no JSON at {place}: {error.msg}") from error


def _event(item: object, position: int) -> Event:
    """One item as an event; `position` counts from 0 and is named in errors.

    Raises:
        BadInputError: It is neither an event nor a record, or a field is of the wrong kind.
    """
    if not isinstance(item, Mapping):
        raise BadInputError(f"event {position}: must be a JSON object, not {_kind(item)}")
    if "detail-type" in item:
        event = dict(item)
    elif "eventSource" in item and "eventName" in item:
        event = _from_record(item)
    else:
        raise BadInputError(
            f"event {position}: neither an EventBridge event (source, detail-type, detail) "
            "nor a CloudTrail record (eventSource, eventName, ...)"
        )
    try:
        read_event(event)
    except RefusedError as error:
        raise BadInputError(f"event {position}: {error}") from error
    return event


def _from_record(record: Mapping[str, Any]) -> Event:
    """A CloudTrail record in the envelope that EventBridge puts around it."""
    around = {
        "id": record.get("eventID"),
        "time": record.get("eventTime"),
        "account": record.get("recipientAccountId"),
        "region": record.get("awsRegion"),
    }
    return {
        "version": "0",
        "source": f"aws.{str(record['eventSource']).removesuffix(_AWS_DOMAIN)}",
        "detail-type": CLOUDTRAIL_CALL,
        "detail": dict(record),
        "resources": [],
        **{name: value for name, value in around.items() if value is not None},
    }


def _kind(item: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "nothing" if item is None else names.get(type(item), "a number")
