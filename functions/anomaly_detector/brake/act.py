"""Applying and lifting caps: write down, schedule the undo, act, write down what came of it."""

from datetime import datetime, timedelta

from functions.anomaly_detector.brake import concurrency
from functions.anomaly_detector.brake.decide import CapDecision
from functions.anomaly_detector.brake.ledger import CapLedger, CapRecord, Stage
from functions.shared.arn import FunctionArn
from functions.shared.aws import ask
from functions.shared.config import Mode
from functions.shared.deployment import Deployment
from functions.shared.observability import logger
from functions.shared.reading import Unknown


def brake(
    warden: Deployment,
    function: FunctionArn,
    decision: CapDecision,
    previous: int | None,
    now: datetime,
) -> str:
    """Carry out a decision as far as the mode allows.

    Returns:
        One sentence that says what was done, would be done, or why nothing was.

    Raises:
        ConflictError: Somebody else acts on the same function; deliver the event again.
        ClientError: AWS could not answer now; the cap stays written down and is tried again.
    """
    policy = warden.config.detector.cap
    ledger = CapLedger(warden.table)
    standing = ledger.get(function)
    if standing and standing.stage is Stage.APPLIED:
        return f"Capped at {standing.cap} until {standing.until:%H:%M} UTC."
    if decision.cap is None:
        return decision.reason
    if policy.mode is not Mode.ENFORCE:
        return f"Dry run: in enforce mode it would be {decision.reason}."
    resumed = standing if standing and standing.stage is Stage.INTENDED else None
    if resumed is None and not ledger.take_slot(policy.actions_per_hour, now):
        return (
            f"Not capped: {policy.actions_per_hour} actions were taken within the hour. "
            "A person must decide."
        )
    record = resumed or CapRecord(
        function=function,
        cap=decision.cap,
        previous=previous,
        stage=Stage.INTENDED,
        until=now + timedelta(minutes=policy.minutes),
        reason=decision.reason,
    )
    if resumed is None:
        ledger.intend(record, standing)
    return _apply(warden, ledger, record, now)


def _apply(warden: Deployment, ledger: CapLedger, record: CapRecord, now: datetime) -> str:
    concurrency.schedule_lift(warden, record.function, record.until)
    answer = ask(
        "AWS refused it",
        lambda: concurrency.set_reserved(warden.aws.functions, record.function, record.cap),
    )
    if isinstance(answer, Unknown):
        ledger.advance(record, Stage.VOID, now)
        return f"Not capped: {answer.cause}."
    ledger.advance(record, Stage.APPLIED, now)
    logger.warning(
        "concurrency capped",
        extra={
            "function": str(record.function),
            "cap": record.cap,
            "until": record.until.isoformat(),
        },
    )
    before = "none" if record.previous is None else str(record.previous)
    return (
        f"Capped at {record.cap} concurrent executions (before: {before}) until "
        f"{record.until:%H:%M} UTC."
    )


def lift(warden: Deployment, function: FunctionArn, now: datetime) -> str:
    """Undo a cap, unless somebody else changed the setting since: then theirs stays.

    Returns:
        One sentence that says what was done.

    Raises:
        ClientError: AWS could not answer now; the cap stays written down as standing.
    """
    ledger = CapLedger(warden.table)
    record = ledger.get(function)
    if record is None or not record.is_standing:
        return "No cap stands."
    present = concurrency.reserved(warden.aws.functions, function)
    if isinstance(present, Unknown):
        if present.missing:
            ledger.advance(record, Stage.VOID, now)
            return "The function is gone, and its cap with it."
        raise RuntimeError(f"cap not lifted: {present.cause}")
    if present.value != record.cap:
        ledger.advance(record, Stage.VOID, now)
        return f"Left at {present.value}: somebody else set it since."
    concurrency.set_reserved(warden.aws.functions, function, record.previous)
    ledger.advance(record, Stage.LIFTED, now)
    logger.info("cap lifted", extra={"function": str(function)})
    return "Lifted; the previous setting is back."


def lift_overdue(warden: Deployment, now: datetime) -> list[FunctionArn]:
    """Lift every cap whose time is over, for when its schedule never came through."""
    overdue = [r.function for r in CapLedger(warden.table).standing() if r.until <= now]
    for function in overdue:
        lift(warden, function, now)
    return overdue
