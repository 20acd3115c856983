"""Old advisory data finds only old vulnerabilities: one finding for the whole estate."""

from datetime import datetime, timedelta
from typing import Final

from functions.scanner.facts import AdvisoryState, Setting
from functions.scanner.runtimes import KEY, Runtimes
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity

RULE: Final = "stale-advisories"


def check(
    state: Reading[AdvisoryState],
    sync: FunctionArn,
    setting: Setting,
    exploited: Reading[datetime] | None = None,
) -> Verdict:
    """Fail when there is no advisory data, or when it is too old; so for what attackers use.

    Args:
        state: The data, or why there is none.
        sync: Warden's function that should have brought newer data; the finding is about it.
        setting: The limit and the time.
        exploited: When the list of known exploited flaws was last current, or why there is none;
            None where policy does not ask for it.
    """
    findings = [_of_index(state, sync, setting)]
    if exploited is not None and isinstance(state, Known):  # without an index one finding says all
        findings.append(_of_exploited(exploited, sync, setting))
    findings.append(_of_runtimes(setting.runtimes, sync))
    return Verdict(RULE, tuple(one for one in findings if one))


def _of_index(state: Reading[AdvisoryState], sync: FunctionArn, setting: Setting) -> Finding | None:
    missing = isinstance(state, Unknown)
    reason = (
        f"No package of the estate can be looked up: {state.cause}."
        if isinstance(state, Unknown)
        else _too_old(
            "The advisory data", state.value.newest, "newer vulnerabilities go unseen", setting
        )
    )
    if not reason:
        return None
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.HIGH,
        severity_reason="It concerns every function, and no other alert would show it.",
        function=sync,
        title="No advisory data" if missing else "Advisory data is out of date",
        reason=reason,
        remedy="Read the log of this function: its source may be unreachable or refuse it.",
        update_key="missing" if missing else "stale",
    )


def _of_runtimes(known: Runtimes, sync: FunctionArn) -> Finding | None:
    if not known.problem:
        return None
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason=f"The list that came with Warden, of {known.as_of}, is used instead.",
        function=sync,
        subject="runtimes",
        title="List of runtimes cannot be used",
        reason=f"{KEY} in Warden's bucket is not used: {known.problem}.",
        remedy="Upload a list of the form of functions/scanner/data/runtimes.json, or delete it.",
        links=(known.source,),
        update_key=known.problem,
    )


def _of_exploited(
    exploited: Reading[datetime], sync: FunctionArn, setting: Setting
) -> Finding | None:
    missing = isinstance(exploited, Unknown)
    reason = (
        f"Which flaws attackers use is unknown: {exploited.cause}."
        if isinstance(exploited, Unknown)
        else _too_old(
            "The list of flaws that attackers use",
            exploited.value,
            "what they newly use goes unseen",
            setting,
        )
    )
    if not reason:
        return None
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="Vulnerable packages are still found; the most urgent do not stand out.",
        function=sync,
        subject="known-exploited",
        title="No list of known exploited flaws"
        if missing
        else "Known exploited flaws are out of date",
        reason=reason,
        remedy="Read the log of this function: `advisories.known_exploited` may be unreachable. "
        "`off` does without it.",
        update_key="missing" if missing else "stale",
    )


def _too_old(what: str, current: datetime, unseen: str, setting: Setting) -> str:
    """Why data that was last current at a time is out of date; empty while it is not."""
    age = setting.now - current
    limit = timedelta(hours=setting.policy.advisories_stale_after_hours)
    if age <= limit:
        return ""
    return (
        f"{what} is {age // timedelta(hours=1)} hours old, the limit is "
        f"{limit // timedelta(hours=1)}; {unseen} in the whole estate."
    )
