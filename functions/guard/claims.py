"""Asking AWS and the table for what a claim cites, before anything is done about it."""

from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.claims import Seen
from functions.guard.decisions.decision import Code, Decision
from functions.guard.facts import Facts
from functions.guard.guard import Guard
from functions.guard.measure import Measure, read
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.clients import ask
from functions.shared.aws.metrics import Points
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


def look_for(guard: Guard, function: FunctionArn, runaway: Runaway, now: datetime) -> Reading[Seen]:
    """Read the metrics that a confirmed runaway cites, and the whole account's beside them.

    Raises:
        ClientError: CloudWatch could not answer now; deliver the message again.
        IncompleteMetricsError: It answered in part, likewise.
    """
    at_once = Measure(function.name, "ConcurrentExecutions", "Maximum")
    calls = Measure(function.name, "Invocations", "Sum")
    account = Measure("", "ConcurrentExecutions", "Maximum")

    def look() -> Seen:
        values = read(
            guard.warden.aws.cloudwatch,
            [at_once, calls, account],
            start=now - _WINDOW,
            end=now,
            period=_PERIOD,
        )
        return Seen(
            concurrency=max(values[at_once].values(), default=0.0),
            invocations=max(values[calls].values(), default=0.0),
            rise=_rise(values[account], runaway.since),
        )

    return ask("reading the metrics that it cites", look)


def _rise(account: Points, since: datetime) -> float | None:
    """What the account runs at once beyond what it did before a time; None while unknown."""
    before = [value for at, value in account.items() if at + _PERIOD <= since]
    after = [value for at, value in account.items() if at + _PERIOD > since]
    # Nothing is published for a time in which nothing ran.
    return max(after) - max(before, default=0.0) if after else None


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
