"""What is inside the package but was not understood: never reported as clean."""

from typing import Final

from functions.scanner.facts import NOT_ASKED, FunctionFacts, Setting
from functions.scanner.inventory.problems import COUNTED
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "unread-contents"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when the code or a layer could not be read, or holds parts that were not understood."""
    if isinstance(facts.configuration, Unknown) or facts.inventory == NOT_ASKED:
        return Verdict(RULE, certain=False)
    if isinstance(facts.inventory, Unknown):
        return Verdict(RULE, (_finding(facts, [facts.inventory.cause], Severity.MEDIUM),))
    problems = [
        f"{p.detail} ({p.code})" for p in facts.inventory.value.problems if p.code not in COUNTED
    ]
    empty = bool(problems) and not facts.inventory.value.packages
    if isinstance(facts.code_secrets, Known):
        problems += [f"not searched for credentials: {c}" for c in facts.code_secrets.value.unread]
    if not problems:
        return Verdict(RULE)
    severity = Severity.MEDIUM if empty else Severity.LOW
    return Verdict(RULE, (_finding(facts, problems, severity),))


def _finding(facts: FunctionFacts, problems: list[str], severity: Severity) -> Finding:
    shown = [plain(problem, 200) for problem in problems]
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=severity,
        severity_reason="None of its packages is known, so none can be found vulnerable."
        if severity is Severity.MEDIUM
        else "The rest of the code was understood and is watched.",
        function=facts.function,
        title="Deployed code not fully understood",
        reason=f"Vulnerabilities in these parts would go unseen: {listed(shown, 3)}.",
        remedy="Deploy a package whose contents can be read: with package metadata, or with a "
        "software bill of materials inside.",
        evidence={"problems": shown},
        update_key=",".join(sorted(shown)),
    )
