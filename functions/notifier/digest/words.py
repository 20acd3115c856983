"""Dates and counts as digests write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from functions.shared.alerting.formats.wording import counts
from functions.shared.core.severity import Severity

WORST_FIRST: Final = tuple(sorted(Severity, reverse=True))


def day(at: datetime) -> str:
    """A date: `2026-11-23`."""
    return at.astimezone(UTC).date().isoformat()


def in_counts(by_severity: Mapping[Severity, int]) -> str:
    """How many of each severity, the worst first: `1 critical, 3 high`; `nothing` where none."""
    return counts(by_severity) or "nothing"
