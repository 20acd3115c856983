"""Removing the stack: everything is restored first, or the removal is refused.

CloudFormation calls this before it deletes anything that restoring needs (the stack says so). On
creation and updates there is nothing to do. Others may call, too, and are not believed: see
`functions.guard.cloudformation`.
Source: CloudFormation user guide, "Custom resource request types" and "response objects".
"""

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from functions.guard.cloudformation import is_answer_address, is_deleting
from functions.guard.commands import release_all
from functions.guard.guard import Guard
from functions.shared.aws.observability import logger
from functions.shared.core.reading import Unknown
from functions.shared.core.text import plain

REFUSED: Final = "REFUSED"
"""What became of a request that nobody was told of."""

_PHYSICAL_ID: Final = "warden-guard-release"
_ANSWER_SECONDS: Final = 10
# What is left of the function's time when everything was tried: enough to answer.
_RESERVE: Final = timedelta(seconds=20)


def is_removal_request(event: Mapping[str, Any]) -> bool:
    """Whether CloudFormation calls, and not the queue."""
    return "RequestType" in event and "ResponseURL" in event


def answer_cloudformation(guard: Guard, event: Mapping[str, Any], ends: datetime) -> str:
    """Do what CloudFormation asks for, and tell it what came of it.

    Args:
        guard: The guard.
        event: CloudFormation's request.
        ends: When the present invocation is ended.

    Returns:
        `SUCCESS` or `FAILED`, as it was told; `REFUSED` where nobody was, because the address is
        none of CloudFormation's.
    """
    url, settings = str(event["ResponseURL"]), guard.warden.settings
    s3 = guard.warden.aws.s3.meta.endpoint_url
    if not is_answer_address(url, region=settings.region, s3=s3):
        logger.error("request to remove the stack refused: the address is not CloudFormation's")
        return REFUSED
    try:
        fault = _fault(guard, event, ends)
    except Exception as error:  # noqa: BLE001 - unanswered, CloudFormation would wait for an hour
        logger.exception("removal failed")
        fault = f"{type(error).__name__}: {error}"
    status = "FAILED" if fault else "SUCCESS"
    _put(
        url,
        {
            "Status": status,
            "Reason": plain(fault, 800) or "nothing stands",
            "PhysicalResourceId": event.get("PhysicalResourceId", _PHYSICAL_ID),
            "StackId": event.get("StackId", ""),
            "RequestId": event.get("RequestId", ""),
            "LogicalResourceId": event.get("LogicalResourceId", ""),
        },
    )
    return status


def _fault(guard: Guard, event: Mapping[str, Any], ends: datetime) -> str:
    if event["RequestType"] != "Delete":
        return ""
    deleting = is_deleting(guard.warden, event)
    if isinstance(deleting, Unknown):
        return f"Whether the stack is really being deleted is unknown: {deleting.cause}."
    if not deleting.value:
        logger.error("request to remove the stack refused: it is not being deleted")
        return "CloudFormation does not say that the stack is being deleted."
    return restore_for_removal(guard, ends)


def restore_for_removal(guard: Guard, ends: datetime) -> str:
    """Stop and restore everything.

    Returns:
        Why the stack must not be removed; empty when nothing stands any more.
    """
    patience = max(timedelta(0), ends - _RESERVE - guard.clock())
    left = [one for one in release_all(guard, by="stack removal", patience=patience) if one.stands]
    if not left:
        return ""
    shown = "; ".join(f"{one.function}: {one.detail}" for one in left[:5])
    return (
        f"{len(left)} functions are still limited and could not be restored ({shown}). "
        "Restore them (warden guard release --all), then delete the stack again."
    )


def _put(url: str, document: Mapping[str, Any]) -> None:
    body = json.dumps(document).encode()
    # The address was held against CloudFormation's own: a presigned URL of S3.
    request = urllib.request.Request(url, data=body, method="PUT", headers={"content-type": ""})  # noqa: S310
    with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS):  # noqa: S310
        return
