"""Old advisory data finds only old vulnerabilities: one finding for the whole estate."""

from datetime import timedelta
from typing import Final

from functions.scanner.facts import AdvisoryState, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.reading import Reading, Unknown
from functions.shared.severity import Severity

RULE: Final = "stale-advisories"


def check(state: Reading[AdvisoryState], sync: FunctionArn, setting: Setting) -> Verdict:
    """Fail when there is no advisory data, or when it is too old.

    Args:
        state: The data, or why there is none.
        sync: Warden's function that should have brought newer data; the finding is about it.
        setting: The limit and the time.
    """
    limit = timedelta(hours=setting.policy.advisories_stale_after_hours)
    if isinstance(state, Unknown):
        missing = True
        reason = f"No package of the estate can be looked up: {state.cause}."
    else:
        missing = False
        age = setting.now - state.value.newest
        if age <= limit:
            return Verdict(RULE)
        reason = (
            f"The advisory data is {age // timedelta(hours=1)} hours old, the limit is "
            f"{limit // timedelta(hours=1)}; newer vulnerabilities go unseen in the whole estate."
        )
    finding = Finding(
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
    return Verdict(RULE, (finding,))
