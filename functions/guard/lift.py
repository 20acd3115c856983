"""Undoing a limit exactly, whoever asks; and finding out what became of one whose actor died."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

from functions.guard import calls
from functions.guard.audit import NOTHING, AuditEntry, answer, shown
from functions.guard.carry_out import LeaseLostError
from functions.guard.guard import Guard
from functions.guard.ledger import LEASE
from functions.shared.aws.clients import ClientError, ask
from functions.shared.aws.observability import logger
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.text import plain
from functions.shared.guarding.enforcement import LASTING, Enforcement, Stage


class LimitStandsError(RuntimeError):
    """AWS refuses to restore the setting; the message says why. It stays written down."""


class BusyError(RuntimeError):
    """Somebody acts on the function at this moment, or another limit must go first."""


def lift(
    guard: Guard,
    record: Enforcement,
    *,
    why: str,
    by: str,
    now: datetime,
    hold: timedelta | None = None,
) -> Enforcement:
    """Restore what was there before, unless somebody changed the setting since: theirs stays.

    Args:
        guard: The guard.
        record: What stands.
        why: Why it ends.
        by: Who or what decided.
        now: The time.
        hold: A person takes the function back, and it is left alone for so long; None where
            nobody does.

    Returns:
        The record as it is finished: lifted, or void.

    Raises:
        BusyError: Not now.
        LimitStandsError: AWS refuses.
        ConflictError: Somebody else acts on the same record.
        ClientError: AWS could not answer now; the next sweep goes on.
    """
    if record.is_leased(now):
        raise BusyError(f"{record.function.name}: somebody acts on it at this moment")
    if record.book == LASTING and guard.ledger.in_force(record.function):
        raise BusyError(f"{record.function.name}: a temporary limit stands on it and goes first")
    claimed = guard.ledger.advance(record, stage=Stage.LIFTING, lease_until=now + LEASE)
    try:
        present = uncovered(guard, claimed)
    except BusyError:
        guard.ledger.advance(claimed, stage=record.stage, lease_until=None)
        raise
    if isinstance(present, Unknown):
        if present.missing:
            return void(
                guard, claimed, "The function is gone, and its limit with it.", by=by, now=now
            )
        _stands(guard, claimed, present.cause)
    elif present.value == record.previous and not record.is_ours(present.value):
        return _finish(guard, claimed, why, by=by, now=now, hold=hold, answered="")
    elif not record.is_ours(present.value):
        reason = f"Left at {shown(present.value)}: somebody else set it since."
        return void(guard, claimed, reason, by=by, now=now, hold=hold)
    if claimed.lease_until is not None and guard.clock() >= claimed.lease_until:
        raise LeaseLostError(f"{record.function}: restoring took longer than {LEASE}")
    return _finish(
        guard, claimed, why, by=by, now=now, hold=hold, answered=_restore(guard, claimed)
    )


def void(
    guard: Guard,
    record: Enforcement,
    why: str,
    *,
    by: str,
    now: datetime,
    hold: timedelta | None = None,
) -> Enforcement:
    """Give a limit up without touching the function: what is set there is not ours.

    Raises:
        ConflictError: Somebody else acts on the same record.
    """
    finished = guard.ledger.advance(
        record,
        stage=Stage.VOID,
        lease_until=None,
        stepped_at=now,
        **_taken_back(record, now, hold),
    )
    _note(guard, finished, "void", why, by=by, now=now, answered="")
    return finished


def recover(guard: Guard, record: Enforcement, now: datetime) -> Enforcement:
    """Find out what became of an intention whose actor died, from what AWS says.

    Returns:
        The record as it truly stands: applied, with the value that is set, or void.

    Raises:
        BusyError: Its actor may still be alive.
        LimitStandsError: AWS does not say what is set.
        ConflictError: Somebody else acts on the same record.
        ClientError: AWS could not answer now.
    """
    if record.is_leased(now):
        raise BusyError(f"{record.function.name}: somebody acts on it at this moment")
    present = uncovered(guard, record)
    if isinstance(present, Unknown) and not present.missing:
        raise LimitStandsError(present.cause)
    if isinstance(present, Known) and record.is_ours(present.value):
        applied = guard.ledger.advance(
            record,
            stage=Stage.APPLIED,
            value=present.value,
            superseded=None,
            lease_until=None,
        )
        _note(
            guard,
            applied,
            "recovered",
            "Its actor ended before it could write down that it acted.",
            by="sweep",
            now=now,
            answered="",
        )
        return applied
    guard.ledger.give_back_slot(record)
    return void(guard, record, "Its actor ended before it acted.", by="sweep", now=now)


def uncovered(guard: Guard, record: Enforcement) -> Reading[int | None]:
    """The reserved concurrency that AWS says is set, where it tells what became of a record.

    A temporary limit covers a lasting one: what is set then says nothing about the latter. It is
    written down before it is set and after it is lifted, so the book is read before and after AWS
    is asked.

    Raises:
        BusyError: A temporary limit covers it.
        ClientError: AWS could not answer now.
    """
    cap = guard.ledger.get(record.function) if record.book == LASTING else None
    present = reserved_concurrency(guard.warden.aws.lambda_, record.function)
    if record.book == LASTING and (
        (cap and cap.is_standing) or guard.ledger.get(record.function) != cap
    ):
        raise BusyError(f"{record.function.name}: a temporary limit stands on it and goes first")
    return present


def truth(guard: Guard, last: Enforcement | None, now: datetime) -> Enforcement | None:
    """The latest enforcement, after finding out what became of one whose actor died."""
    if last is None or last.stage is not Stage.INTENDED:
        return last
    try:
        return recover(guard, last, now)
    except (BusyError, LimitStandsError):
        return last  # a decision keeps to it, and carrying out refuses while its lease lasts


def _restore(guard: Guard, record: Enforcement) -> str:
    refusals: list[str] = []

    def put() -> Mapping[str, Any]:
        try:
            return calls.set_reserved(guard.warden.aws.lambda_, record.function, record.previous)
        except ClientError as error:
            refusals.append(plain(error, 300))
            raise

    said = ask("restoring the reserved concurrency", put)
    if isinstance(said, Unknown):
        _stands(guard, record, refusals[-1])
    return answer(said.value)


def _stands(guard: Guard, record: Enforcement, cause: str) -> NoReturn:
    """Leave the claim to the next attempt, and say what is in the way."""
    guard.ledger.advance(record, lease_until=None)
    raise LimitStandsError(cause)


def _finish(
    guard: Guard,
    record: Enforcement,
    why: str,
    *,
    by: str,
    now: datetime,
    hold: timedelta | None,
    answered: str,
) -> Enforcement:
    finished = guard.ledger.advance(
        record,
        stage=Stage.LIFTED,
        superseded=None,
        lease_until=None,
        stepped_at=now,
        **_taken_back(record, now, hold),
    )
    logger.info("limit lifted", extra={"function": str(record.function), "reason": why})
    _note(guard, finished, "restore", why, by=by, now=now, answered=answered)
    return finished


def _taken_back(record: Enforcement, now: datetime, hold: timedelta | None) -> dict[str, Any]:
    return {"held_until": None} if hold is None else record.taken_back(now + hold)


def _note(
    guard: Guard,
    record: Enforcement,
    decision: str,
    why: str,
    *,
    by: str,
    now: datetime,
    answered: str,
) -> None:
    call = (
        "DeleteFunctionConcurrency"
        if record.previous is None
        else f"PutFunctionConcurrency {record.previous}"
    )
    guard.trail.add(
        record.function,
        AuditEntry(
            at=now,
            decided_by=by,
            decision=decision,
            action=record.action.value,
            reason=why,
            evidence={"limited_since": record.since.isoformat(), "limited_by": record.decided_by},
            before=record.value,
            value=shown(record.previous) if decision == "restore" else NOTHING,
            called=call if answered else NOTHING,
            answered=answered,
        ),
    )
