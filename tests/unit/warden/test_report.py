"""`warden report`: the estate in a file, and where it lies."""

import csv
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


def findings_of(desk: Desk, file: Path, *arguments: str) -> list[dict[str, str]]:
    page = str(file.with_name("r.html"))
    done = desk.type("report", "--output", page, *arguments, "--findings", str(file))
    assert done.exit_code == 0, done.output
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def two_owners(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("films", scene.find("films", title="=HYPERLINK(1)", reason="Said."), owner="media")
    scene.judge("orders", scene.find("orders"), owner="payments")
    scene.judge("stray", scene.find("stray"), owner="")


def test_every_finding_is_a_line_for_a_spreadsheet_and_none_a_formula(
    desk: Desk, tmp_path: Path
) -> None:
    two_owners(desk)
    rows = findings_of(desk, tmp_path / "all.csv")
    assert sorted(row["function"] for row in rows) == ["films", "orders", "stray"]
    (films,) = (row for row in rows if row["function"] == "films")
    assert films["title"] == "'=HYPERLINK(1)"
    assert (films["owner"], films["state"], films["reason"]) == ("media", "opened", "Said.")
    assert all(row["remedy"] and row["fingerprint"] for row in rows)


def test_programs_read_the_same_as_json(desk: Desk, tmp_path: Path) -> None:
    two_owners(desk)
    file = tmp_path / "all.json"
    done = desk.type("report", "-o", str(tmp_path / "r.html"), "--findings", str(file))
    assert json.loads(done.stdout)["findings"] == str(file)
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert {row["title"] for row in rows if row["owner"] == "media"} == {"=HYPERLINK(1)"}


def test_one_owner_gets_a_page_of_their_own(desk: Desk, tmp_path: Path) -> None:
    two_owners(desk)
    rows = findings_of(desk, tmp_path / "m.csv", "--owner", "med*")
    assert [row["function"] for row in rows] == ["films"]
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h1>Lambda estate of med*</h1>" in page
    assert "films" in page
    assert "orders" not in page
    (stray,) = findings_of(desk, tmp_path / "u.csv", "--owner", "unknown")
    assert stray["function"] == "stray"


def test_an_owner_of_nothing_is_refused(desk: Desk, tmp_path: Path) -> None:
    two_owners(desk)
    said = desk.refused("report", "-o", str(tmp_path / "r.html"), "--owner", "nobody-there")
    assert "No function and no alert has the owner nobody-there" in said
    assert not (tmp_path / "r.html").exists()
