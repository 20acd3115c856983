"""Dates and counts as digests write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from functions.shared.severity import Severity

WORST_FIRST: Final = tuple(sorted(Severity, reverse=True))


def day(at: datetime) -> str:
    """A date that nobody misreads: `23 Nov 2026`."""
    when = at.astimezone(UTC)
    return f"{when.day} {when:%b %Y}"


def minute(at: datetime) -> str:
    """A time to the minute: `23 Nov 2026 07:00`."""
    return f"{day(at)} {at.astimezone(UTC):%H:%M}"


def in_counts(by_severity: Mapping[Severity, int]) -> str:
    """How many of each severity, the worst first: `1 critical, 3 high`; `nothing` where none."""
    counts = [f"{by_severity[s]} {s.label}" for s in WORST_FIRST if by_severity.get(s)]
    return ", ".join(counts) or "nothing"
