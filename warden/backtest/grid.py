"""Which periods the rows of a file are of. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

# Lambda's metrics have no shorter periods. An incident that showed nothing for three hours is
# forgotten, so that of much longer periods each would be an incident of its own.
_SHORTEST: Final = 60
_LONGEST: Final = 3_600

PERIODS: Final = range(_SHORTEST, _LONGEST + 1, 60)
"""Widths of periods, in seconds, that can be judged."""


class GridError(ValueError):
    """The rows are not of one period each; the message names the first that is not."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Periods that follow each other.

    Attributes:
        period_seconds: Their width.
        offset_seconds: How long after a full period, counted from 1970, they begin.
    """

    period_seconds: int
    offset_seconds: int


def grid_of(rows: Mapping[datetime, int], period_seconds: int | None = None) -> Grid:
    """Find the periods of rows.

    Args:
        rows: Their times, two at least, each with its number in the file.
        period_seconds: Width of the periods; None for the most frequent distance between rows.

    Raises:
        GridError: A row lies between the periods, or they are too short or too long.
    """
    period = timedelta(seconds=period_seconds) if period_seconds else _most_frequent(rows)
    width = int(period.total_seconds())
    if period % timedelta(minutes=1) or width not in PERIODS:
        raise GridError(
            f"rows are {period.total_seconds():g} s apart; the rules judge periods of whole "
            f"minutes, {_SHORTEST} to {_LONGEST} s (live, 300 s). Export shorter periods or add "
            "up rows, or give --period 300 if periods without a call have no row"
        )
    offsets = {at: at.timestamp() % width for at in rows}
    [(offset, _)] = Counter(offsets.values()).most_common(1)
    odd = [(number, at) for at, number in rows.items() if offsets[at] != offset]
    if odd:
        number, at = min(odd)
        raise GridError(
            f"row {number} ({at:%Y-%m-%d %H:%M:%S}) lies between the periods, which are of "
            f"{width} s; keep one row for each period, or name their width with --period"
        )
    return Grid(width, int(offset))


def _most_frequent(times: Iterable[datetime]) -> timedelta:
    """The most frequent distance between rows; the shortest of several."""
    steps = Counter(after - before for before, after in pairwise(sorted(times)))
    return min(steps, key=lambda step: (-steps[step], step))
