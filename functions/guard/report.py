"""What people hear of the guard: one alert for as long as something stands, or is refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from functions.guard.decisions.decision import Code, Decision
from functions.guard.switch import Switch
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading
from functions.shared.core.severity import Severity
from functions.shared.guarding.by_hand import limit_by_hand
from functions.shared.guarding.enforcement import Action, Enforcement
from functions.shared.runtime.deployment import Deployment

CAPPED: Final = "concurrency-capped"
QUARANTINED: Final = "function-quarantined"
NOT_LIFTED: Final = "cap-not-lifted"
NOT_CAPPED: Final = "runaway-not-capped"
STOPPED: Final = "guard-stopped"

_SCOPE: Final = "enforcement"
_SWITCH_SCOPE: Final = "switch"
# Decisions that leave a runaway running because nobody switched the guard on for it.
_BY_CHOICE: Final = frozenset({Code.DRY_RUN, Code.EXEMPT, Code.OWN_FUNCTION})
# Nor is anything lost where a cap would change nothing: the runaway has its own alert.
_LOW: Final = _BY_CHOICE | {Code.NOT_SLOWER}
_NOTHING_TO_SAY: Final = frozenset(
    {
        Code.OFF,
        Code.KEEP,
        Code.GONE,
        Code.BEING_ACTED_ON,
        Code.NOT_YET,
        Code.RELEASED,
        Code.OTHERS_FIRST,
    }
)
# What speaks against stopping an expired function is no emergency: it ran before, too.
_CALM: Final = frozenset({Code.PROTECTED, Code.HELD})
# What a code says, where the code alone would be a riddle on a locked phone.
_SHORT: Final = {
    Code.ACCOUNT_FLOOR: "too little concurrency would stay unreserved",
    Code.ACTION_BUDGET: "hourly action limit reached, decide by hand",
    Code.CHANGED_MEANWHILE: "its setting changed meanwhile",
    Code.DRY_RUN: "the guard is in dry-run",
    Code.EXEMPT: "the function is exempt",
    Code.HELD: "a person took it back",
    Code.IAC_MANAGED: "its template would undo it",
    Code.NOT_BORNE_OUT: "the metrics do not confirm it",
    Code.NOT_SLOWER: "a cap would not slow it down",
    Code.PROTECTED: "its environment is protected",
    Code.PROVISIONED: "it has provisioned concurrency",
    Code.QUEUE_BACKED: "a queue feeds it",
    Code.REFUSED_BY_AWS: "AWS refused the change",
    Code.STOPPED: "the guard is stopped",
    Code.UNKNOWN: "what must be known is unknown",
    Code.UNKNOWN_PREVIOUS: "its present setting is unknown",
}


def tell(
    warden: Deployment, function: FunctionArn, verdicts: Sequence[Verdict], now: datetime
) -> None:
    """Bring the alerts of a function in line; others than those of the verdicts are left alone.

    Raises:
        ConflictError: Others kept changing the same alerts.
        ClientError: They could not be stored or published; the next sweep tries again.
    """
    record = warden.records.get(function)
    judgement = Judgement(
        function=function,
        verdicts=verdicts,
        scope=_SCOPE,
        owner=record.owner(warden.config.tags),
        environment=record.environment(warden.config.tags),
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def tell_of_switch(warden: Deployment, guard: FunctionArn, found: Switch, now: datetime) -> None:
    """Bring the alert about the stop switch in line with it.

    Raises:
        ConflictError: Others kept changing the same alert.
        ClientError: It could not be stored; the next sweep tries again.
    """
    judgement = Judgement(
        function=guard,
        verdicts=switch(guard, found),
        scope=_SWITCH_SCOPE,
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def standing(record: Enforcement) -> list[Verdict]:
    """What is said while a temporary limit stands."""
    if record.action is Action.QUARANTINE:
        finding = _limited(
            record,
            rule=QUARANTINED,
            severity=Severity.CRITICAL,
            severity_reason="All calls are refused until then, or until somebody releases it.",
            title="Function stopped: quarantined",
            effect="Every call is refused.",
        )
        return [Verdict(QUARANTINED, (finding,)), Verdict(CAPPED), Verdict(NOT_CAPPED)]
    finding = _limited(
        record,
        rule=CAPPED,
        severity=Severity.HIGH,
        severity_reason="The cap limits the cost; it also refuses healthy callers.",
        title=f"Concurrency capped at {record.value}",
        effect="Calls beyond that are refused, healthy ones too.",
    )
    return [Verdict(CAPPED, (finding,)), Verdict(QUARANTINED), Verdict(NOT_CAPPED)]


def over() -> list[Verdict]:
    """What is said when none stands any more."""
    return [Verdict(CAPPED), Verdict(QUARANTINED), Verdict(NOT_LIFTED)]


def runaway_left(
    function: FunctionArn, decision: Decision, by: str, reserved: Reading[int | None]
) -> list[Verdict]:
    """What is said of a runaway, or a reason to stop a function, that nothing was done about.

    Args:
        function: The function.
        decision: What was decided.
        by: Who or what decided.
        reserved: Its reserved concurrency now; a known None where it has none.
    """
    if decision.code in _NOTHING_TO_SAY:
        return []
    calm = _is_lifecycle(decision) and decision.code in _CALM
    low = decision.code in _LOW or calm
    chosen = decision.code in _BY_CHOICE or calm
    what, number = ("stopped", "0") if decision.action is Action.QUARANTINE else ("capped", "N")
    finding = Finding(
        rule=NOT_CAPPED,
        kind=Kind.ENFORCEMENT,
        severity=Severity.LOW if low else Severity.HIGH,
        severity_reason=_why_so_bad(decision, low=low),
        function=function,
        title=f"Not {what}: {_SHORT.get(decision.code) or decision.code.value.replace('-', ' ')}",
        reason=decision.sentence,
        remedy="Nothing, if that is what you want; otherwise see `guard` in the settings."
        if chosen
        else f"Decide yourself: {limit_by_hand(function, reserved, number)}",
        evidence={"decision": decision.code.value, "decided_for": by},
        update_key=decision.code.value,
    )
    return [Verdict(NOT_CAPPED, (finding,))]


def _is_lifecycle(decision: Decision) -> bool:
    return decision.evidence.get("cause") == QuarantineReason.LIFECYCLE.value


def _why_so_bad(decision: Decision, *, low: bool) -> str:
    if decision.action is Action.QUARANTINE:
        return (
            "What it would be stopped for has an alert of its own; this says why it still runs."
            if low
            else "Policy says to stop it; it keeps running until a person decides."
        )
    return (
        "The runaway has an alert of its own; this says why it is not limited."
        if low
        else "It keeps running and costing money until a person decides."
    )


def runaway_over() -> list[Verdict]:
    """What is said when a runaway has not been confirmed for a while."""
    return [Verdict(NOT_CAPPED)]


def not_lifted(record: Enforcement, cause: str) -> list[Verdict]:
    """What is said when a limit whose time is over cannot be undone."""
    before = "no reserved concurrency" if record.previous is None else f"{record.previous}"
    command = (
        "aws lambda delete-function-concurrency"
        if record.previous is None
        else f"aws lambda put-function-concurrency --reserved-concurrent-executions "
        f"{record.previous}"
    )
    finding = Finding(
        rule=NOT_LIFTED,
        kind=Kind.ENFORCEMENT,
        severity=Severity.HIGH,
        severity_reason="Healthy callers are refused although the reason for the limit has ended.",
        function=record.function,
        title="Concurrency cap could not be lifted",
        reason=f"Warden limited the function to {record.value} and cannot restore {before}: "
        f"{cause}. The function is still limited.",
        remedy=f"Restore the setting by hand: {command} --region {record.function.region} "
        f"--function-name {record.function.name}; or with your own credentials: "
        f"warden guard release {record.function.name}",
        evidence={"limit": record.value, "cause": cause},
        update_key="stands",
    )
    return [Verdict(NOT_LIFTED, (finding,))]


def switch(guard: FunctionArn, found: Switch) -> list[Verdict]:
    """What is said for as long as the stop switch is set: nothing is protected meanwhile.

    Args:
        guard: The guard's own function; the finding is about it.
        found: How the switch stands.
    """
    if not found.stopped:
        return [Verdict(STOPPED)]
    by = found.by or "Somebody"
    finding = Finding(
        rule=STOPPED,
        kind=Kind.ENFORCEMENT,
        severity=Severity.HIGH,
        severity_reason="Runaways are reported and no longer limited.",
        function=guard,
        title="The guard is stopped",
        reason=f"{by} set the stop switch"
        + (f" at {found.at}" if found.at else "")
        + (f" ({found.why})" if found.why else "")
        + ". Until it is unset nothing is limited, whatever the modes say; what stands is still "
        "lifted on time.",
        remedy='If that is not meant: warden guard resume --why "..."',
        evidence={"by": found.by, "at": found.at, "why": found.why},
        update_key="stopped",
    )
    return [Verdict(STOPPED, (finding,))]


def _limited(
    record: Enforcement,
    *,
    rule: str,
    severity: Severity,
    severity_reason: str,
    title: str,
    effect: str,
) -> Finding:
    before = "none" if record.previous is None else str(record.previous)
    until = f"{record.until:%Y-%m-%d %H:%M} UTC" if record.until else "further notice"
    return Finding(
        rule=rule,
        kind=Kind.ENFORCEMENT,
        severity=severity,
        severity_reason=severity_reason,
        function=record.function,
        title=title,
        reason=f"{record.reason} Reserved concurrency before: {before}. Decided by "
        f"{record.decided_by}. {effect} It ends at {until} at the latest.",
        remedy=f"Look at who calls the function. To undo it now: warden guard release "
        f"{record.function.name}. A value that you set yourself stays.",
        evidence={
            "limit": record.value,
            "before": before,
            "since": record.since.isoformat(),
            "until": record.until.isoformat() if record.until else "",
            "decided_by": record.decided_by,
            "step": record.step,
        },
        update_key=f"{record.value}",
    )
