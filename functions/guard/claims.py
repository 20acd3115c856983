"""Asking AWS and the table for what a claim cites, before anything is done about it."""

from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.claims import Seen, bears_out
from functions.guard.decisions.decision import Code, Decision
from functions.guard.facts import Facts
from functions.guard.guard import Guard
from functions.guard.measure import Measure, read
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.clients import ask
from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading
from functions.shared.core.severity import Severity
from functions.shared.guarding.enforcement import Action
from functions.shared.guarding.expiry import SCOPE, expiry_date, not_yet, notified_of_expiry
from functions.shared.guarding.requests import QuarantineRequest, Runaway
from functions.shared.runtime.deployment import Deployment

_WINDOW: Final = timedelta(hours=1)
_PERIOD: Final = timedelta(minutes=5)


def not_borne_out(
    guard: Guard, function: FunctionArn, runaway: Runaway, now: datetime
) -> Decision | None:
    """Read the metrics that a confirmed runaway cites; a refusal where they do not show it.

    Raises:
        ClientError: CloudWatch could not answer now; deliver the message again.
        IncompleteMetricsError: It answered in part, likewise.
    """
    return bears_out(runaway, _seen(guard, function, now), now)


def _seen(guard: Guard, function: FunctionArn, now: datetime) -> Reading[Seen]:
    at_once = Measure(function.name, "ConcurrentExecutions", "Maximum")
    calls = Measure(function.name, "Invocations", "Sum")

    def look() -> Seen:
        values = read(
            guard.warden.aws.cloudwatch,
            [at_once, calls],
            start=now - _WINDOW,
            end=now,
            period=_PERIOD,
        )
        return Seen(
            concurrency=max(values[at_once].values(), default=0.0),
            invocations=max(values[calls].values(), default=0.0),
        )

    return ask("reading the metrics that it cites", look)


def no_reason(
    guard: Guard, request: QuarantineRequest, facts: Facts, now: datetime
) -> Decision | None:
    """A refusal where the alert or the tags that a request stands on are not there; None else."""
    warden, why = guard.warden, ""
    if request.cause is QuarantineReason.LIFECYCLE:
        why = _not_expired(warden, facts, now)
    elif request.cause is QuarantineReason.KNOWN_EXPLOITED:
        alerts = warden.stored_alerts.of(facts.function, "scanner")
        if not any(map(_is_critical_flaw, alerts)):
            why = "no open alert says that it holds a critical flaw"
    if not why:
        return None
    return Decision(
        code=Code.NOT_YET,
        action=Action.QUARANTINE,
        reason=f"Not stopped: {why}.",
        evidence={"cause": request.cause.value},
    )


def _not_expired(warden: Deployment, facts: Facts, now: datetime) -> str:
    tag = warden.config.tags.expiry_tag
    tags = facts.tags.value if isinstance(facts.tags, Known) else {}
    expiry = expiry_date(tags.get(tag, ""))
    if expiry is None or now.date() <= expiry:
        return "its tags do not say that it is past its expiry"
    return not_yet(
        expiry,
        noted=warden.records.get(facts.function).tags_since.get(tag),
        reported=notified_of_expiry(warden.stored_alerts.of(facts.function, SCOPE)),
        config=warden.config,
        now=now,
    )


def _is_critical_flaw(stored: StoredAlert) -> bool:
    finding = stored.alert.finding
    return (
        stored.alert.is_open
        and not stored.is_waived
        and finding.rule == "vulnerable-package"
        and finding.severity is Severity.CRITICAL
    )
