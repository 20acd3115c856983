"""Whether a function is to be stopped for flaws that attackers use. Pure.

Only for critical flaws: to its callers, a stopped function is as bad as a broken one.
"""

from collections.abc import Collection
from typing import Final

from functions.scanner.rules.vulnerable_package import severity_of, subject_of
from functions.scanner.vulnerabilities.finding import MatchResult, Vulnerability
from functions.shared.config import QuarantineReason
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from functions.shared.guarding.requests import (
    LONGEST_REASON,
    MOST_OCCASIONS,
    Asker,
    QuarantineRequest,
)

ASKER: Final = Asker(QuarantineReason.KNOWN_EXPLOITED)


def request_to_stop(matches: MatchResult, subjects: Collection[str]) -> QuarantineRequest | None:
    """What to ask the guard about a function; None where nothing in it is reason enough.

    The flaws are what it is about: a function that a person let run again in spite of them is
    stopped again only for another one.

    Args:
        matches: The function's vulnerabilities.
        subjects: The findings that stand: those of packages that nobody accepted.
    """
    found = [
        one
        for one in matches.vulnerabilities
        if one.exploited
        and severity_of(one) is Severity.CRITICAL
        and subject_of(one.package) in subjects
    ]
    if not found:
        return None
    flaws = list(dict.fromkeys(map(_shown, found)))
    return QuarantineRequest(
        cause=ASKER.cause,
        reason=plain(
            f"{listed(flaws, 3)}. Deploy the fix, or accept the finding: then it runs again.",
            LONGEST_REASON,
        ),
        occasions=tuple(sorted({one.exploited.cve for one in found if one.exploited}))[
            :MOST_OCCASIONS
        ],
        severity="critical",
    )


def _shown(found: Vulnerability) -> str:
    exploited = found.exploited
    package = f"{plain(found.package.name, 60)} {plain(found.package.version, 30)}"
    if exploited is None:
        return package
    fix = found.safe or found.fixed
    mended = f", mended in {plain(fix, 30)}" if fix else ""
    return f"{package} has {exploited.cve} (listed as exploited since {exploited.since}{mended})"
