"""Reading a function's past from a CSV file: `timestamp,value`, or one column a signal."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.schedule import PERIOD
from functions.anomaly_detector.metrics.series import Series, regular
from functions.anomaly_detector.metrics.signals import DERIVED, METRICS, Signal
from functions.anomaly_detector.watch.incident import meaningful
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from warden.backtest.cells import CellError, number_of, time_of
from warden.backtest.grid import Grid, GridError, grid_of
from warden.backtest.judging import begin, judging
from warden.backtest.past import Past, PastError
from warden.backtest.replay import Subject

_TIME: Final = "timestamp"
_VALUE: Final = "value"
_OTHER_MARKS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LIVE_PERIOD: Final = int(PERIOD.total_seconds())
_MOST_PERIODS: Final = 1_000_000
# A file says nothing about whose account it comes from.
_NOBODY: Final = "0" * 12
_NOWHERE: Final = "us-east-1"

COLUMNS: Final = tuple(
    signal.value for signal, metric in METRICS.items() if metric.namespace != DERIVED
)
"""Names of columns, besides `timestamp` and `value`."""


@dataclass(slots=True)
class _Rows:
    """What the rows say.

    Attributes:
        points: The values of each signal.
        numbers: Where in the file each time stands.
        zone_open: Whether a time came without its zone.
    """

    points: dict[Signal, dict[datetime, float]]
    numbers: dict[datetime, int] = field(default_factory=dict)
    zone_open: bool = False


def read_csv(
    path: Path,
    name: str,
    signal: Signal,
    limits: FunctionLimits | None,
    learn: timedelta,
    *,
    period_seconds: int | None = None,
) -> Past:
    """Read a file.

    Args:
        path: Where it lies.
        name: What to call the function.
        signal: What a column named `value` holds.
        limits: The function's own limits, None where nobody says.
        learn: How much of the file is only learnt from; less if the file is not longer than twice
            that.
        period_seconds: Width of its periods; None for the most frequent distance between rows.

    Raises:
        PastError: The file cannot be read; the message names the row and the fix.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(file, path, signal)
        times = sorted({at for column in rows.points.values() for at in column})
        if len(times) < 2:
            raise PastError(
                f"{path}: fewer than two rows with values; nothing can be learnt from that"
            )
        grid = grid_of(rows.numbers, period_seconds)
    except OSError as error:
        raise PastError(f"{path}: {plain(error.strerror or error)}") from error
    except UnicodeDecodeError as error:
        raise PastError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except csv.Error as error:
        raise PastError(f"{path}: {plain(error)}; save it as comma-separated values") from error
    except GridError as error:
        raise PastError(f"{path}: {error}") from error
    period = grid.period_seconds
    first, end = times[0], times[-1] + timedelta(seconds=period - grid.offset_seconds)
    count = round((end - first).total_seconds() / period)
    if count > _MOST_PERIODS:
        raise PastError(
            f"{path}: more than {_MOST_PERIODS:,} periods of {period} s between the first and the "
            "last row; is a timestamp wrong?"
        )
    signals = dict(_series(rows.points, first, end, period))
    start = _start(signals, first, end, learn)
    return Past(
        subject=Subject(_function(name), limits),
        signals=signals,
        period_seconds=period,
        start=start,
        end=end,
        judging=judging(signals, limits, start=start, excerpt=True),
        notes=tuple(_notes(start, limits, rows, grid, periods=count)),
    )


def _start(
    signals: Mapping[Signal, Series], first: datetime, end: datetime, learn: timedelta
) -> datetime:
    """When all the time that is only learnt from is over, of what can be judged first."""
    start = first + min(learn, (end - first) / 2)
    begins = [begin(signal, series) for signal, series in meaningful(signals).items()]
    return max(start, min(filter(None, begins), default=start))


def _notes(
    start: datetime, limits: FunctionLimits | None, rows: _Rows, grid: Grid, *, periods: int
) -> Iterator[str]:
    yield f"Until {start:%Y-%m-%d %H:%M} UTC it only learns."
    if limits is None and Signal.DURATION_P99 not in rows.points:
        yield "The function's limits are unknown, so nothing is compared with them."
        yield "Give --timeout and --memory."
    if Signal.CONCURRENCY in rows.points:
        yield "What concurrency is reserved for the function, a file does not say."
    if grid.period_seconds != _LIVE_PERIOD:
        yield (
            f"The file has periods of {grid.period_seconds // 60} min; live, they are of "
            f"{_LIVE_PERIOD // 60} min, where the same numbers mean more or less."
        )
    if grid.offset_seconds:
        yield (f"All rows are {grid.offset_seconds} s after the full period, as which they count.")
    if missing := periods - len(rows.numbers):
        yield (
            f"{missing:,} of {periods:,} periods have no row: what is counted is 0 there, "
            "everything else unknown."
        )
    if rows.zone_open:
        yield "Times without a zone were taken for UTC."


def _rows(file: TextIO, path: Path, signal: Signal) -> _Rows:
    lines = csv.reader(file, skipinitialspace=True)
    head = [cell.strip().lower().replace("_", " ") for cell in next(lines, [])]
    columns = _columns(head, path, signal)
    rows = _Rows({one: {} for one in columns.values()})
    before = lines.line_num
    for line in lines:
        number, before = before + 1, lines.line_num
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(head):
            raise PastError(
                f"{path}: row {number} has {len(line)} cells, the header {len(head)}; "
                "every row needs as many as the header, empty where there is no value"
            )
        name = _TIME
        try:
            at, zone_open = time_of(line[head.index(_TIME)])
            for index, one in columns.items():
                name = head[index]
                if line[index].strip():
                    rows.points[one][at] = number_of(line[index], METRICS[one].unit)
        except CellError as error:
            raise PastError(f"{path}: row {number}, column {plain(name, 40)!r}: {error}") from error
        if at in rows.numbers:
            raise PastError(
                f"{path}: rows {rows.numbers[at]} and {number} are of the same time, "
                f"{at:%Y-%m-%d %H:%M:%S}; keep one row for each period"
            )
        rows.numbers[at] = number
        rows.zone_open |= zone_open
    return rows


def _columns(head: Sequence[str], path: Path, signal: Signal) -> dict[int, Signal]:
    for mark, name in _OTHER_MARKS.items():
        if len(head) == 1 and mark in head[0]:
            raise PastError(f"{path}: its cells are separated by {name}; save it with commas")
    if head.count(_TIME) > 1:
        raise PastError(f"{path}: row 1: two columns are named {_TIME!r}; keep one of them")
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
