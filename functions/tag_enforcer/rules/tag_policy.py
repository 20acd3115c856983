"""A function's tags say whose it is, where it belongs and whatever else the policy asks for."""

from datetime import date
from typing import Final

from functions.shared.alerting.finding import Fact, Finding, Kind, Verdict
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.tag_enforcer.judged import JudgedFunction
from functions.tag_enforcer.snippets import instruction

RULE: Final = "tag-policy"
_WHY: Final = {
    Severity.HIGH: "Every other alert about this function reaches nobody who knows it.",
    Severity.MEDIUM: "The function works; whose it is, or what may be done to it in an incident, "
    "is not written on it.",
    Severity.LOW: "What the policy needs is known; only the tag does not say it.",
    Severity.INFO: "The tags say all that is needed; Warden understands them as they are.",
}


def check(one: JudgedFunction, _: date) -> Verdict:
    """Fail, once for all tags together, when the policy asks for something that they do not say."""
    if not one.problems:
        return Verdict(RULE)
    worst = one.problems[0].severity
    wanted = {problem.key: problem.value for problem in one.problems}
    finding = Finding(
        rule=RULE,
        kind=Kind.TAGGING,
        severity=worst,
        severity_reason=_WHY[worst],
        function=one.tagged.function,
        title=_title([problem.label for problem in one.problems], worst),
        reason=" ".join(problem.sentence for problem in one.problems),
        remedy=instruction(one.tagged.tool, one.tagged.function, wanted),
        evidence=_evidence(one),
        update_key="; ".join(sorted(problem.label for problem in one.problems)),
    )
    return Verdict(RULE, (finding,))


def _title(labels: list[str], worst: Severity) -> str:
    start = "Tags spelt differently" if worst is Severity.INFO else "Tags break the policy"
    return f"{start}: {listed(labels, 3)}"


def _evidence(one: JudgedFunction) -> dict[str, Fact]:
    known = one.belonging
    facts: dict[str, Fact] = {
        "tags": sorted(one.tagged.tags),
        "problems": [problem.sentence for problem in one.problems],
        "environment": known.environment or "unclassified",
        "environment_known_by": known.environment_by or "nothing",
        "owner": known.owner or "unknown",
        "owner_known_by": known.owner_by or "nothing",
        "deployer": one.tagged.deployer or "unknown",
        "managed_by": str(one.tagged.tool or "no tool that is known"),
    }
    return facts
