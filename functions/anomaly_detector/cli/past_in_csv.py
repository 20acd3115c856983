"""Reading a function's past from a CSV file: `timestamp,value`, or one column a signal."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Final, TextIO

from functions.anomaly_detector.cli.past import Past, PastError
from functions.anomaly_detector.profile import Limits
from functions.anomaly_detector.replay import Subject
from functions.anomaly_detector.series import Series, regular
from functions.anomaly_detector.signals import DERIVED, METRICS, Signal
from functions.shared.arn import FunctionArn
from functions.shared.text import plain

_TIME: Final = "timestamp"
_VALUE: Final = "value"
_LONGEST_PERIOD: Final = 86_400
_MOST_PERIODS: Final = 1_000_000
# A file says nothing about whose account it comes from.
_NOBODY: Final = "0" * 12
_NOWHERE: Final = "us-east-1"

COLUMNS: Final = tuple(
    signal.value for signal, metric in METRICS.items() if metric.namespace != DERIVED
)
"""Names of columns, besides `timestamp` and `value`."""


def read_csv(
    path: Path, name: str, signal: Signal, limits: Limits | None, learn: timedelta
) -> Past:
    """Read a file.

    Args:
        path: Where it lies.
        name: What to call the function.
        signal: What a column named `value` holds.
        limits: The function's own limits, None where nobody says.
        learn: How much of the file is only learnt from; less if the file is not longer than twice
            that.

    Raises:
        PastError: The file cannot be read; the message names the row and the fix.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            points = _points(file, path, signal)
    except OSError as error:
        raise PastError(f"{path}: {plain(error.strerror or error)}") from error
    except UnicodeDecodeError as error:
        raise PastError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except csv.Error as error:
        raise PastError(f"{path}: {plain(error)}; save it as comma-separated values") from error
    times = sorted({at for column in points.values() for at in column})
    if len(times) < 2:
        raise PastError(f"{path}: fewer than two rows with values; nothing can be learnt from that")
    period = _period(times)
    first, end = times[0], times[-1] + timedelta(seconds=period)
    if (end - first).total_seconds() / period > _MOST_PERIODS:
        raise PastError(
            f"{path}: more than {_MOST_PERIODS:,} periods of {period} s between the first and the "
            "last row; is a timestamp wrong?"
        )
    start = first + min(learn, (end - first) / 2)
    return Past(
        subject=Subject(_function(name), limits),
        signals=dict(_series(points, first, end, period)),
        period_seconds=period,
        start=start,
        end=end,
        notes=tuple(_notes(start, limits)),
    )


def _notes(start: datetime, limits: Limits | None) -> Iterator[str]:
    yield f"Until {start:%Y-%m-%d %H:%M} UTC it only learns."
    if limits is None:
        yield "The function's limits are unknown, so nothing is compared with them."
        yield "Give --timeout and --memory."


def _points(file: TextIO, path: Path, signal: Signal) -> dict[Signal, dict[datetime, float]]:
    rows = csv.reader(file)
    head = [cell.strip().lower().replace("_", " ") for cell in next(rows, [])]
    columns = _columns(head, path, signal)
    points: dict[Signal, dict[datetime, float]] = {one: {} for one in columns.values()}
    seen: dict[datetime, int] = {}
    for row in rows:
        number = rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            raise PastError(
                f"{path}: row {number} has {len(row)} cells, the header {len(head)}; "
                "every row needs as many as the header, empty where there is no value"
            )
        at = _time(row[head.index(_TIME)], path, number)
        if at in seen:
            raise PastError(
                f"{path}: rows {seen[at]} and {number} are of the same time, "
                f"{at:%Y-%m-%d %H:%M:%S}; keep one row for each period"
            )
        seen[at] = number
        for index, one in columns.items():
            if row[index].strip():
                points[one][at] = _number(row[index], path, number, head[index])
    return points


def _columns(head: Sequence[str], path: Path, signal: Signal) -> dict[int, Signal]:
    if _TIME not in head:
        raise PastError(
            f"{path}: row 1 has no column 'timestamp'; the first row must name the columns, for "
            "example 'timestamp,value'"
        )
    known = {name.lower(): Signal(name) for name in COLUMNS}
    columns: dict[int, Signal] = {}
    for index, name in enumerate(head):
        if name == _TIME:
            continue
        if name != _VALUE and name not in known:
            raise PastError(
                f"{path}: row 1: unknown column {plain(name, 40)!r}; name it 'value' or one of "
                f"{', '.join(COLUMNS)}"
            )
        one = signal if name == _VALUE else known[name]
        if one in columns.values():
            raise PastError(f"{path}: row 1: two columns hold {one.value}; keep one of them")
        columns[index] = one
    if not columns:
        raise PastError(f"{path}: row 1 has no column of values; add 'value'")
    return columns


def _time(text: str, path: Path, number: int) -> datetime:
    cell = text.strip()
    try:
        if cell.replace(".", "", 1).isdigit():
            at = datetime.fromtimestamp(float(cell), UTC)
        else:
            at = datetime.fromisoformat(cell)
    except (ValueError, OverflowError, OSError) as error:
        raise PastError(
            f"{path}: row {number}: {plain(cell, 40)!r} is no time; write it as "
            "2026-03-02T14:05:00Z, or in seconds since 1970"
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _number(text: str, path: Path, number: int, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise PastError(
            f"{path}: row {number}, column {plain(column, 40)!r}: {plain(text, 40)!r} is no "
            "number; write it like 12.5, or leave it empty where there is none"
        )
    return value


def _period(times: Sequence[datetime]) -> int:
    """The most frequent distance between rows."""
    steps = Counter(int((after - before).total_seconds()) for before, after in pairwise(times))
    return min(max(steps.most_common(1)[0][0], 1), _LONGEST_PERIOD)


def _series(
    points: Mapping[Signal, Mapping[datetime, float]], first: datetime, end: datetime, period: int
) -> Iterator[tuple[Signal, Series]]:
    """Each column on its own grid; what is not counted has a gap where there is no row."""
    for signal, column in points.items():
        yield (
            signal,
            regular(
                column,
                start=first,
                end=end,
                period_seconds=period,
                absent_means_zero=METRICS[signal].absent_means_zero,
            ),
        )


def _function(name: str) -> FunctionArn:
    return FunctionArn.parse(name, account=_NOBODY, region=_NOWHERE)
