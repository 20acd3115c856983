"""One door for all sources: CloudTrail calls, native Lambda state events, Warden's own sweep."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from functions.shared.events import cloudtrail
from functions.shared.events.change import (
    ChangeKind,
    FunctionChange,
    MalformedEventError,
    NotAChange,
)
from functions.shared.events.envelope import Envelope, own_message
from functions.shared.events.message_types import CLOUDTRAIL_CALL, LAMBDA_SOURCE, MessageType
from functions.shared.events.native import native_events

_LAMBDA_FUNCTION: Final = re.compile(r"arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:")
_DEPTH: Final = 4


def read_change(
    envelope: Envelope, *, own_functions: Collection[str], now: datetime
) -> FunctionChange | NotAChange:
    """Understand an event as a change of one function, or say why it is none.

    Args:
        envelope: The event.
        own_functions: Names of Warden's own functions.
        now: Used where the event carries no time of its own.

    Raises:
        MalformedEventError: The event should name a function and does not.
    """
    if envelope.own_type is MessageType.FUNCTION_OBSERVED:
        return _from_arn(envelope, envelope.detail.get("functionArn"), ChangeKind.OBSERVED, now)
    if envelope.source != LAMBDA_SOURCE:
        return NotAChange(f"event of another source ({plain(envelope.source, 60)})")
    if envelope.detail_type == CLOUDTRAIL_CALL:
        return cloudtrail.read_change(envelope, own_functions, now)
    if envelope.detail_type in native_events().no_changes:
        return NotAChange(f"Lambda event that changes no function ({envelope.detail_type})")
    return _from_state_event(envelope, now)


def _from_state_event(envelope: Envelope, now: datetime) -> FunctionChange | NotAChange:
    """Native events differ in their detail; all of them name the function's ARN somewhere."""
    texts = (*_texts(envelope.detail, _DEPTH), *envelope.resources)
    named = next(
        (text for text in texts if _LAMBDA_FUNCTION.match(text)),
        envelope.detail.get("functionName"),
    )
    if named is None:
        return NotAChange(f"Lambda event without a function ({plain(envelope.detail_type, 60)})")
    return _from_arn(envelope, named, ChangeKind.STATE, now)


def _texts(value: object, depth: int) -> Iterator[str]:
    """All texts inside a document, the outer ones of an object first."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and depth:
        outer_first = sorted(value.values(), key=lambda one: not isinstance(one, str))
        for one in outer_first:
            yield from _texts(one, depth - 1)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _texts(one, depth - 1)


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
        raise MalformedEventError(
            "detail.functionArn: expected a full ARN", found=str(error)
        ) from error


def _from_arn(envelope: Envelope, named: object, kind: ChangeKind, now: datetime) -> FunctionChange:
    return FunctionChange(
        function=_parse(envelope, named),
        kind=kind,
        at=envelope.happened_at(now),
        event_id=envelope.id,
        event_name=plain(envelope.detail_type, 100),
    )


def observation(function: FunctionArn, at: datetime) -> dict[str, object]:
    """The event that asks for a function to be looked at; `read_change` understands it.

    Args:
        function: The function.
        at: When it was known to exist, aware: what was deleted since is not looked at.
    """
    return own_message(MessageType.FUNCTION_OBSERVED, about=function, at=at)
