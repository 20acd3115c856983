"""Vulnerabilities as SARIF, which code hosting shows beside the code. Pure.

Source: SARIF 2.1.0 (OASIS), and GitHub's "SARIF support for code scanning": a rule's
`security-severity`, and fingerprints that make the same result of two runs one.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from functions.shared.core.severity import Severity
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from functions.scanner.vulnerabilities import MatchResult, Vulnerability
    from functions.shared.core.packages import Problem

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES: Final = {
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 8.0,
    Severity.MEDIUM: 5.5,
    Severity.LOW: 2.0,
    Severity.INFO: 0.0,
}
"""What stands in for a CVSS score where an advisory gives a word only: the middle of its range."""
_UNKNOWN: Final = Severity.MEDIUM
UNCLEAR: Final = "no-clear-answer"


def as_sarif(
    result: "MatchResult", problems: Sequence["Problem"], file: str, version: str
) -> dict[str, Any]:
    """One run of the scanner.

    Args:
        result: What was found, and what could not be decided.
        problems: What could not be read or looked up: results, too, for unknown is not fine.
        file: The list of packages, relative to the repository; what results point at.
        version: Warden's version.
    """
    found = sorted(result.vulnerabilities, key=lambda one: (one.flaw, one.package.path))
    unclear = [
        f"{one.package.path}: {one.reason} ({', '.join(one.ids)})" for one in result.undecided
    ]
    unclear += [f"{problem.code}: {problem.detail}" for problem in problems]
    rules = list({one.flaw: _rule(one) for one in found}.values())
    driver = {
        "name": "Lambda Warden",
        "version": version,
        "informationUri": "https://osv.dev",
        "rules": [*rules, *([_unclear_rule()] if unclear else [])],
    }
    results = [*(_result(one, file) for one in found), *_unclear(unclear, file)]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(driver, results)]}


def _run(driver: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}


def _rule(found: "Vulnerability") -> dict[str, Any]:
    severity = _UNKNOWN if found.severity is None else found.severity
    score = _SCORES[severity] if found.score is None else found.score
    names = ", ".join(sorted(found.names - {found.flaw}))
    summary = plain(found.summary, 300) or f"A known vulnerability: {found.flaw}"
    return {
        "id": found.flaw,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": f"{summary} Also known as {names}." if names else summary},
        "helpUri": f"https://osv.dev/vulnerability/{found.id}",
        "properties": {"security-severity": f"{score:.1f}", "tags": ["security", "dependency"]},
    }


def _result(found: "Vulnerability", file: str) -> dict[str, Any]:
    severity = _UNKNOWN if found.severity is None else found.severity
    fix = f"Update to {found.fixed}." if found.fixed else "No fixed version is known."
    text = f"{found.package.path} has {found.flaw} ({found.severity_label}). {fix}"
    return _at(file, found.flaw, _LEVELS[severity], plain(text, 1000), found.package.path)


def _unclear_rule() -> dict[str, Any]:
    text = "A package could not be read, or no advisory says clearly whether it is affected."
    return {"id": UNCLEAR, "shortDescription": {"text": text}}


def _unclear(texts: Iterable[str], file: str) -> Iterable[dict[str, Any]]:
    for text in texts:
        yield _at(file, UNCLEAR, "warning", plain(text, 1000), text)


def _at(file: str, rule: str, level: str, text: str, identity: str) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": 1}}
    digest = hashlib.sha256(f"{rule} {identity}".encode()).hexdigest()[:32]
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"lambdaWarden/v1": digest},
    }
