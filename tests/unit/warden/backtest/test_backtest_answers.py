"""What the backtest command says of what it cannot know, and with which exit status."""

import json
from pathlib import Path

import pytest

from functions.shared.aws.metrics import IncompleteMetricsError
from tests.unit.anomaly_detector.series import office, steady, times
from tests.unit.conftest import World
from tests.unit.warden.terminal import main
from warden.backtest import past_in_cloudwatch


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def calm() -> str:
    at = times(5)
    rows = [f"{t}Z,{v:g}" for t, v in zip(at, office(at), strict=True)]
    Path("calm.csv").write_text("\n".join(["timestamp,invocations", *rows, ""]))
    return "calm.csv"


def slow() -> str:
    at = times(5)
    lasting = steady(at)
    lasting[-72:] *= 20
    rows = [f"{t}Z,{v:g}" for t, v in zip(at, lasting, strict=True)]
    Path("slow.csv").write_text("\n".join(["timestamp,duration p99", *rows, ""]))
    return "slow.csv"


def test_what_could_not_be_judged_is_no_silence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", slow(), "--format", "table", "--plot", "p.html"]) == 3
    shown = capsys.readouterr().out
    assert "No alert" not in shown
    assert "Unknown, as nothing could be judged" in shown
    assert "Not judged: duration p99: " in shown
    page = Path("p.html").read_text()
    assert "Not judged: duration p99: " in page
    assert "Nothing would have been sent" not in page
    assert "Duration p99, ms (not judged)" in page
    assert 'class="line"' in page


def test_json_says_what_was_judged_and_what_was_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", slow(), "--format", "json", "--no-plot"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["alerts"] == []
    assert answer["judged"] == []
    assert answer["isWhole"] is False
    assert {one["signal"] for one in answer["notJudged"]} == {"duration p99"}
    assert any("flows" in note for note in answer["notes"])


def test_a_part_that_was_judged_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    limits = ("--timeout", "900", "--memory", "128")
    assert main(["backtest", slow(), "--format", "table", "--no-plot", *limits]) == 3
    assert "No alert in what could be judged, which is not all" in capsys.readouterr().out


def test_every_answer_says_what_is_not_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", calm(), "--format", "table", "--plot", "p.htm"]) == 0
    for shown in (capsys.readouterr().out, Path("p.htm").read_text()):
        assert "Not replayed: flows, " in shown
        assert "alerts that come and go" in shown


def test_an_aws_that_does_not_answer_is_not_a_wrong_input(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    function = world.create_function("orders")

    def read(*_: object, **__: object) -> None:
        raise IncompleteMetricsError("GetMetricData ended with PartialData")

    monkeypatch.setattr(past_in_cloudwatch, "read_signals", read)
    assert main(["backtest", str(function), "--region", function.region, "--no-plot"]) == 3
    assert "PartialData; try again" in capsys.readouterr().err
