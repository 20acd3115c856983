"""Reserving concurrency for Warden's own functions, and taking it back."""

import json
from typing import Final

from functions.shared.aws.clients import ClientError, ask, error_code
from functions.shared.aws.observability import logger
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.config import OWN_CONCURRENCY
from functions.shared.runtime.deployment import Deployment
from functions.sweep.own_room import Room, decide

_PK: Final = "OWN_CONCURRENCY"
_SK: Final = "MADE"


def keep_room(warden: Deployment) -> Room:
    """Bring what is reserved for Warden's own functions in line with the settings.

    What is to be reserved is written down first, so that it can be told from what others set.

    Raises:
        ClientError: AWS could not answer now.
    """
    client, made = warden.aws.lambda_, _made(warden)
    policy = warden.config.guard
    room = decide(
        {part: reserved_concurrency(client, warden.own_function(part)) for part in OWN_CONCURRENCY},
        made,
        ask(
            "reading the account's limit",
            lambda: client.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"],
        ),
        wanted=policy.own_concurrency,
        minimum=policy.unreserved_minimum,
    )
    if room.reserve:
        _write(warden, made | dict(room.reserve))
    for part, value in room.reserve.items():
        _reserve(warden, part, value)
    for part in sorted(room.release):
        client.delete_function_concurrency(FunctionName=str(warden.own_function(part)))
    if not policy.own_concurrency and made:
        _write(warden, {})
    logger.info(
        "own concurrency",
        extra={
            "reserved": dict(room.reserve),
            "released": sorted(room.release),
            "reason": room.reason,
        },
    )
    return room


def _reserve(warden: Deployment, part: str, value: int) -> None:
    """Reserve; that AWS refuses, because others reserved meanwhile, is no fault of the sweep."""
    function = warden.own_function(part)
    try:
        warden.aws.lambda_.put_function_concurrency(
            FunctionName=str(function), ReservedConcurrentExecutions=value
        )
    except ClientError as error:
        if error_code(error) != "InvalidParameterValueException":
            raise
        logger.warning("own concurrency refused", extra={"function": str(function)})


def _made(warden: Deployment) -> dict[str, int]:
    """What Warden reserved, by part; what is written down and unreadable counts as nothing."""
    item = warden.table.get(_PK, _SK) or {}
    try:
        known = json.loads(str(item.get("made", "{}")))
        return {str(part): int(value) for part, value in known.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def _write(warden: Deployment, made: dict[str, int]) -> None:
    warden.table.put({"pk": _PK, "sk": _SK, "made": json.dumps(made)})
