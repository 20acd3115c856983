"""What is deployed is not what the repository says."""

from typing import TYPE_CHECKING, Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

if TYPE_CHECKING:
    from functions.scanner.against_repository import LockfileDrift, RepositoryDrift

RULE: Final = "deployment-drift"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when packages are missing, extra or at another version than a lockfile says.

    A function that names no source passes. One whose source has no lockfile, or one that cannot be
    understood, gets a finding about that.
    """
    if isinstance(facts.drift, Unknown):
        return Verdict(RULE, certain=False)
    drift = facts.drift.value
    if drift is None:
        return Verdict(RULE)
    findings = [_drifted(facts, drift, one) for one in drift.lockfiles if _has_changes(one)]
    if drift.problems or not drift.lockfiles:
        findings.append(_unread(facts, drift))
    hidden = any(one.drift.bundle for one in drift.lockfiles)
    return Verdict(RULE, tuple(findings), certain=not hidden and not drift.problems)


def _has_changes(one: "LockfileDrift") -> bool:
    """Whether something differs, or cannot be told and is not reported as unread anyway."""
    drift = one.drift
    differs = bool(drift.changed or drift.missing or drift.extra)
    return differs or (drift.found and not drift.bundle)


def _drifted(facts: FunctionFacts, repository: "RepositoryDrift", one: "LockfileDrift") -> Finding:
    drift = one.drift
    changed = [
        plain(f"{change.name} is {change.deployed}, locked {change.locked_text}", 120)
        for change in drift.changed
    ]
    missing = [plain(f"{package.name} {package.version}", 80) for package in drift.missing]
    extra = [plain(f"{package.name} {package.version}", 80) for package in drift.extra]
    unverified = [plain(f"{package.name} {package.version}", 80) for package in drift.unverified]
    not_compared = [plain(phrase, 120) for phrase in one.not_compared]
    parts = [
        f"{label}: {listed(names, 4)}"
        for label, names in (
            ("at another version", changed),
            ("missing", missing),
            ("not in the lockfile", extra),
            ("not found in code that is not fully understood", unverified),
            ("not compared", not_compared),
        )
        if names
    ]
    day = one.uploaded_at.date()
    return Finding(
        rule=RULE,
        kind=Kind.DRIFT,
        severity=_severity(one),
        severity_reason=_severity_reason(one),
        function=facts.function,
        subject=one.lockfile,
        title=_title(one),
        reason=f"Compared with {one.lockfile} of {plain(repository.source, 100)} ({day}), "
        f"{'; '.join(parts)}.{_overdue(one)}",
        remedy="Deploy the repository's present state; if the lockfile is the one that is out of "
        "date, upload the newer one.",
        evidence={
            "source": plain(repository.source, 200),
            "lockfile": one.lockfile,
            "changed": changed,
            "missing": missing,
            "extra": extra,
            "unverified": unverified,
            **({"not compared": not_compared} if not_compared else {}),
            "repaired": list(one.repaired),
        },
        update_key=";".join([*changed, *missing, *extra, *one.repaired]),
    )


def _severity(one: "LockfileDrift") -> Severity:
    if one.repaired:
        return Severity.HIGH
    certain = one.drift.changed or one.drift.missing or one.drift.extra
    return Severity.MEDIUM if certain else Severity.LOW


def _severity_reason(one: "LockfileDrift") -> str:
    match _severity(one):
        case Severity.HIGH:
            return "A known vulnerability is fixed in the repository and still open in what runs."
        case Severity.MEDIUM:
            return "Reviews and scans of the repository do not speak for what runs."
        case _:
            return "Nothing is known to differ; a part of the code could not be compared."


def _title(one: "LockfileDrift") -> str:
    if one.repaired:
        return f"Fixed in the repository, not deployed: {listed(list(one.repaired), 2)}"
    count = len(one.drift.changed) + len(one.drift.missing) + len(one.drift.extra)
    if not count:
        return f"Could not be compared with {one.lockfile} in full"
    return f"{count} package{'s' if count != 1 else ''} differ from {one.lockfile}"


def _overdue(one: "LockfileDrift") -> str:
    if not one.repaired:
        return ""
    return (
        f" Known vulnerabilities of {listed(list(one.repaired))} were fixed in the repository on "
        f"{one.uploaded_at.date()} and are still deployed."
    )


def _unread(facts: FunctionFacts, drift: "RepositoryDrift") -> Finding:
    source = plain(drift.source, 100)
    problems = [plain(problem, 200) for problem in drift.problems]
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Nothing is known to differ; only the comparison is missing.",
        function=facts.function,
        subject="lockfiles",
        title=f"No usable lockfile of {source}",
        reason=f"Whether the function is what {source} says is unknown: "
        + (listed(problems, 3) if problems else "no lockfile was uploaded")
        + ".",
        remedy=f"Have CI upload the lockfile: aws s3 cp LOCKFILE s3://BUCKET/lockfiles/{source}/",
        evidence={"source": source, "problems": problems},
        update_key=",".join(problems),
    )
