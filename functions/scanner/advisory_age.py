"""Old advisory data finds only old vulnerabilities: one finding for the whole estate."""

from datetime import datetime, timedelta
from typing import Final

from functions.scanner.facts import AdvisoryState, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.reading import Known, Reading, Unknown
from functions.shared.severity import Severity

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
    return Verdict(RULE, tuple(one for one in findings if one))


def _limit(setting: Setting) -> timedelta:
    return timedelta(hours=setting.policy.advisories_stale_after_hours)


def _of_index(state: Reading[AdvisoryState], sync: FunctionArn, setting: Setting) -> Finding | None:
    if isinstance(state, Unknown):
        missing = True
        reason = f"No package of the estate can be looked up: {state.cause}."
    else:
        missing = False
        age = setting.now - state.value.newest
        if age <= _limit(setting):
            return None
        reason = (
            f"The advisory data is {age // timedelta(hours=1)} hours old, the limit is "
            f"{_limit(setting) // timedelta(hours=1)}; newer vulnerabilities go unseen in the "
            "whole estate."
        )
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.HIGH,
        severity_reason="It is about every function of the estate, and nothing else would tell.",
        function=sync,
        title="No advisory data" if missing else "Advisory data is out of date",
        reason=reason,
        remedy="Read the log of this function: its source may be unreachable or refuse it.",
        news="missing" if missing else "stale",
    )


def _of_exploited(
    exploited: Reading[datetime], sync: FunctionArn, setting: Setting
) -> Finding | None:
    if isinstance(exploited, Unknown):
        missing = True
        reason = f"Which flaws attackers use is unknown: {exploited.cause}."
    else:
        missing = False
        age = setting.now - exploited.value
        if age <= _limit(setting):
            return None
        reason = (
            f"The list of flaws that attackers use is {age // timedelta(hours=1)} hours old, the "
            f"limit is {_limit(setting) // timedelta(hours=1)}; what they newly use goes unseen in "
            "the whole estate."
        )
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
        news="missing" if missing else "stale",
    )
