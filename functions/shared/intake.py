"""The first steps that every consumer of changes takes, before it judges anything of its own."""

from dataclasses import dataclass
from datetime import datetime

from functions.shared.deployment import Deployment
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import read_change
from functions.shared.observability import logger
from functions.shared.state.records import FunctionRecord


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change that deserves a judgement, and what was known of its function before."""

    change: FunctionChange
    record: FunctionRecord


def take_in(envelope: Envelope, warden: Deployment, *, scope: str, now: datetime) -> Arrival | None:
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
        warden.records.remember_deletion(change.function, change.at)
        closed = warden.alerts.close(change.function, scope, now)
        logger.info(
            "function deleted",
            extra={"function": str(change.function), "alerts_resolved": len(closed)},
        )
        return None
    record = warden.records.met(change.function, change.at)
    if record.deleted_at and change.at <= record.deleted_at:
        logger.info(
            "event ignored",
            extra={"reason": "the function was deleted since", "function": str(change.function)},
        )
        return None
    if record.deleted_at:
        record = warden.records.remember_return(change.function, change.at)
    return Arrival(change, record)
