"""Applying and lifting caps: write down, schedule the undo, act, write down what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.anomaly_detector.brake import concurrency
from functions.anomaly_detector.brake.decide import CapDecision
from functions.anomaly_detector.brake.ledger import CapLedger, CapRecord, Stage
from functions.shared.arn import FunctionArn
from functions.shared.aws import ask
from functions.shared.config import Mode
from functions.shared.deployment import Deployment
from functions.shared.observability import logger
from functions.shared.reading import Known, Reading, Unknown


@dataclass(frozen=True, slots=True)
class Braked:
    """What became of a decision.

    Attributes:
        sentence: What was done, would be done, or why nothing was; empty where nothing is to say.
        news: A change of it is worth telling a person; figures that vary are not.
    """

    sentence: str = ""
    news: str = ""


class CapStandsError(RuntimeError):
    """A cap could not be lifted; the message says why. It stays written down as standing."""


def brake(
    warden: Deployment,
    function: FunctionArn,
    decision: CapDecision,
    present: Reading[int | None],
    now: datetime,
) -> Braked:
    """Carry out a decision as far as the mode allows.

    Args:
        warden: The deployment.
        function: The runaway.
        decision: What to do about it.
        present: Its reserved concurrency, which the decision was based on.
        now: The time.

    Raises:
        ConflictError: Somebody else acts on the same function.
        ClientError: AWS could not answer now; the cap stays written down and is tried again.
    """
    policy = warden.config.detector.cap
    ledger = CapLedger(warden.table)
    last = ledger.get(function)
    standing = last if last and last.is_standing else None
    if standing and (told := _already(ledger, standing, present, now)):
        return told
    if decision.cap is None or isinstance(present, Unknown):
        return Braked(decision.reason)
    if policy.mode is not Mode.ENFORCE:
        return Braked(f"Dry run: in enforce mode it would be {decision.reason}.")
    if standing and standing.previous == present.value and standing.until > now:
        return _apply(warden, ledger, standing, now)
    if not ledger.take_slot(policy.actions_per_hour, now):
        return Braked(
            f"Not capped: {policy.actions_per_hour} actions were taken within the hour. "
            "A person must decide.",
            news="budget",
        )
    record = CapRecord(
        function=function,
        cap=decision.cap,
        previous=present.value,
        stage=Stage.INTENDED,
        until=(now + timedelta(minutes=policy.minutes)).replace(microsecond=0),
        reason=decision.reason,
    )
    ledger.intend(record, replacing=last)
    return _apply(warden, ledger, record, now)


def _already(
    ledger: CapLedger, standing: CapRecord, present: Reading[int | None], now: datetime
) -> Braked | None:
    """What to say where the function is capped already; None where it is not, or not yet."""
    if isinstance(present, Known) and present.value == standing.cap:
        if standing.stage is Stage.INTENDED:
            # We acted, and ended before we could write it down.
            ledger.advance(standing, Stage.APPLIED, now)
        return _capped(standing)
    if standing.stage is Stage.INTENDED:
        return None
    if isinstance(present, Known):
        return Braked(
            f"Left alone: somebody set its reserved concurrency to {_shown(present.value)} after "
            f"Warden had capped it at {standing.cap}.",
            news="overruled",
        )
    return _capped(standing)


def _apply(warden: Deployment, ledger: CapLedger, record: CapRecord, now: datetime) -> Braked:
    concurrency.schedule_lift(warden, record.function, record.until)
    answer = ask(
        "AWS refused it",
        lambda: concurrency.set_reserved(warden.aws.functions, record.function, record.cap),
    )
    if isinstance(answer, Unknown):
        ledger.advance(record, Stage.VOID, now)
        return Braked(f"Not capped: {answer.cause}.", news="refused")
    ledger.advance(record, Stage.APPLIED, now)
    logger.warning(
        "concurrency capped",
        extra={
            "function": str(record.function),
            "cap": record.cap,
            "until": record.until.isoformat(),
        },
    )
    return _capped(record)


def _capped(record: CapRecord) -> Braked:
    return Braked(
        f"Capped at {record.cap} concurrent executions (before: {_shown(record.previous)}) until "
        f"{record.until:%H:%M} UTC.",
        news="capped",
    )


def _shown(reserved: int | None) -> str:
    return "none" if reserved is None else str(reserved)


def lift(warden: Deployment, function: FunctionArn, now: datetime) -> str:
    """Undo a cap whose time is over, unless somebody changed the setting since: theirs stays.

    Returns:
        One sentence that says what was done.

    Raises:
        CapStandsError: AWS refuses.
        ConflictError: Somebody else acts on the same function.
        ClientError: AWS could not answer now; the cap stays written down as standing.
    """
    ledger = CapLedger(warden.table)
    record = ledger.get(function)
    if record is None or not record.is_standing:
        return "No cap stands."
    if record.until > now:
        return "Not due: this reminder is of an earlier cap."
    present = concurrency.reserved(warden.aws.functions, function)
    if isinstance(present, Known) and present.value != record.cap:
        ledger.advance(record, Stage.VOID, now)
        return f"Left at {_shown(present.value)}: somebody else set it since."
    restored = present
    if isinstance(present, Known):
        restored = ask(
            "restoring the reserved concurrency",
            lambda: concurrency.set_reserved(warden.aws.functions, function, record.previous),
        )
    if isinstance(restored, Unknown):
        if not restored.missing:
            raise CapStandsError(restored.cause)
        ledger.advance(record, Stage.VOID, now)
        return "The function is gone, and its cap with it."
    ledger.advance(record, Stage.LIFTED, now)
    logger.info("cap lifted", extra={"function": str(function)})
    return "Lifted; the previous setting is back."
