"""The backtest command: from a file or from CloudWatch to a table, JSON and a page."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from tests.unit.anomaly_detector.series import Times, Values, office, times
from tests.unit.conftest import NOW, World
from tests.unit.warden.terminal import main
from warden.backtest import past_in_cloudwatch
from warden.backtest.past import PastError
from warden.backtest.past_in_cloudwatch import read_cloudwatch
from warden.backtest.past_in_csv import read_csv

LEARN = timedelta(days=3)


def written(path: Path, values: Values, at: Times, column: str = "value") -> Path:
    rows = [f"{t}Z,{v:g}" for t, v in zip(at, values, strict=True)]
    path.write_text("\n".join([f"timestamp,{column}", *rows, ""]))
    return path


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def runaway(tmp_path: Path) -> Path:
    at = times(8.6)
    calls = office(at)
    calls[-12:] *= 20
    return written(tmp_path / "checkout.csv", calls, at)


def test_json_says_when_what_how_much_and_why(
    runaway: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", str(runaway), "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    [alert] = answer["alerts"]
    assert alert["state"] == "opened"
    assert alert["severity"] == "critical"
    assert alert["at"].startswith("2026-03-10T13:")
    [signal] = alert["signals"]
    assert signal["signal"] == "invocations"
    assert signal["value"] > 5 * signal["usual"]
    assert "times the usual" in alert["explanation"]
    page = Path(answer["plot"]).read_text()
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert alert["explanation"] in page


def test_a_table_is_for_people(runaway: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", str(runaway), "--format", "table", "--no-plot"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("WHEN (UTC)")
    assert "One alert from" in shown
    assert not list(Path().glob("*.html"))


def test_nothing_told_is_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = times(6)
    file = written(tmp_path / "calm.csv", office(at), at, "invocations")
    assert main(["backtest", str(file), "--format", "table", "--plot", "calm.html"]) == 0
    assert "No alert from" in capsys.readouterr().out
    assert Path("calm.html").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "row 1 has no column 'timestamp'"),
        ("when,value\n", "row 1 has no column 'timestamp'"),
        ("timestamp\n", "add 'value'"),
        ("timestamp,speed\n", "unknown column 'speed'"),
        ("timestamp,value,invocations\n", "two columns hold invocations"),
        ("timestamp,value\n2026-03-02T00:00:00Z,1\n", "fewer than two rows"),
        ("timestamp,value\nyesterday,1\n", "row 2, column 'timestamp': 'yesterday' is no time"),
        ("timestamp,value\n2026-03-02T00:00:00Z,many\n", "row 2, column 'value': 'many'"),
        ("timestamp,value\n2026-03-02T00:00:00Z,nan\n", "row 2, column 'value': 'nan'"),
        ("timestamp,value\n2026-03-02T00:00:00Z\n", "row 2 has 1 cells, the header 2"),
        ("timestamp,value\n1772409600,1\n1772409600,2\n", "rows 2 and 3 are of the same time"),
        ("timestamp,value\n1000000000,1\n1000000060,2\n1772409640,3\n", "is a timestamp wrong?"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_row_and_the_fix(
    tmp_path: Path, text: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(text)
    assert main(["backtest", str(file)]) == 2
    said = capsys.readouterr()
    assert complaint in said.err
    assert said.out == ""


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "nowhere.csv"]) == 2
    assert "nowhere.csv: No such file" in capsys.readouterr().err


def test_cells_may_be_empty_and_times_may_have_zones(tmp_path: Path) -> None:
    file = tmp_path / "gaps.csv"
    file.write_text(
        "\ufefftimestamp,invocations,Duration_P99\n"
        "2026-03-02T01:00:00+01:00,5,\n2026-03-02 00:05:00,,120\n"
        "1772410200,7,130\n"
    )
    past = read_csv(file, "gaps", Signal.INVOCATIONS, None, LEARN)
    assert past.period_seconds == 300
    assert past.signals[Signal.INVOCATIONS].values.tolist() == [5, 0, 7]
    assert past.signals[Signal.DURATION_P99].values.tolist() == [120, 130]


def test_a_function_is_read_with_its_limits_from_cloudwatch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = world.create_function("orders")
    asked: dict[str, Any] = {}
    at = times(2)

    def read(_: Any, names: list[str], **asked_for: Any) -> dict[str, dict[Signal, Series]]:
        # The AWS in this process has no percentiles.
        asked.update(asked_for)
        return {name: {Signal.INVOCATIONS: Series(office(at), at)} for name in names}

    monkeypatch.setattr(past_in_cloudwatch, "read_signals", read)
    past = read_cloudwatch(world.warden.aws, str(function), 1, timedelta(days=14), NOW)
    assert past.subject.function == function
    assert past.subject.limits
    assert past.subject.limits.timeout_seconds > 0
    assert past.subject.deployment
    assert past.end - past.start == timedelta(days=1)
    assert asked["end"] - asked["start"] == timedelta(days=15)
    assert NOW - asked["end"] < timedelta(minutes=10)


@pytest.mark.parametrize(
    ("name", "complaint"), [("nobody", "is the name spelled"), ("silent", "no metrics of it")]
)
def test_a_function_without_a_past_is_said(world: World, name: str, complaint: str) -> None:
    world.create_function("silent")
    with pytest.raises(PastError, match=complaint):
        read_cloudwatch(world.warden.aws, name, 7, timedelta(days=14), datetime.now(UTC))
