"""Which advisories affect what is deployed, and what changed since the last look."""

from functions.scanner.vulnerabilities.finding import MatchResult, Undecided, Vulnerability
from functions.scanner.vulnerabilities.matching import match
from functions.scanner.vulnerabilities.news import Change, Knowledge, News, compare, rematch

__all__ = [
    "Change",
    "Knowledge",
    "MatchResult",
    "News",
    "Undecided",
    "Vulnerability",
    "compare",
    "match",
    "rematch",
]
