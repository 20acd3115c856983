"""A person or a deployment changed a setting that the guard had set: theirs stays, at once.

The sweep sees a different value within minutes anyway. The event also tells of one that happens to
equal the guard's, and of one that came in the instant between the guard's last look and its call:
AWS offers no conditional write for this setting, so that one is put back here.

An event is a claim. Where AWS shows a value that is not the guard's, that bears it out. Where it
shows the guard's own, the event must stand in CloudTrail's history, and the value comes from there.
"""

from datetime import datetime, timedelta
from typing import Final

from functions.guard import history, report
from functions.guard.guard import Guard
from functions.guard.lift import lift, void
from functions.shared.aws.observability import logger
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import read_change
from functions.shared.guarding.enforcement import LASTING, TEMPORARY, Enforcement, Stage

_CALLS: Final = ("PutFunctionConcurrency", "DeleteFunctionConcurrency")
# CloudTrail rounds to seconds: a call of the second in which the guard acted came before or after.
_SAME_MOMENT: Final = timedelta(seconds=1)


class UnconfirmedError(RuntimeError):
    """CloudTrail's history, which is some minutes late, does not have the event (yet)."""


def overrule(guard: Guard, envelope: Envelope, now: datetime) -> bool:
    """Give up what stands on a function whose reserved concurrency somebody else has set.

    Returns:
        Whether something was given up.

    Raises:
        MalformedEventError: The event should name a function and does not.
        ConflictError: Somebody else acts on it; deliver the event again.
        UnconfirmedError: CloudTrail's history does not bear the event out; likewise.
    """
    change = read_change(envelope, own_functions=guard.warden.own_functions, now=now)
    if isinstance(change, NotAChange) or not _is_setting(change):
        return False
    done = False
    for book in (TEMPORARY, LASTING):
        record = guard.ledger.get(change.function, book)
        if (
            record
            and record.stage is Stage.APPLIED
            # Earlier ones are what the guard found when it acted.
            and change.at > (record.stepped_at or record.since) + _SAME_MOMENT
        ):
            done = _give_up(guard, record, change, now) or done
        elif record and record.is_standing and book == TEMPORARY:
            break  # it restores what is below it, and goes first
    if not done:
        return False
    report.tell(guard.warden, change.function, report.over(), now)
    logger.info("overruled", extra={"function": str(change.function)})
    return True


def _give_up(guard: Guard, record: Enforcement, change: FunctionChange, now: datetime) -> bool:
    present = reserved_concurrency(guard.warden.aws.lambda_, record.function)
    ours = isinstance(present, Known) and record.is_ours(present.value)
    if ours:
        change = _in_history(guard, change)
    by, hold = change.actor.name, timedelta(hours=guard.policy.hold_hours)
    reason = f"{by} set the reserved concurrency at {change.at:%H:%M:%S} UTC."
    theirs = change.stated.reserved_concurrency
    if ours and isinstance(present, Known) and present.value != theirs:
        if change.event_name.startswith(_CALLS[0]) and theirs is None:
            return False  # the event does not say what was set; the sweep goes by what AWS says
        # Theirs came between our last look and our call, and was overwritten: it comes back.
        record = guard.ledger.advance(record, previous=theirs)
        lift(guard, record, why=f"{reason} Theirs comes back.", by=by, now=now, hold=hold)
    else:
        void(guard, record, f"{reason} That stays.", by=by, now=now, hold=hold)
    return True


def _in_history(guard: Guard, change: FunctionChange) -> FunctionChange:
    """The same change as CloudTrail's history tells it."""
    found = history.look_up(guard.warden.aws.cloudtrail, change, guard.warden.own_functions)
    if isinstance(found, Unknown):
        raise UnconfirmedError(f"the change is not in CloudTrail's history: {found.cause}")
    return found.value


def _is_setting(change: FunctionChange) -> bool:
    return change.kind is ChangeKind.CONCURRENCY and change.event_name.startswith(_CALLS)
