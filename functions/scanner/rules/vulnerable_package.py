"""Packages with known vulnerabilities: one finding a package, however many advisories name it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.inventory.problems import NOTES
from functions.scanner.vulnerabilities.finding import Undecided, Vulnerability
from functions.shared.advisories.exploited import CATALOGUE_PAGE, Exploitation
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.packages import Package
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "vulnerable-package"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail for every package that an advisory affects, or may affect."""
    if isinstance(facts.inventory, Unknown) or isinstance(facts.matches, Unknown):
        return Verdict(RULE, certain=False)
    matches = facts.matches.value
    by_package = groupby(sorted(matches.vulnerabilities, key=_package_key), key=_package_key)
    findings = [_vulnerable(facts, list(found)) for _, found in by_package]
    # Those without a version are told together, with what is not understood of the code.
    findings += [_undecided(facts, one) for one in matches.undecided if not one.unversioned]
    problems = (one for one in facts.inventory.value.problems if one.code not in NOTES)
    unversioned = any(one.unversioned for one in matches.undecided)
    unread = any(problems) or unversioned or bool(matches.problems)
    return Verdict(RULE, tuple(findings), certain=not unread)


def _package_key(found: Vulnerability) -> tuple[str, str, str]:
    return (found.package.ecosystem, found.package.name, found.package.version)


def subject_of(package: Package) -> str:
    """What tells a package's finding apart from others of the same function."""
    return f"{package.ecosystem}/{package.name}/{package.version}"


def severity_of(found: Vulnerability) -> Severity:
    """How bad a flaw is.

    A score says how bad an attack would be, and weighs in how hard it is. Of a flaw that attackers
    use it is known that it can be done, and that somebody does: what is high becomes critical, and
    nothing stays below high.
    """
    # What nobody rated may be anything: it is looked at with the medium ones, not forgotten.
    stated = Severity.MEDIUM if found.severity is None else found.severity
    if found.exploited is None:
        return stated
    return Severity.CRITICAL if stated >= Severity.HIGH else Severity.HIGH


def _severity_reason(found: Vulnerability) -> str:
    if found.exploited:
        severity = severity_of(found)
        raised = "" if severity is found.severity else f", which raises it to {severity.label}"
        return f"Attackers use {found.exploited.cve}{raised}. {_rating(found)}"
    return _rating(found)


def _named(found: Vulnerability) -> str:
    """A flaw by the name that people look for, and by the advisory's own where that is another."""
    return found.id if found.id == found.flaw else f"{found.flaw} ({found.id})"


def _rating(found: Vulnerability) -> str:
    if found.score is not None:
        return f"{found.id} has a CVSS score of {found.score:.1f} of 10."
    if found.severity is not None:
        return f"The advisory {found.id} says {found.severity.label} and gives no score."
    if found.exploited:
        return f"Nobody has rated {found.id}."
    return f"Nobody has rated {found.id}; it is treated as medium so that somebody looks."


def _vulnerable(facts: FunctionFacts, found: Sequence[Vulnerability]) -> Finding:
    worst = max(found, key=_urgency)
    package = worst.package
    name, version = plain(package.name, 80), plain(package.version, 40)
    ranked = sorted(found, key=lambda one: (-severity_of(one), one.exploited is None))
    ids = [one.id for one in ranked]
    exploited = [one.exploited for one in found if one.exploited]
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
        severity=severity_of(worst),
        severity_reason=_severity_reason(worst),
        function=facts.function,
        subject=subject_of(package),
        title=f"{name} {version} has {_count(len(found), 'known vulnerability')}"
        + _so_many(len(exploited), len(found)),
        reason=f"The deployed code contains {name} {version} ({package.ecosystem}{where}), "
        f"affected by {listed(list(map(_named, ranked)))}{alone}.{about}{_attacks(exploited)}",
        remedy=_remedy(name, worst.safe, fixes, unfixed),
        evidence={
            "purl": package.purl,
            "paths": [plain(path, 200) for path in worst.paths],
            "advisories": ids,
            "flaws": [one.flaw for one in ranked],
            "aliases": sorted({alias for one in found for alias in one.aliases}),
            "fixed": sorted(set(fixes.values())),
            **({"safe": worst.safe} if worst.safe else {}),
            **({"cvss": worst.score} if worst.score is not None else {}),
            **({"known_exploited": sorted(one.cve for one in exploited)} if exploited else {}),
        },
        links=(
            *(f"https://osv.dev/vulnerability/{one.id}" for one in found[:3]),
            *([CATALOGUE_PAGE] if exploited else []),
        ),
        update_key=",".join(sorted(f"{one.flaw}{'!' if one.exploited else ''}" for one in found)),
    )


def _urgency(found: Vulnerability) -> tuple[Severity, bool, float]:
    return (severity_of(found), found.exploited is not None, found.score or 0.0)


def _so_many(exploited: int, found: int) -> str:
    if not exploited:
        return ""
    return ", exploited by attackers" if exploited == found else f", {exploited} of them exploited"


def _attacks(exploited: Sequence[Exploitation]) -> str:
    """The sentence on what attackers do with the package's flaws; empty where nothing is known."""
    if not exploited:
        return ""
    ordered = sorted(exploited, key=lambda one: (not one.by_ransomware, one.since, one.cve))
    shown = [
        f"{one.cve} since {one.since}{' (also by ransomware)' if one.by_ransomware else ''}"
        for one in ordered
    ]
    return f" CISA lists as exploited in attacks: {listed(shown, 3)}."


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
        reason=f"Whether {listed(list(undecided.ids))} affects it could not be decided: "
        f"{plain(undecided.reason, 200)}.",
        remedy="Compare the deployed version with the advisory by hand.",
        evidence={"purl": package.purl, "advisories": list(undecided.ids)},
        update_key=",".join(undecided.ids),
    )


def _count(number: int, singular: str) -> str:
    plural = f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"
    return f"{number} {singular if number == 1 else plural}"
