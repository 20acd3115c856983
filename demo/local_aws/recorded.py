"""Events recorded in an account of the user's, made ready for ``LocalAws.emit_all``.

Three forms are understood, as files hold them: EventBridge events, CloudTrail records,
and CloudTrail log files; the first two one at a time or as a list.
"""

import json
from collections.abc import Mapping
from typing import Any

from demo.local_aws.errors import RefusedError

# "AWS service events delivered via AWS CloudTrail" in the EventBridge User Guide.
_DETAIL_TYPES = {
    "AwsApiCall": "AWS API Call via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
    "AwsConsoleSignIn": "AWS Console Sign In via CloudTrail",
}


def read_recorded(text: str) -> list[dict[str, Any]]:
    """Read a file's content into EventBridge events, in its order.

    Args:
        text: JSON: a list, a single object, or an object with ``Records``.

    Raises:
        RefusedError: it is not JSON, or an entry is of neither form; the message says
            which.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise RefusedError(f"events: not JSON: {error}") from None
    if isinstance(content, dict) and isinstance(content.get("Records"), list):
        content = content["Records"]
    entries = content if isinstance(content, list) else [content]
    return [_event(place, entry) for place, entry in enumerate(entries)]


def _event(place: int, entry: object) -> dict[str, Any]:
    if isinstance(entry, Mapping):
        if "detail-type" in entry and "source" in entry:
            return dict(entry)
        if "eventSource" in entry and "eventName" in entry:
            return _from_cloudtrail(entry)
    raise RefusedError(
        f"events[{place}]: neither an EventBridge event (source, detail-type, detail) "
        "nor a CloudTrail record (eventSource, eventName)"
    )


def _from_cloudtrail(record: Mapping[str, Any]) -> dict[str, Any]:
    service = str(record["eventSource"]).partition(".")[0]
    event: dict[str, Any] = {
        "version": "0",
        "id": record.get("eventID"),
        "source": f"aws.{service}",
        "detail-type": _DETAIL_TYPES.get(str(record.get("eventType")), _DETAIL_TYPES["AwsApiCall"]),
        "account": record.get("recipientAccountId"),
        "region": record.get("awsRegion"),
        "time": record.get("eventTime"),
        "resources": [],
        "detail": dict(record),
    }
    return {name: value for name, value in event.items() if value is not None}
