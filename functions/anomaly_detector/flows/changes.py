"""Changes that explain a new edge, noted when their events arrive."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.anomaly_detector.flows.access_changes import Access, noted
from functions.anomaly_detector.flows.look import store_of
from functions.anomaly_detector.flows.page import SCOPE
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from functions.shared.events.change import FunctionChange
from functions.shared.events.cloudtrail import read_record
from functions.shared.events.envelope import Envelope
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import ExplainingChange
from functions.shared.runtime.deployment import Deployment
from functions.shared.runtime.watched import is_there, is_watched

"""Source of the events that tell of calls of EventBridge's own API."""


def note(change: FunctionChange, warden: Deployment, now: datetime) -> None:
    """Note a change of a function, if it is of a kind that brings callers or callees.

    Raises:
        ConflictError: Another change of the same function was noted at once; deliver again.
    """
    reported = noted(change)
    if reported and warden.config.detector.flows.enabled:
        store_of(warden).note_change(change.function, reported, now)


def note_targets(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Note that a rule got functions as its targets (PutTargets, recorded by CloudTrail).

    A target may be of any account, and need not exist: only functions of this account and region
    that AWS has are noted.

    Raises:
        MalformedEventError: The event is no CloudTrail record.
        ConflictError: Another change of the same function was noted at once; deliver again.
    """
    record = read_record(envelope.detail)
    if record.event_name != "PutTargets" or record.error_code:
        logger.info("event ignored", extra={"reason": "no new target of a rule"})
        return
    request = record.request or {}
    by = plain(record.actor.name, 80)
    at = min(record.event_time, now)
    reported = ExplainingChange(at, Access.TARGET_ADDED.value, by, rule_of(request))
    for function in targets(request):
        if is_watched(function, warden) and is_there(function, warden):
            store_of(warden).note_change(function, reported, now)


def rule_of(request: Mapping[str, Any]) -> Peer | None:
    """The rule of a PutTargets request, called as its ARN calls it. Pure."""
    rule, bus = request.get("rule"), request.get("eventBusName")
    if not isinstance(rule, str):
        return None
    bus = bus.rpartition("/")[2] if isinstance(bus, str) else ""
    return Peer("events", rule if bus in {"", "default"} else f"{bus}/{rule}")


def targets(request: Mapping[str, Any]) -> list[FunctionArn]:
    """The functions among the targets of a PutTargets request. Pure."""
    listed = request.get("targets")
    arns = [one.get("arn") for one in listed if isinstance(one, dict)] if listed else []
    found = []
    for arn in arns:
        if isinstance(arn, str) and ":function:" in arn:
            try:
                found.append(FunctionArn.parse(arn))
            except ValueError:
                continue  # something else that is called a function
    return found


def forget(function: FunctionArn, warden: Deployment, now: datetime) -> None:
    """A function is gone: what was told of its flows is over."""
    warden.alerts.close(function, SCOPE, now)
