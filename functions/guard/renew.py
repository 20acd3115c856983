"""Letting a cap stand for longer, because the runaway lasts: written down, with a new reminder."""

from datetime import datetime

from functions.guard.audit import AuditEntry
from functions.guard.decisions import refusals
from functions.guard.decisions.decision import Decision
from functions.guard.gather import gather
from functions.guard.guard import Guard
from functions.guard.schedules import schedule_lift
from functions.guard.switch import why_not
from functions.shared.guarding.enforcement import Enforcement


def may_not_renew(guard: Guard, record: Enforcement, now: datetime) -> str:
    """Why a cap ends although the runaway lasts; empty where nothing speaks against renewing it."""
    if why := why_not(guard.warden.table):
        return f"Its time is over, and it is not renewed: {why}."
    facts, config = gather(guard.warden, record.function, now), guard.warden.config
    refused = refusals.own_or_exempt(record.function.name, config)
    refused = refused or refusals.switched_off(facts, config)
    if refused:
        return f"Its time is over. {refused.reason}"
    if why := refusals.dry(facts, config):
        return f"Its time is over, and it is not renewed, because {why}."
    return ""


def renew(
    guard: Guard, record: Enforcement, decision: Decision, *, by: str, now: datetime
) -> Enforcement:
    """Move the end of a cap; the function itself is not touched.

    Raises:
        ConflictError: Somebody else acts on it.
    """
    if decision.until is None:
        raise ValueError(f"{record.function}: renewed without an end")
    renewed = guard.ledger.advance(record, until=decision.until)
    schedule_lift(guard.warden, record.function, decision.until)
    guard.trail.add(
        record.function,
        AuditEntry(
            at=now,
            decided_by=by,
            decision=decision.code.value,
            action=record.action.value,
            reason=decision.reason,
            evidence={"limited_since": record.since.isoformat()},
            before=record.value,
            value=record.value,
        ),
    )
    return renewed
