"""The options of the backtest command: what each takes, and what it says of anything else."""

import json
from pathlib import Path

import pytest

from tests.unit.anomaly_detector.series import office, times
from tests.unit.warden.terminal import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def calm(name: str = "calm.csv", column: str = "invocations") -> str:
    at = times(5)
    rows = [f"{t}Z,{v:g}" for t, v in zip(at, office(at), strict=True)]
    Path(name).write_text("\n".join([f"timestamp,{column}", *rows, ""]))
    return name


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of a wrong command line."""
    assert main(["backtest", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return " ".join(said.err.split())


def test_a_file_may_be_named_in_capitals() -> None:
    assert main(["backtest", calm("CALM.CSV"), "--no-plot"]) == 0


@pytest.mark.parametrize("name", ["calm.txt", "past/calm"])
def test_what_can_be_no_function_is_not_asked_for(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    calm("calm.txt")
    assert "a file must be named *.csv" in refused(capsys, name)


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--timeout", "-5", "seconds from 1 to 900"),
        ("--timeout", "0", "seconds from 1 to 900"),
        ("--timeout", "901", "seconds from 1 to 900"),
        ("--timeout", "3.5", "seconds from 1 to 900"),
        ("--memory", "127", "MiB from 128 to 10240"),
        ("--memory", "10241", "MiB from 128 to 10240"),
        ("--memory", "512MB", "MiB from 128 to 10240"),
        ("--period", "90", "whole minutes, 60 to 3600 seconds"),
        ("--learn-days", "0", "days from 1 to 45"),
        ("--signal", "speed", "none of: invocations, duration, duration p50"),
        ("--plot", "x.png", "name it *.html"),
        ("--plot", "x", "name it *.html"),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_option_and_the_range(
    option: str, value: str, allowed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, calm(), option, value)
    assert f"Invalid value for '{option}': '{value}'" in said
    assert allowed in said
    assert "Signal." not in said
    assert not Path("x.png").exists()


@pytest.mark.parametrize("given", [("--timeout", "30"), ("--memory", "512")])
def test_no_limit_is_made_up(given: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "give both, or neither" in refused(capsys, calm(), *given)


@pytest.mark.parametrize("name", ["errors", "duration_p50", "cpu time"])
def test_a_signal_is_named_as_a_column_is(name: str) -> None:
    main(["backtest", calm(column="value"), "--signal", name, "--plot", "p.html"])
    page = Path("p.html").read_text()
    assert f"Not judged: {name.replace('_', ' ')}: ".lower() in page.lower()


def test_options_of_a_file_are_refused_for_a_function(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "checkout", "--timeout", "30", "--learn-days", "3")
    assert "--learn-days, --timeout: only for a CSV file" in said


def test_options_of_cloudwatch_are_said_to_be_of_no_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["backtest", calm(), "--days", "14", "--no-plot"]) == 0
    assert any("--days" in note for note in json.loads(capsys.readouterr().out)["notes"])
