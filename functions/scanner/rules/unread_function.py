"""What could not be asked about a function: unknown is never fine."""

from collections.abc import Mapping
from typing import Any, Final

from functions.scanner.facts import NOT_ASKED, FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "unread-function"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when the function, or what its rights and settings are, could not be read."""
    unknown = {
        name: reading
        for name, reading in (
            ("configuration", facts.configuration),
            ("resource policy", facts.policy),
            ("function URLs", facts.urls),
            ("environment variables", facts.secret_variables),
            ("execution role", facts.role_rights),
            ("settings for asynchronous invocation", facts.failure_handling),
            ("versions in use", facts.releases),
            *_of_releases(facts),
        )
        if isinstance(reading, Unknown) and reading != NOT_ASKED
    }
    if not unknown:
        return Verdict(RULE)
    gone = all(reading.missing for reading in unknown.values())
    causes = sorted({reading.cause for reading in unknown.values()})
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW if gone else Severity.MEDIUM,
        severity_reason="AWS says that the function does not exist."
        if gone
        else "The checks that need these answers see nothing, good or bad.",
        function=facts.function,
        title="Function could not be read",
        reason=f"Could not be read: its {listed(list(unknown))}. Cause: {listed(causes)}."
        + (" It is gone already, or lives where Warden cannot look." if gone else ""),
        remedy="Nothing, if the function was removed. Otherwise let the scanner's role make the "
        "calls named above.",
        evidence={"unknown": list(unknown), "causes": causes},
        update_key=",".join(causes),
    )
    return Verdict(RULE, (finding,))


def _of_releases(facts: FunctionFacts) -> list[tuple[str, Reading[Any]]]:
    """What was asked about the versions in use, each under a name for people."""
    if isinstance(facts.releases, Unknown):
        return []
    readings: list[tuple[str, Reading[Any]]] = []
    for one in facts.releases.value:
        version = f"version {plain(one.release.version, 20)}"
        if one.code:
            readings += [
                (version, one.code.configuration),
                (f"environment variables of {version}", one.code.secret_variables),
                (f"execution role of {version}", one.code.role_rights),
            ]
        readings += [
            (f"resource policy of {plain(qualifier, 128)}", policy)
            for qualifier, policy in one.policies.items()
        ]
    return readings


def not_judged(facts: FunctionFacts, failed: Mapping[str, str]) -> Finding:
    """The finding that rules failed on a function, by rule with the kind of its error."""
    causes = [f"{rule} ({error})" for rule, error in sorted(failed.items())]
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="These checks see nothing of it, good or bad.",
        function=facts.function,
        subject="rules",
        title="Function could not be judged",
        reason=f"Checks failed on what they read: {listed(causes)}. The other checks went on.",
        remedy="Look at what is unusual about the function, and report the error as an issue.",
        evidence={"failed": causes},
        update_key=",".join(causes),
    )


def not_looked_at(function: FunctionArn, cause: str) -> Finding:
    """The finding that the look at a function failed as often as it is repeated."""
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="What changed about it was not judged, good or bad.",
        function=function,
        subject="look",
        title="Function could not be looked at",
        reason=f"Warden gave up looking at it: the message that asks for it {cause}. That message "
        "lies in the scanner's queue of dead letters, and is not repeated by itself.",
        remedy="Look at what is unusual about the function; once that is fixed, redrive the dead "
        "letter, or deploy the function anew.",
        evidence={"cause": cause},
        update_key=cause,
    )
