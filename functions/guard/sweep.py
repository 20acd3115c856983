"""The guard's own clock: all that stands is looked at, and lifted even if no reminder came."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from functions.guard import report
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.restore import Quiet, decide_restore
from functions.guard.estate import guard_function
from functions.guard.guard import Guard
from functions.guard.lift import BusyError, LimitStandsError, lift, recover, uncovered, void
from functions.guard.measure import Measure, read
from functions.guard.renew import may_not_renew, renew
from functions.guard.runaways import Runaways
from functions.guard.switch import read_switch
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.metrics import IncompleteMetricsError
from functions.shared.aws.observability import logger
from functions.shared.config import Mode
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown
from functions.shared.guarding.enforcement import LASTING, TEMPORARY, Action, Enforcement, Stage
from functions.shared.state.table import ConflictError

_BY: Final = "sweep"
# Longer than AWS is usually unreachable; a refusal is reported at once.
_PATIENCE: Final = timedelta(minutes=15)
# Lambda's metrics arrive a minute or two late: judged earlier, a period would look quiet.
_SETTLING: Final = timedelta(minutes=3)
_MINUTE: Final = timedelta(minutes=1)


class UnfinishedSweepError(RuntimeError):
    """Something that stands could not be looked at; everything else was."""


def sweep(guard: Guard, now: datetime) -> None:
    """Look at everything that stands.

    One function that cannot be looked at keeps the others from nothing; temporary limits go first,
    because a lasting one below may only be lifted when they are gone.

    Raises:
        UnfinishedSweepError: Some could not be looked at; the next sweep tries again anyway.
    """
    failed: list[str] = []
    own = guard_function(guard.warden)
    _guarded(lambda: _tell_of_switch(guard, own, now), own, failed)
    for book in (TEMPORARY, LASTING):
        for record in guard.ledger.standing(book):
            _guarded(lambda record=record: look_at(guard, record, now), record.function, failed)  # type: ignore[misc] # bound now
    for memory in Runaways(guard.warden.table).open():
        if now - memory.confirmed_at >= _until_over(guard):
            _guarded(lambda one=memory: _over(guard, one.function, now), memory.function, failed)  # type: ignore[misc] # bound now
    if failed:
        raise UnfinishedSweepError(f"not looked at: {', '.join(sorted(set(failed)))}")


def look_at(guard: Guard, record: Enforcement, now: datetime) -> Decision | None:
    """Look at one limit that stands; None where somebody else acts on it at this moment.

    Raises:
        ConflictError: Somebody else acts on it.
        ClientError: AWS could not answer now, for the first minutes after its end.
    """
    if record.is_leased(now):
        return None
    try:
        decision, record = _decide(guard, record, now)
        if decision.code is Code.RENEW:
            record = renew(guard, record, decision, by=_BY, now=now)
        elif decision.code is Code.RESTORE:
            lift(guard, record, why=decision.reason, by=_BY, now=now)
        elif decision.code is Code.VOID:
            void(guard, record, decision.reason, by=_BY, now=now, hold=_hold(guard))
    except BusyError:
        return None
    except LimitStandsError as error:
        _tell_stuck(guard, record, str(error), now)
        return None
    except AwsError as error:
        if record.until is None or now - record.until < _PATIENCE:
            raise
        _tell_stuck(guard, record, error_code(error), now)
        return None
    _tell(guard, record, decision, now)
    return decision


def expired(guard: Guard, function: FunctionArn, now: datetime) -> str:
    """A reminder came: a function's temporary limit may be over.

    Returns:
        What was done, for the log.

    Raises:
        ConflictError: Somebody else acts on it.
        ClientError: AWS could not answer now.
    """
    record = guard.ledger.in_force(function)
    if record is None:
        return "nothing stands"
    if not record.is_due(now):
        return "not due: this reminder is of an earlier limit"
    decision = look_at(guard, record, now)
    return decision.code.value if decision else "not now"


def _decide(guard: Guard, record: Enforcement, now: datetime) -> tuple[Decision, Enforcement]:
    if record.stage is Stage.INTENDED:
        record = recover(guard, record, now)
        if not record.is_standing:
            return Decision(code=Code.KEEP, reason="It never came into force."), record
    if record.book == LASTING and (why := _not_wanted(guard)):
        return Decision(code=Code.RESTORE, reason=why), record
    present = uncovered(guard, record)
    quiet = _quiet(guard, record, now)
    decision = decide_restore(record, present, quiet, guard.policy.cap, now)
    if decision.code is Code.RENEW and (why := may_not_renew(guard, record, now)):
        decision = Decision(code=Code.RESTORE, action=record.action, reason=why)
    return decision, record


def _not_wanted(guard: Guard) -> str:
    if guard.policy.standing.mode is not Mode.ENFORCE or not guard.policy.acts:
        return "Policy does not enforce standing limits any more."
    return ""


def _quiet(guard: Guard, record: Enforcement, now: datetime) -> Quiet:
    """What was seen during the cool-down; asked for only where it could end a cap."""
    cool_down = timedelta(minutes=guard.policy.cap.cool_down_minutes)
    memory = Runaways(guard.warden.table).get(record.function)
    confirmed = memory.confirmed_at if memory else None
    set_at = record.stepped_at or record.since
    if record.action is not Action.CAP or now - set_at < cool_down:
        return Quiet(Unknown("not asked for"), confirmed)
    return _seen(guard, record.function.name, confirmed, now, cool_down)


def _seen(
    guard: Guard, name: str, confirmed: datetime | None, now: datetime, cool_down: timedelta
) -> Quiet:
    end = (now - _SETTLING).replace(second=0, microsecond=0)
    refused, ran = Measure(name, "Throttles", "Sum"), Measure(name, "Invocations", "Sum")
    try:
        values = read(
            guard.warden.aws.cloudwatch,
            [refused, ran],
            start=end - cool_down,
            end=end,
            period=_MINUTE,
        )
    except (*AwsError, IncompleteMetricsError) as error:
        return Quiet(Unknown(f"reading Throttles: {error_code(error)}"), confirmed)
    return Quiet(Known(sum(values[refused].values())), confirmed, sum(values[ran].values()))


def _tell(guard: Guard, record: Enforcement, decision: Decision, now: datetime) -> None:
    if record.book == LASTING:
        return
    stands = decision.code in {Code.KEEP, Code.RENEW} and record.is_standing
    report.tell(
        guard.warden, record.function, report.standing(record) if stands else report.over(), now
    )


def _tell_stuck(guard: Guard, record: Enforcement, cause: str, now: datetime) -> None:
    logger.error("limit not lifted", extra={"function": str(record.function), "cause": cause})
    report.tell(guard.warden, record.function, report.not_lifted(record, cause), now)


def _hold(guard: Guard) -> timedelta:
    return timedelta(hours=guard.policy.hold_hours)


def _until_over(guard: Guard) -> timedelta:
    """How long after its last confirmation a runaway is taken for over: two looks, and some."""
    looks = timedelta(minutes=2 * guard.warden.config.detector.looks.active_minutes)
    return looks + timedelta(minutes=guard.policy.cap.cool_down_minutes)


def _over(guard: Guard, function: FunctionArn, now: datetime) -> None:
    report.tell(guard.warden, function, report.runaway_over(), now)
    Runaways(guard.warden.table).close(function)


def _tell_of_switch(guard: Guard, own: FunctionArn, now: datetime) -> None:
    report.tell_of_switch(guard.warden, own, read_switch(guard.warden.table), now)


def _guarded(look: Callable[[], object], function: FunctionArn, failed: list[str]) -> None:
    try:
        look()
    except (*AwsError, ConflictError) as error:
        failed.append(error_code(error))
        logger.error("not looked at", extra={"function": str(function), "error": error_code(error)})
