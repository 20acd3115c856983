"""CloudTrail's own history of the account's calls: what an event claims, it must have, too.

The history needs no trail, reaches back 90 days, and is some minutes late. Two lookups a second.
Source: CloudTrail API reference, "LookupEvents".
"""

import json
from collections.abc import Collection
from typing import Any

from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import FunctionChange, MalformedEventError, NotAChange
from functions.shared.events.cloudtrail import read_change
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import CLOUDTRAIL_CALL, LAMBDA_SOURCE


def look_up(
    client: Any, change: FunctionChange, own_functions: Collection[str]
) -> Reading[FunctionChange]:
    """A change as CloudTrail's history tells it; nothing of the event itself but its id is used.

    Args:
        client: Client.
        change: What an event told.
        own_functions: Names of Warden's own functions.

    Raises:
        ClientError: CloudTrail could not answer now.
    """

    def find() -> list[Any]:
        answer = client.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventId", "AttributeValue": change.event_id}]
        )
        return [one["CloudTrailEvent"] for one in answer["Events"] if "CloudTrailEvent" in one]

    found = ask("looking the event up", find)
    if isinstance(found, Unknown):
        return found
    for text in found.value:
        reported = _read(str(text), change, own_functions)
        if reported and (reported.function, reported.event_name, reported.event_id) == (
            change.function,
            change.event_name,
            change.event_id,
        ):
            return Known(reported)
    return Unknown("no such event", missing=True)


def _read(
    text: str, change: FunctionChange, own_functions: Collection[str]
) -> FunctionChange | None:
    try:
        envelope = Envelope(
            source=LAMBDA_SOURCE,
            detail_type=CLOUDTRAIL_CALL,
            detail=json.loads(text),
            account=change.function.account,
            region=change.function.region,
        )
        reported = read_change(envelope, own_functions, change.at)
    except (ValueError, MalformedEventError):
        return None
    return None if isinstance(reported, NotAChange) else reported
