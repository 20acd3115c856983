"""Setting a limit: write down, schedule the undo, look once more, set, write down the outcome."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.guard import calls
from functions.guard.audit import NOTHING, AuditEntry, answer, shown
from functions.guard.decisions.decision import Code, Decision
from functions.guard.guard import Guard
from functions.guard.ledger import LEASE
from functions.guard.schedules import schedule_lift
from functions.guard.switch import why_not
from functions.shared.aws.clients import ClientError, ask
from functions.shared.aws.observability import logger
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.text import plain
from functions.shared.guarding.enforcement import LASTING, Enforcement, Stage
from functions.shared.state.table import ConflictError


class LeaseLostError(RuntimeError):
    """It took so long that somebody else may be acting by now; nothing was done."""


def carry_out(
    guard: Guard,
    function: FunctionArn,
    decision: Decision,
    *,
    last: Enforcement | None,
    previous: int | None,
    by: str,
    now: datetime,
) -> Decision:
    """Carry out a decision to limit a function.

    Every step is safe to be the last one: the record stands before the call, and who finds it later
    compares it with what AWS says.

    Args:
        guard: The guard.
        function: The function.
        decision: A limit, with its value.
        last: The function's latest enforcement in the same book, which the decision relied on.
        previous: Its reserved concurrency, which the decision relied on.
        by: Who or what decided.
        now: The time of the decision.

    Returns:
        The decision, or the refusal that stood in its way.

    Raises:
        ValueError: The decision is not to limit: the mode, or something else, spoke against it.
        ClientError: AWS could not answer now; what was intended stays written down.
    """
    if not decision.limits:
        raise ValueError(f"{function}: {decision.code.value} is no decision to limit")
    refused = _may_not(guard, function, last, now)
    if refused:
        return replace(decision, code=refused.code, reason=refused.reason)
    record = _record(decision, function, last=last, previous=previous, by=by, now=now)
    try:
        record = guard.ledger.intend(record, replacing=last)
    except ConflictError:
        guard.ledger.give_back_slot(record)
        reason = "Not limited: another decision about the function is being carried out."
        return replace(decision, code=Code.BEING_ACTED_ON, reason=reason)
    if record.until is not None and not _is_step_to(last, record.until):
        decision = _with_its_end(guard, decision, function, record.until)
    return _act(guard, record, decision, now)


def _with_its_end(
    guard: Guard, decision: Decision, function: FunctionArn, until: datetime
) -> Decision:
    """Schedule the undo; where that cannot be had, the sweep's suffices, and is said."""
    if not (cause := schedule_lift(guard.warden, function, until)):
        return decision
    every = guard.policy.sweep_minutes
    warning = (
        f"EventBridge Scheduler did not take the reminder of its end ({cause}); the guard's own "
        f"look, every {every} minute{'s' if every > 1 else ''}, ends it."
    )
    return replace(decision, warnings=(*decision.warnings, warning))


def _is_step_to(last: Enforcement | None, until: datetime) -> bool:
    """Whether the undo at that time is scheduled already."""
    return last is not None and last.is_standing and last.until == until


def _may_not(
    guard: Guard, function: FunctionArn, last: Enforcement | None, now: datetime
) -> Decision | None:
    if why := why_not(guard.warden.table):
        return Decision(code=Code.STOPPED, reason=f"Not limited: {why}.")
    if last and last.is_standing and last.is_leased(now):
        return Decision(
            code=Code.BEING_ACTED_ON,
            reason="Not limited: another decision about the function is being carried out.",
        )
    if not guard.ledger.take_slot(guard.policy.actions_per_hour, function, now):
        return Decision(
            code=Code.ACTION_BUDGET,
            reason=f"Not limited: {guard.policy.actions_per_hour} actions were taken within the "
            "hour (`actions_per_hour`). A person must decide.",
        )
    return None


def _record(
    decision: Decision,
    function: FunctionArn,
    *,
    last: Enforcement | None,
    previous: int | None,
    by: str,
    now: datetime,
) -> Enforcement:
    if decision.value is None:
        raise ValueError(f"{function}: a limit without a value")
    standing = last if last and last.is_standing else None
    return Enforcement(
        function=function,
        action=decision.action,
        value=decision.value,
        previous=standing.previous if standing else previous,
        stage=Stage.INTENDED,
        since=standing.since if standing else now,
        until=decision.until,
        reason=decision.sentence,
        decided_by=by,
        superseded=standing.value if standing else None,
        step=standing.step + 1 if standing else 0,
        stepped_at=now,
        lease_until=now + LEASE,
        occasions=decision.occasions,
        declined=last.declined if last else (),
        evidence=decision.evidence,
    )


