"""A runtime past its end of support gets no security patches; soon after, no deployments either.

Source: AWS Lambda developer guide, "Lambda runtimes", through `data/runtimes.json`.
"""

from datetime import date
from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.runtimes import KEY, Runtimes
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity

RULE: Final = "retired-runtime"


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when the runtime is retired, or will be within the warning time."""
    if isinstance(facts.configuration, Unknown):
        return Verdict(RULE, certain=False)
    runtime = facts.configuration.value.runtime
    if not runtime:
        return Verdict(RULE)
    known = setting.runtimes
    if runtime not in known.deprecated_on:
        return Verdict(RULE, (_unlisted(facts, runtime, known),))
    end = known.deprecated_on[runtime]
    if end is None:
        return Verdict(RULE)  # AWS has set no day
    today = setting.now.date()
    days = (end - today).days
    if days > setting.policy.runtime_warning_days:
        return Verdict(RULE)
    return Verdict(RULE, (_ending(facts, runtime, end, days, known.source),))


def _ending(facts: FunctionFacts, runtime: str, end: date, days: int, source: str) -> Finding:
    retired = days <= 0
    return Finding(
        rule=RULE,
        kind=Kind.LIFECYCLE,
        severity=Severity.MEDIUM if retired else Severity.LOW,
        severity_reason="Newly found flaws of the runtime stay open, and later Lambda refuses "
        "to update the function."
        if retired
        else "The runtime is still patched; there is time to move.",
        function=facts.function,
        title=f"Runtime {runtime} is retired" if retired else f"Runtime {runtime} retires soon",
        reason=(
            f"AWS stopped patching {runtime} on {end}, {-days} days ago."
            if retired
            else f"AWS stops patching {runtime} on {end}, in {days} days."
        ),
        remedy="Move the function to a supported runtime of the same language and deploy it.",
        evidence={"runtime": runtime, "deprecated_on": end.isoformat()},
        links=(source,),
        update_key="retired" if retired else "soon",
    )


def _unlisted(facts: FunctionFacts, runtime: str, known: Runtimes) -> Finding:
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Nothing is known to be wrong; most likely the runtime is newer than the "
        "list.",
        function=facts.function,
        title=f"Runtime {runtime} is not in the list",
        reason=f"Warden's list of runtimes, of {known.as_of}, has no {runtime}; its end of support "
        "is unknown.",
        remedy="Update Lambda Warden, whose releases bring a newer list, or upload one to "
        f"{KEY} in its bucket.",
        evidence={"runtime": runtime},
        links=(known.source,),
        update_key=runtime,
    )
