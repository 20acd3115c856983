"""The first steps that every consumer of changes takes, before it judges anything of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import read_change
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change that deserves a judgement, and what was known of its function before."""

    change: FunctionChange
    record: FunctionRecord


def take_in(
    envelope: Envelope,
    warden: Deployment,
    *,
    scope: str,
    now: datetime,
    on_deletion: Callable[[FunctionArn], None] | None = None,
) -> Arrival | None:
    """Understand an event and bring the function's record up to date.

    What is no change is logged with its reason. A deletion closes the alerts of `scope`. An event
    that arrives after the function's deletion, as late ones do, is not judged any more.

    Raises:
        MalformedEventError: The event should name a function and does not.
    """
    change = read_change(envelope, own_functions=warden.own_functions, now=now)
    if isinstance(change, NotAChange):
        logger.info("event ignored", extra={"reason": change.reason})
        return None
    if change.kind is ChangeKind.DELETED:
        if _forget(change, warden, scope, now) and on_deletion:
            on_deletion(change.function)
        return None
    # An event from the future, as a wrong clock would send it, must not prolong a grace period.
    record = warden.records.met(change.function, min(change.at, now))
    if record.deleted_at and not _proves_return(change, record.deleted_at):
        _ignored("the function was deleted since", change)
        return None
    if record.deleted_at:
        record = warden.records.remember_return(change.function, min(change.at, now))
    if change.kind is ChangeKind.CREATED and not _is_older(change.at, record.created_at):
        record = warden.records.remember_creation(change.function, change.at)
    return Arrival(change, record)


def _forget(change: FunctionChange, warden: Deployment, scope: str, now: datetime) -> bool:
    if _is_older(change.at, warden.records.get(change.function).created_at):
        _ignored("a function of this name was created since", change)
        return False
    warden.records.remember_deletion(change.function, change.at)
    closed = warden.alerts.close(change.function, scope, now)
    logger.info(
        "function deleted",
        extra={"function": str(change.function), "alerts_resolved": len(closed)},
    )
    return True


def _proves_return(change: FunctionChange, deleted_at: datetime) -> bool:
    # Lambda's own events may still tell of the states that a function passes as it goes.
    return change.kind is not ChangeKind.STATE and change.at > deleted_at


def _is_older(at: datetime, other: datetime | None) -> bool:
    return other is not None and at < other


def _ignored(reason: str, change: FunctionChange) -> None:
    logger.info("event ignored", extra={"reason": reason, "function": str(change.function)})