def _act(guard: Guard, record: Enforcement, decision: Decision, now: datetime) -> Decision:
    before = record.previous if record.superseded is None else record.superseded
    if why := why_not(guard.warden.table):
        return _leave(guard, record, decision, Code.STOPPED, f"Not limited: {why}.", now=now)
    if record.lease_until is not None and guard.clock() >= record.lease_until:
        raise LeaseLostError(f"{record.function}: acting took longer than {LEASE}")
    if why := _other_book(guard, record):
        return _leave(guard, record, decision, Code.CHANGED_MEANWHILE, why, now=now)
    # As late as possible: AWS offers no conditional write for this setting.
    present = reserved_concurrency(guard.warden.aws.lambda_, record.function)
    if isinstance(present, Unknown) or present.value != before:
        return _changed(guard, record, decision, present, now)
    said, answered = _set(guard, record)
    if isinstance(said, Unknown):
        reason = f"Not limited: {said.cause}. {answered}"
        return _leave(
            guard, record, decision, Code.REFUSED_BY_AWS, reason, now=now, answered=answered
        )
    applied = _applied(guard, record, decision)
    logger.warning(
        "function limited",
        extra={
            "function": str(record.function),
            "action": record.action.value,
            "value": record.value,
            "until": record.until.isoformat() if record.until else "",
        },
    )
    _note(guard, applied, decision, now, before=before, answered=answered)
    return decision


def _other_book(guard: Guard, record: Enforcement) -> str:
    """Why a lasting and a temporary limit must not be changed at once; empty where they are not.

    Each is written down before it looks here, so that at least one of them sees the other.
    """
    if record.book == LASTING:
        covering = guard.ledger.in_force(record.function)
        return "Not limited: a temporary limit stands on it." if covering else ""
    lasting = guard.ledger.get(record.function, LASTING)
    if lasting and lasting.is_standing and lasting.is_leased(guard.clock()):
        return "Not limited: its lasting limit is being changed at this moment."
    return ""


def _set(guard: Guard, record: Enforcement) -> tuple[Reading[Mapping[str, Any]], str]:
    """Make the call; what AWS said is kept in its own words for the audit trail."""
    refusals: list[str] = []

    def put() -> Mapping[str, Any]:
        try:
            return calls.set_reserved(guard.warden.aws.lambda_, record.function, record.value)
        except ClientError as error:
            refusals.append(plain(error, 300))
            raise

    said = ask("AWS refused it", put)
    return said, answer(said.value) if isinstance(said, Known) else refusals[-1]


def _applied(guard: Guard, record: Enforcement, decision: Decision) -> Enforcement:
    try:
        return guard.ledger.advance(
            record,
            stage=Stage.APPLIED,
            superseded=None,
            lease_until=None,
            reason=decision.sentence,
        )
    except ConflictError:
        # Somebody took the record over while we acted: a limit that no record owns must not stay.
        calls.set_reserved(guard.warden.aws.lambda_, record.function, record.previous)
        raise


def _changed(
    guard: Guard,
    record: Enforcement,
    decision: Decision,
    present: Reading[int | None],
    now: datetime,
) -> Decision:
    if isinstance(present, Unknown):
        reason = f"Not limited: its present setting is unknown ({present.cause})."
        return _leave(guard, record, decision, Code.UNKNOWN_PREVIOUS, reason, now=now)
    reason = f"Not limited: its reserved concurrency was set to {shown(present.value)} meanwhile."
    finished = guard.ledger.advance(record, stage=Stage.VOID, lease_until=None)
    guard.ledger.give_back_slot(record)
    outcome = replace(decision, code=Code.CHANGED_MEANWHILE, reason=reason)
    _note(guard, finished, outcome, now, before=present.value, answered="")
    return outcome


def _leave(
    guard: Guard,
    record: Enforcement,
    decision: Decision,
    code: Code,
    reason: str,
    *,
    now: datetime,
    answered: str = "",
) -> Decision:
    """Take an intention back: nothing was set, and an earlier step still stands."""
    if record.superseded is None:
        finished = guard.ledger.advance(record, stage=Stage.VOID, lease_until=None)
    else:
        finished = guard.ledger.advance(
            record,
            stage=Stage.APPLIED,
            value=record.superseded,
            superseded=None,
            lease_until=None,
        )
    guard.ledger.give_back_slot(record)
    outcome = replace(decision, code=code, reason=plain(reason, 1000))
    before = record.previous if record.superseded is None else record.superseded
    _note(guard, finished, outcome, now, before=before, answered=answered)
    return outcome


def _note(
    guard: Guard,
    record: Enforcement,
    decision: Decision,
    now: datetime,
    *,
    before: int | None,
    answered: str,
) -> None:
    called = f"PutFunctionConcurrency {decision.value}" if answered else NOTHING
    guard.trail.add(
        record.function,
        AuditEntry(
            at=now,
            decided_by=record.decided_by,
            decision=decision.code.value,
            action=record.action.value,
            reason=decision.sentence,
            evidence=decision.evidence,
            before=shown(before),
            value=shown(decision.value),
            called=called,
            answered=answered,
        ),
    )
