"""The first steps that every consumer of changes takes, before it judges anything of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import read_change
from functions.shared.runtime.deployment import Deployment
from functions.shared.runtime.watched import is_watched
from functions.shared.state.records import FunctionRecord


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change that deserves a judgement, and what was known of its function before.

    Attributes:
        change: The change.
        record: What was known.
        tags: The function's tags, where AWS was asked whether it exists, which answers both; None
            where that was not asked.
    """

    change: FunctionChange
    record: FunctionRecord
    tags: Reading[Mapping[str, str]] | None = None


def take_in(
    envelope: Envelope,
    warden: Deployment,
    *,
    scope: str,
    now: datetime,
    on_deletion: Callable[[FunctionArn], None] | None = None,
    on_elsewhere: Callable[[FunctionArn], None] | None = None,
) -> Arrival | None:
    """Understand an event and bring the function's record up to date.

    What is no change is logged with its reason. A deletion closes the alerts of `scope`. An event
    that arrives after the function's deletion, as late ones do, is not judged any more.

    Events are claims. One whose function is of another account or region than the event, or than
    those that are watched, is dropped and counted.
    That a function exists, or does not, is asked of AWS where nothing else in the event is judged:
    a deletion of one that exists hides nothing, and a look at one that does not opens nothing and
    closes what stands about it.

    Raises:
        MalformedEventError: The event should name a function and does not.
    """
    change = read_change(envelope, own_functions=warden.own_functions, now=now)
    if isinstance(change, NotAChange):
        logger.info("event ignored", extra={"reason": change.reason})
        return None
    if _is_elsewhere(change.function, envelope, warden):
        # The dashboard counts what is logged as an error.
        extra = {"function": str(change.function), "event": change.event_name}
        logger.error("event dropped: its function is elsewhere", extra=extra)
        if on_elsewhere:
            on_elsewhere(change.function)
        return None
    exists = _existence(change, warden)
    if change.kind is ChangeKind.DELETED and isinstance(exists, Known):
        _ignored("it is said to be deleted, and AWS has it", change)
        return None
    gone = isinstance(exists, Unknown) and exists.missing
    if gone or change.kind is ChangeKind.DELETED:
        if _forget(change, warden, scope, now) and on_deletion:
            on_deletion(change.function)
        return None
    # An event from the future, as a wrong clock would send it, must not prolong a grace period.
    record = warden.records.met(change.function, min(change.at, now))
    seen = change.kind is ChangeKind.OBSERVED and isinstance(exists, Known)
    if record.deleted_at and not seen and not _proves_return(change, record.deleted_at):
        _ignored("the function was deleted since", change)
        return None
    if record.deleted_at:
        record = warden.records.remember_return(change.function, min(change.at, now))
    if change.kind is ChangeKind.CREATED and not _is_older(change.at, record.created_at):
        record = warden.records.remember_creation(change.function, change.at)
    return Arrival(change, record, exists)


# What is looked at for nothing but its function's being there, or not.
_ASKED: Final = frozenset({ChangeKind.DELETED, ChangeKind.OBSERVED})


def _existence(change: FunctionChange, warden: Deployment) -> Reading[Mapping[str, str]] | None:
    """Whether AWS has the function, with the one call that every consumer may make; None unasked.

    Raises:
        ClientError: AWS could not answer now.
    """
    if change.kind not in _ASKED:
        return None
    return ask(
        "reading the tags",
        lambda: warden.aws.lambda_.list_tags(Resource=str(change.function))["Tags"],
    )


def _is_elsewhere(function: FunctionArn, envelope: Envelope, warden: Deployment) -> bool:
    """Whether an event tells of a function that it cannot know of, or that nobody watches here."""
    settings = warden.settings
    place = (function.account, function.region)
    if place != (envelope.account or settings.account, envelope.region or settings.region):
        return True
    return not is_watched(function, warden)


def _forget(change: FunctionChange, warden: Deployment, scope: str, now: datetime) -> bool:
    record = warden.records.get(change.function)
    if _is_older(change.at, record.created_at):
        _ignored("a function of this name was created since", change)
        return False
    if record.first_seen or change.kind is ChangeKind.DELETED:
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
