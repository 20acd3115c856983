"""What stands in one cell of a CSV file: a time, or a value. Pure."""

from datetime import UTC, datetime
from math import isfinite
from typing import Final

from functions.shared.core.text import plain

# Ten digits that begin with 1: from 2001 to 2033. Dates in digits, such as 2026030214, are none of
# them, and neither are counters.
_SECONDS: Final = range(1_000_000_000, 2_000_000_000)
_FIRST: Final = datetime.fromtimestamp(_SECONDS.start, UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
# A petabyte in a period; no metric of a function is beyond it.
_LARGEST: Final = 1e15
_WHOLE: Final = 100


class CellError(ValueError):
    """The cell holds something else; the message says what would be right."""


def time_of(text: str) -> tuple[datetime, bool]:
    """Read a time.

    Returns:
        The time, UTC, and whether the cell left its zone open.

    Raises:
        CellError: It is no time, or not one of the years in which functions ran.
    """
    cell = text.strip()
    try:
        if cell.isascii() and cell.replace(".", "", 1).isdigit():
            return datetime.fromtimestamp(_seconds(float(cell)), UTC), False
        at = datetime.fromisoformat(cell)
        known = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        if not _FIRST <= known < _LAST:
            raise ValueError(cell)
    except (ValueError, OverflowError) as error:
        raise CellError(
            f"{plain(cell, 40)!r} is no time; write it as 2026-03-02T14:05:00Z, or in seconds "
            "(10 digits) or milliseconds (13 digits) since 1970"
        ) from error
    return known, at.tzinfo is None


def number_of(text: str, unit: str) -> float:
    """Read a value in a unit.

    Raises:
        CellError: It is no number, or one that no metric of a function can have.
    """
    cell = text.strip()
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else float("nan")
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise CellError(
            f"{plain(cell, 40)!r} is no number; write it like 1250.5, or leave it empty where "
            "there is none"
        )
    if value < 0:
        raise CellError(f"{plain(cell, 40)!r} is negative, which no metric of a function is")
    if unit == "%" and value > _WHOLE:
        raise CellError(f"{plain(cell, 40)!r} is beyond {_WHOLE} %, which is what it is in")
    if value > _LARGEST:
        raise CellError(f"{plain(cell, 40)!r} is too large to be judged; at most {_LARGEST:g}")
    return value


def _seconds(number: float) -> float:
    for seconds in (number, number / 1000):
        if _SECONDS.start <= seconds < _SECONDS.stop:
            return seconds
    raise ValueError(number)
