"""Awkward files: each is read as it is meant, or refused with the row, the field and the fix."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.anomaly_detector.metrics.signals import Signal
from warden.backtest.past import Past, PastError
from warden.backtest.past_in_csv import read_csv


def read(path: Path, data: str | bytes, period: int | None = None) -> Past:
    file = path / "odd.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_csv(file, "odd", Signal.INVOCATIONS, None, timedelta(days=3), period_seconds=period)


def rows(*times: str, value: str = "1") -> str:
    return "\n".join(["timestamp,value", *(f"{time},{value}" for time in times), ""])


FIVE = "2026-03-02T00:00Z,1\n2026-03-02T00:05Z,2\n2026-03-02T00:10Z,3\n"


@pytest.mark.parametrize(
    "data",
    [
        "\ufefftimestamp,value\n" + FIVE,
        ("timestamp,value\n" + FIVE).replace("\n", "\r\n"),
        ("timestamp,value\n" + FIVE).replace("\n", "\r"),
        '"timestamp" , Value \n"2026-03-02T00:00Z","1"\n2026-03-02 00:05,2\n2026-03-02T00:10Z,3',
        "timestamp,value\n\n" + FIVE.replace("\n", "\n\n"),
        "timestamp,value\n2026-03-02T00:10Z,3\n2026-03-02T00:00Z,1\n2026-03-02T00:05Z,2\n",
        "timestamp,value\n1772409600,1\n1772409900.0,2\n1772410200,3\n",
        "timestamp,value\n1772409600000,1\n1772409900000,2\n1772410200000,3\n",
        "timestamp,value\n2026-03-02T01:00+01:00,1\n2026-03-01T19:05-05:00,2\n1772410200,3\n",
    ],
)
def test_a_file_is_read_however_it_is_written(tmp_path: Path, data: str) -> None:
    past = read(tmp_path, data)
    assert past.period_seconds == 300
    assert past.end == datetime(2026, 3, 2, 0, 15, tzinfo=UTC)
    assert past.signals[Signal.INVOCATIONS].values.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "time",
    [
        "20260302",
        "2026030214",
        "202603021405",
        "20260302140500",
        "0",
        "-1772409600",
        "999999999",
        "1772409600000000",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        "1.77e9",
        "02.03.2026 14:05",
        "2026-03-02T25:00Z",
        "2026-02-30",
        "NaT",
        "",
    ],
)
def test_what_is_no_plausible_time_is_refused_with_row_and_field(tmp_path: Path, time: str) -> None:
    with pytest.raises(PastError, match=r"row 3, column 'timestamp': .* is no time; write it as"):
        read(tmp_path, f"timestamp,value\n2026-03-02T00:00Z,1\n{time},5\n")


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("-3", "is negative"),
        ("12%", "is no number"),
        ('"12,5"', "is no number"),
        ('"1,234"', "is no number"),
        ("1_000", "is no number"),
        ("inf", "is no number"),
        ("NaN", "is no number"),
        ("null", "is no number"),
        ("1e307", "too large to be judged"),
    ],
)
def test_what_is_no_value_is_refused_with_row_and_field(
    tmp_path: Path, value: str, complaint: str
) -> None:
    with pytest.raises(PastError, match=f"row 2, column 'value': .*{complaint}"):
        read(tmp_path, f"timestamp,value\n2026-03-02T00:00Z,{value}\n2026-03-02T00:05Z,5\n")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("timestamp;value\n2026-03-02T00:00Z;1\n", "separated by semicolons; save it with commas"),
        ("timestamp\tvalue\n2026-03-02T00:00Z\t1\n", "separated by tabs; save it with commas"),
        ("timestamp,value\n2026-03-02T00:00Z,1,5\n", "row 2 has 3 cells, the header 2"),
        ("2026-03-02T00:00Z,1\n2026-03-02T00:05Z,2\n", "row 1 has no column 'timestamp'"),
        ("timestamp,timestamp,value\n", "two columns are named 'timestamp'"),
        ('timestamp,value\n2026-03-02T00:00Z,"1\n2026-03-02T00:05Z,2', "is no number"),
        ("timestamp,value\n2026-03-02T00:00Z,1\x00\n", "is no number"),
        ("timestamp,value\n".encode("utf-16"), "not UTF-8 text"),
        ("timestamp,value\n2026-03-02T00:00Z,\n2026-03-02T00:05Z,\n", "fewer than two rows"),
    ],
)
def test_a_file_of_another_form_is_refused_with_what_it_is(
    tmp_path: Path, data: str | bytes, complaint: str
) -> None:
    with pytest.raises(PastError, match=complaint):
        read(tmp_path, data)


def test_a_row_between_the_periods_is_named_and_not_lost(tmp_path: Path) -> None:
    times = [f"2026-03-02T0{hour}:{minute:02}Z" for hour in (0, 1) for minute in range(0, 60, 5)]
    with pytest.raises(PastError, match=r"row 6 \(2026-03-02 00:16:00\).* 300 s.*--period"):
        read(tmp_path, rows(*times[:4], "2026-03-02T00:16Z", *times[4:]))


def test_two_rows_of_one_time_are_refused_whatever_their_zones(tmp_path: Path) -> None:
    with pytest.raises(PastError, match="rows 2 and 4 are of the same time, 2026-03-02 00:00:00"):
        read(tmp_path, rows("2026-03-02T00:00Z", "2026-03-02T00:05Z", "2026-03-02T01:00+01:00"))


def test_rows_that_all_lie_as_far_from_the_full_period_keep_their_values(tmp_path: Path) -> None:
    past = read(tmp_path, rows(*(f"2026-03-02T00:{m:02}:30Z" for m in (2, 7, 12, 17))))
    assert past.signals[Signal.INVOCATIONS].values.tolist() == [1, 1, 1, 1]
    assert any("150 s after the full period" in note for note in past.notes)


def test_periods_without_a_row_are_counted_and_said(tmp_path: Path) -> None:
    past = read(tmp_path, rows(*(f"2026-03-02T00:{m:02}Z" for m in (0, 5, 10, 30, 35))))
    assert past.signals[Signal.INVOCATIONS].values.tolist() == [1, 1, 1, 0, 0, 0, 1, 1]
    assert any("3 of 8 periods have no row" in note for note in past.notes)


def test_a_file_without_its_empty_periods_is_read_with_the_period_named(tmp_path: Path) -> None:
    text = rows(*(f"2026-03-0{day}T02:05Z" for day in (2, 3, 4)))
    with pytest.raises(PastError, match=r"86400 s apart.* 60 to 3600 s .*--period 300"):
        read(tmp_path, text)
    past = read(tmp_path, text, 300)
    assert past.period_seconds == 300
    assert past.signals[Signal.INVOCATIONS].values.sum() == 3


@pytest.mark.parametrize("seconds", [1, 30, 90, 3660, 7200])
def test_periods_that_cannot_be_judged_are_refused_with_the_limits(
    tmp_path: Path, seconds: int
) -> None:
    text = rows(*(str(1772409600 + seconds * index) for index in range(5)))
    with pytest.raises(PastError, match=f"{seconds} s apart.* whole minutes, 60 to 3600 s"):
        read(tmp_path, text)


def test_times_without_a_zone_are_said_to_be_taken_for_utc(tmp_path: Path) -> None:
    past = read(tmp_path, rows("2026-03-02T00:00", "2026-03-02T00:05Z"))
    assert any("without a zone" in note for note in past.notes)
    past = read(tmp_path, rows("2026-03-02T00:00Z", "2026-03-02T00:05Z"))
    assert not any("without a zone" in note for note in past.notes)


def test_other_periods_than_the_live_ones_are_said(tmp_path: Path) -> None:
    past = read(tmp_path, rows("2026-03-02T00:00Z", "2026-03-02T01:00Z", "2026-03-02T02:00Z"))
    assert any("periods of 60 min; live, they are of 5 min" in note for note in past.notes)


def test_memory_is_a_percentage(tmp_path: Path) -> None:
    with pytest.raises(PastError, match="row 3, column 'memory': '412' is beyond 100 %"):
        read(tmp_path, "timestamp,memory\n2026-03-02T00:00Z,41\n2026-03-02T00:05Z,412\n")
