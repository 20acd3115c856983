"""`warden report`: the estate in a file, and where it lies."""

import json
from pathlib import Path

import pytest

from tests.unit.warden.conftest import Desk


def test_the_file_is_written_and_its_path_printed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = desk.look("report")
    written = tmp_path / "estate-2026-03-10.html"
    assert shown.replace("\n", "") == str(written)
    assert written.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_programs_read_the_path_as_json(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "estate.html"
    done = desk.type("report", "--output", str(file))
    assert json.loads(done.stdout) == {"file": str(file)}
    assert file.exists()


def test_a_place_that_cannot_be_written_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = desk.type("report", "--output", str(tmp_path / "file" / "estate.html"))
    assert done.exit_code != 0
    assert "estate.html" in done.output
    assert "Traceback" not in done.output
