"""One delivery of CloudWatch Logs to a subscribed function, and which function it is about.

Source: CloudWatch Logs user guide, "Using subscription filters", example with Lambda.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError

_LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a delivery when unpacked; Lambda takes 6 MB packed, and text packs well."""

_GROUP: Final = "/aws/lambda/"
_CONTROL: Final = "CONTROL_MESSAGE"


def unpacked(
    event: Mapping[str, Any], loads: Callable[[bytes], Any] = json.loads
) -> Mapping[str, Any] | None:
    """What was delivered; None for what only tests the subscription.

    Args:
        event: What Lambda was invoked with.
        loads: What reads the JSON.

    Raises:
        MalformedEventError: It is no delivery.
    """
    try:
        packed = base64.b64decode(event["awslogs"]["data"], validate=True)
        unpacking = zlib.decompressobj(wbits=31)
        text = unpacking.decompress(packed, _LARGEST)
        if unpacking.unconsumed_tail:
            raise MalformedEventError(f"awslogs.data: more than {_LARGEST} bytes when unpacked")
        document = loads(text)
    except (KeyError, TypeError, binascii.Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, MalformedEventError):
            raise
        raise MalformedEventError("awslogs.data: no packed delivery of CloudWatch Logs") from error
    if not isinstance(document, dict):
        raise MalformedEventError("awslogs.data: no JSON object")
    return None if document.get("messageType") == _CONTROL else document


def function_of(document: Mapping[str, Any], region: str) -> FunctionArn:
    """The function of a log: by its group, or where functions share one, by the stream.

    Lambda names the streams of a shared group `2026/03/10/name[$LATEST]...`.

    Raises:
        MalformedEventError: It is no log of a function.
    """
    group, stream = str(document.get("logGroup")), str(document.get("logStream"))
    name = group.removeprefix(_GROUP)
    if name == group:
        name = stream.rpartition("/")[2].partition("[")[0]
    try:
        return FunctionArn.parse(name, account=str(document.get("owner")), region=region)
    except ValueError as error:
        raise MalformedEventError("logGroup: no log of a function", found=group) from error
