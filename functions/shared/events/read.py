"""One door for all sources: CloudTrail calls, native Lambda state events, Warden's own sweep."""

from datetime import datetime
from typing import Final

from functions.shared.arn import FunctionArn
from functions.shared.events import cloudtrail
from functions.shared.events.change import (
    ChangeKind,
    FunctionChange,
    MalformedEventError,
    NotAChange,
)
from functions.shared.events.envelope import WARDEN_SOURCE, Envelope
from functions.shared.text import plain

OBSERVED: Final = "Function Observed"


def read_change(
    envelope: Envelope, *, own_functions: str, now: datetime
) -> FunctionChange | NotAChange:
    """Understand an event as a change of one function, or say why it is none.

    Args:
        envelope: The event.
        own_functions: Prefix of the names of Warden's own functions.
        now: Used where the event carries no time of its own.

    Raises:
        MalformedEventError: The event should name a function and does not.
    """
    if envelope.source == WARDEN_SOURCE and envelope.detail_type == OBSERVED:
        return _from_arn(envelope, envelope.detail.get("functionArn"), ChangeKind.OBSERVED, now)
    if envelope.source != "aws.lambda":
        return NotAChange(f"event of another source ({plain(envelope.source, 60)})")
    if envelope.detail_type == cloudtrail.DETAIL_TYPE:
        return cloudtrail.read_change(envelope, own_functions)
    return _from_state_event(envelope, now)


def _from_state_event(envelope: Envelope, now: datetime) -> FunctionChange | NotAChange:
    """Native events differ in their detail; all of them name the function's ARN somewhere."""
    detail = envelope.detail
    named = next(
        (
            text
            for text in (
                *(detail.get(key) for key in ("functionArn", "FunctionArn", "function-arn")),
                *envelope.resources,
            )
            if isinstance(text, str) and ":function:" in text
        ),
        detail.get("functionName"),
    )
    if named is None:
        return NotAChange(f"Lambda event without a function ({plain(envelope.detail_type, 60)})")
    return _from_arn(envelope, named, ChangeKind.STATE, now)


def named_function(envelope: Envelope) -> FunctionArn:
    """The function that one of Warden's own messages names.

    Raises:
        MalformedEventError: It names none.
    """
    return _parse(envelope, envelope.detail.get("functionArn"))


def _parse(envelope: Envelope, named: object) -> FunctionArn:
    if not isinstance(named, str):
        raise MalformedEventError("detail.functionArn: missing; expected the function's ARN")
    try:
        return FunctionArn.parse(named, account=envelope.account, region=envelope.region)
    except ValueError as error:
        raise MalformedEventError(f"detail.functionArn: {error}; expected a full ARN") from error


def _from_arn(envelope: Envelope, named: object, kind: ChangeKind, now: datetime) -> FunctionChange:
    return FunctionChange(
        function=_parse(envelope, named),
        kind=kind,
        at=envelope.happened_at(now),
        event_id=envelope.id,
        event_name=plain(envelope.detail_type, 100),
    )


def observation(function: FunctionArn) -> dict[str, object]:
    """The event that asks for a function to be looked at; `read_change` understands it."""
    return {
        "source": WARDEN_SOURCE,
        "detail-type": OBSERVED,
        "account": function.account,
        "region": function.region,
        "detail": {"functionArn": str(function)},
    }
