"""Packages with known vulnerabilities: one finding a package, however many advisories name it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.vulnerabilities.finding import Undecided, Vulnerability
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.reading import Unknown
from functions.shared.severity import Severity
from functions.shared.text import listed, plain

RULE: Final = "vulnerable-package"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail for every package that an advisory affects, or may affect."""
    if isinstance(facts.inventory, Unknown) or isinstance(facts.matches, Unknown):
        return Verdict(RULE, certain=False)
    matches = facts.matches.value
    by_package = groupby(sorted(matches.vulnerabilities, key=_package_key), key=_package_key)
    findings = [_vulnerable(facts, list(found)) for _, found in by_package]
    findings += [_undecided(facts, undecided) for undecided in matches.undecided]
    unread = bool(facts.inventory.value.problems or matches.problems)
    return Verdict(RULE, tuple(findings), certain=not unread)


def _package_key(found: Vulnerability) -> tuple[str, str, str]:
    return (found.package.ecosystem, found.package.name, found.package.version)


def _severity(found: Vulnerability) -> Severity:
    # What nobody rated may be anything: it is looked at with the medium ones, not forgotten.
    return Severity.MEDIUM if found.severity is None else found.severity


def _severity_reason(found: Vulnerability) -> str:
    if found.score is not None:
        return f"{found.id} has a CVSS score of {found.score:.1f} of 10."
    if found.severity is not None:
        return f"The advisory {found.id} says {found.severity.label} and gives no score."
    return f"Nobody has rated {found.id}; it is treated as medium so that somebody looks."


def _vulnerable(facts: FunctionFacts, found: Sequence[Vulnerability]) -> Finding:
    worst = max(found, key=lambda one: (_severity(one), one.score or 0.0))
    package = worst.package
    name, version = plain(package.name, 80), plain(package.version, 40)
    ids = [one.id for one in sorted(found, key=lambda one: -_severity(one))]
    fixes = {one.id: one.fixed for one in found if one.fixed}
    unfixed = [one.id for one in found if not one.fixed]
    summary = plain(worst.summary, 160).rstrip(".")
    about = f" The worst, {worst.id}: {summary}." if summary and len(found) > 1 else ""
    alone = f": {summary}" if summary and len(found) == 1 else ""
    places = [plain(path, 100) for path in worst.paths if path]
    where = f", in {listed(places, 2)}" if places else ""
    return Finding(
        rule=RULE,
        kind=Kind.VULNERABILITY,
        severity=_severity(worst),
        severity_reason=_severity_reason(worst),
        function=facts.function,
        subject=f"{package.ecosystem}/{package.name}/{package.version}",
        title=f"{name} {version} has {_count(len(found), 'known vulnerability')}",
        reason=f"The deployed code contains {name} {version} ({package.ecosystem}{where}), "
        f"affected by {listed(ids)}{alone}.{about}",
        remedy=_remedy(name, worst.safe, fixes, unfixed),
        evidence={
            "purl": package.purl,
            "paths": [plain(path, 200) for path in worst.paths],
            "advisories": ids,
            "aliases": sorted({alias for one in found for alias in one.aliases}),
            "fixed": sorted(set(fixes.values())),
            **({"safe": worst.safe} if worst.safe else {}),
            **({"cvss": worst.score} if worst.score is not None else {}),
        },
        links=tuple(f"https://osv.dev/vulnerability/{one.id}" for one in found[:3]),
        news=",".join(sorted(one.flaw for one in found)),
    )


def _remedy(name: str, safe: str | None, fixes: Mapping[str, str], unfixed: Sequence[str]) -> str:
    if safe:
        return f"Upgrade {name} to {plain(safe, 40)} or later and deploy."
    sentences = []
    if fixes:
        versions = listed([plain(f"{fix} ({one})", 60) for one, fix in fixes.items()], 3)
        sentences.append(f"Upgrade {name} and deploy; fixed versions: {versions}.")
    if unfixed:
        sentences.append(
            f"No fixed version is known for {listed(list(unfixed), 3)}: replace the package, or "
            "keep the affected part out of reach."
        )
    return " ".join(sentences)


def _undecided(facts: FunctionFacts, undecided: Undecided) -> Finding:
    package = undecided.package
    name, version = plain(package.name, 80), plain(package.version, 40)
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Nothing is known to be vulnerable; the version could not be compared.",
        function=facts.function,
        subject=f"undecided/{package.ecosystem}/{package.name}/{package.version}",
        title=f"{name} {version} may be vulnerable",
        reason=f"Whether {listed(list(undecided.ids))} affects it could not be told: "
        f"{plain(undecided.reason, 200)}.",
        remedy="Compare the deployed version with the advisory by hand.",
        evidence={"purl": package.purl, "advisories": list(undecided.ids)},
        news=",".join(undecided.ids),
    )


def _count(number: int, singular: str) -> str:
    plural = f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"
    return f"{number} {singular if number == 1 else plural}"
