"""Which advisories affect what is deployed, and what changed since the last look."""

from functions.scanner.vulnerabilities.finding import MatchResult, Undecided, Vulnerability
from functions.scanner.vulnerabilities.index_changes import (
    ChangedFlaw,
    IndexChanges,
    Knowledge,
    compare,
    rematch,
)
from functions.scanner.vulnerabilities.matching import match

__all__ = [
    "ChangedFlaw",
    "IndexChanges",
    "Knowledge",
    "MatchResult",
    "Undecided",
    "Vulnerability",
    "compare",
    "match",
    "rematch",
]
