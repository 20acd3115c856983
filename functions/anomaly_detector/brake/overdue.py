"""Caps whose time is over: lifted even if no reminder came, reported where they cannot be."""

from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.brake.act import CapStandsError, lift
from functions.anomaly_detector.brake.ledger import CapLedger, CapRecord
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws import AwsError, error_code
from functions.shared.deployment import Deployment
from functions.shared.observability import logger
from functions.shared.severity import Severity
from functions.shared.state.table import ConflictError

RULE: Final = "cap-not-lifted"
SCOPE: Final = "enforcement"
# Longer than AWS is usually unreachable; a refusal is reported at once.
_PATIENCE: Final = timedelta(minutes=15)


def lift_overdue(warden: Deployment, now: datetime) -> None:
    """Lift every cap whose time is over.

    A cap that cannot be lifted keeps neither the others nor the caller from their work; a person
    hears of it, once, and again when it is lifted after all.
    """
    for record in CapLedger(warden.table).standing():
        if record.until <= now:
            _lift(warden, record, now)


def _lift(warden: Deployment, record: CapRecord, now: datetime) -> None:
    verdict = Verdict(RULE)
    try:
        outcome = lift(warden, record.function, now)
    except CapStandsError as error:
        outcome = f"Refused: {error}"
        verdict = _stands(record, str(error))
    except (*AwsError, ConflictError) as error:
        outcome = f"Failed: {error_code(error)}"
        verdict = Verdict(RULE, certain=False)
        if now - record.until >= _PATIENCE:
            verdict = _stands(record, error_code(error))
    logger.info("cap overdue", extra={"function": str(record.function), "outcome": outcome})
    function = warden.records.get(record.function)
    judgement = Judgement(
        function=record.function,
        verdicts=[verdict],
        scope=SCOPE,
        owner=function.owner(warden.config.tags),
        environment=function.environment(warden.config.tags),
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def _stands(record: CapRecord, cause: str) -> Verdict:
    undo = (
        "take that limit away"
        if record.previous is None
        else f"set the limit back to {record.previous}"
    )
    name = f"--region {record.function.region} --function-name {record.function.name}"
    command = (
        f"aws lambda delete-function-concurrency {name}"
        if record.previous is None
        else f"aws lambda put-function-concurrency {name} --reserved-concurrent-executions "
        f"{record.previous}"
    )
    finding = Finding(
        rule=RULE,
        kind=Kind.ENFORCEMENT,
        severity=Severity.HIGH,
        severity_reason="Calls beyond the cap are refused, for longer than anybody decided.",
        function=record.function,
        title="Concurrency cap could not be lifted",
        reason=f"Warden capped the function at {record.cap} until "
        f"{record.until:%Y-%m-%d %H:%M} UTC and cannot {undo}: {cause}. "
        "The function is still limited.",
        remedy=f"Let the anomaly-detector's role change reserved concurrency as long as caps "
        f"stand, or restore the setting by hand: {command}",
        evidence={"cap": record.cap, "until": record.until.isoformat(), "cause": cause},
    )
    return Verdict(RULE, (finding,))
