"""What is inside the package but was not understood: never reported as clean."""

from typing import Final

from functions.scanner.bundles.steps import closing_steps
from functions.scanner.bundles.versions import Joined
from functions.scanner.facts import NOT_ASKED, FunctionFacts, Setting
from functions.scanner.inventory.problems import COUNTED, OPEN_ENDS
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "unread-contents"
_METADATA: Final = (
    "Deploy a package whose contents can be read: with package metadata, or with a "
    "software bill of materials inside."
)
_UNVERSIONED: Final = "versions unknown, and vulnerable in some: "


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when the code or a layer could not be read, or holds parts that were not understood."""
    if isinstance(facts.configuration, Unknown) or facts.inventory == NOT_ASKED:
        return Verdict(RULE, certain=False)
    if isinstance(facts.inventory, Unknown):
        return Verdict(RULE, (_finding(facts, [facts.inventory.cause], Severity.MEDIUM),))
    inventory = facts.inventory.value
    problems = [f"{p.detail} ({p.code})" for p in inventory.problems if p.code not in COUNTED]
    problems += _without_version(facts)
    empty = bool(problems) and not inventory.packages
    if isinstance(facts.code_secrets, Known):
        problems += [f"not searched for credentials: {c}" for c in facts.code_secrets.value.unread]
    if not problems:
        return Verdict(RULE)
    severity = Severity.MEDIUM if empty else Severity.LOW
    steps = closing_steps(inventory, _joined(facts))
    return Verdict(RULE, (_finding(facts, problems, severity, steps),))


def _without_version(facts: FunctionFacts) -> list[str]:
    """One sentence about the packages of which it depends on the version whether they are safe."""
    if isinstance(facts.matches, Unknown):
        return []
    names = sorted({one.package.name for one in facts.matches.value.undecided if one.unversioned})
    if not names:
        return []
    shown = listed([plain(name, 80) for name in names], 5)
    return [f"{_UNVERSIONED}{shown}"]


def _joined(facts: FunctionFacts) -> Joined | None:
    return facts.bundles.value if isinstance(facts.bundles, Known) else None


def _remedy(problems: list[str], steps: tuple[str, ...]) -> str:
    """The steps for bundles first; other parts need metadata."""
    of_bundles = tuple(f"({code})" for code in OPEN_ENDS)
    others = [
        one for one in problems if not one.endswith(of_bundles) and not one.startswith(_UNVERSIONED)
    ]
    sentence = f"{'; '.join(steps)}." if steps else ""
    sentence = sentence[:1].upper() + sentence[1:]
    return f"{sentence} {_METADATA}".strip() if others or not steps else sentence


def _finding(
    facts: FunctionFacts, problems: list[str], severity: Severity, steps: tuple[str, ...] = ()
) -> Finding:
    shown = [plain(problem, 200) for problem in problems]
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=severity,
        severity_reason="None of its packages is known, so none can be found vulnerable."
        if severity is Severity.MEDIUM
        else "The rest of the code was read and is watched.",
        function=facts.function,
        title="Deployed code could not be read completely",
        reason=f"Vulnerabilities in these parts would go unseen: {listed(shown, 3)}.",
        remedy=_remedy(problems, steps),
        evidence={"problems": shown},
        update_key=",".join(sorted(shown)),
    )
