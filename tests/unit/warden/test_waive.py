"""`warden waive`: what is accepted, what is refused, and what becomes of it."""

from pathlib import Path

import pytest

from functions.shared.core.severity import Severity
from tests.unit.warden.conftest import ME, Desk

TERMS = ("--owner", "payments", "--reason", "only in a demo", "--expires", "2026-03-20")


def test_an_accepted_finding_is_told_again_when_its_time_is_over(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.HIGH))
    scene.judge("orders-2", scene.find("orders-2"))
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    made = desk.read("waive", fingerprint, *TERMS, "--by", "ann")
    assert made["accepts"] == 1
    assert made["matches"] == {"function": "orders", "rule": "no-owner"}
    assert made["created_by"] == f"ann ({ME})"
    assert scene.pass_time(minutes=2) == [("opened", "orders-2", "no-owner")]
    [listed] = desk.read("waive", "--list")
    assert (listed["id"], listed["active"], listed["accepts"]) == (made["id"], True, 1)
    scene.wait(days=10)
    assert scene.announced() == []
    scene.wait(days=1)
    assert scene.announced() == [("opened", "orders", "no-owner")]
    [ended] = desk.read("waive", "--list")
    assert (ended["active"], ended["accepts"]) == (False, 0)


def test_a_removed_waiver_lets_its_alert_be_told_at_once(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders"))
    made = desk.read("waive", "--function", "ord*", "--rule", "no-owner", *TERMS)
    assert scene.pass_time(minutes=1) == []
    assert desk.read("waive", "--remove", made["id"], "--dry-run")["accepted"] == 1
    assert len(desk.read("waive", "--list")) == 1
    desk.read("waive", "--remove", made["id"])
    assert scene.announced() == [("opened", "orders", "no-owner")]
    assert "no waiver" in desk.refused("waive", "--remove", made["id"])


def test_one_finding_of_a_package_is_accepted_and_its_neighbour_is_not(desk: Desk) -> None:
    scene = desk.scene
    both = [scene.find("orders", subject=f"PyPI/jinja2/2.1{digit}") for digit in "01"]
    scene.judge("orders", *both)
    made = desk.read("waive", both[0].fingerprint, *TERMS)
    assert made["accepts"] == 1
    assert desk.read("waive", "--package", "jinja2", *TERMS, "--dry-run")["accepts"] == 2
    assert desk.read("waive", "--package", "PyPI/jinja2/2.11", *TERMS, "--dry-run")["accepts"] == 1


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    assert desk.read("waive", "--rule", "no-owner", *TERMS, "--dry-run")["accepts"] == 1
    assert desk.read("waive", "--list") == []


def test_waiving_again_prolongs(desk: Desk) -> None:
    first = desk.read("waive", "--rule", "no-owner", *TERMS)
    again = desk.read("waive", "--rule", "no-owner", *TERMS[:-1], "2026-04-20")
    assert again["id"] == first["id"]
    assert len(desk.read("waive", "--list")) == 1


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["--rule", "no-owner", *TERMS[:-1], "2026-03-09"], "is past"),
        (["--rule", "no-owner", *TERMS[:-1], "2028-03-09"], "more than a year ahead"),
        (["--rule", "no-owner", *TERMS[:-1], "soon"], "is no date"),
        (["--function", "*", "--rule", "*", *TERMS], "nearly everything"),
        (["--function", "*-*", *TERMS], "nearly everything"),
        (["--function", "[!x]*", *TERMS], "patterns know * and ? only"),
        (["--rule", "no-owner", "--owner", "x", "--reason", " ", "--expires", "9d"], "empty"),
        (["--rule", "no-owner", "--owner", "x", "--expires", "9d"], "Missing option --reason"),
        (["--rule", "no-owner"], "Missing option --owner, --reason, --expires"),
        ([*TERMS], "Name what to accept"),
        (["abcd", "--rule", "no-owner", *TERMS], "exclude each other"),
        (["--list", "--remove", "w-1"], "exclude each other"),
        (["abcd", *TERMS], "No alert begins with abcd"),
        (["--file", "no-such.toml"], "does not exist"),
    ],
)
def test_what_would_hide_too_much_or_makes_no_sense_is_refused(
    arguments: list[str], because: str, desk: Desk
) -> None:
    assert because in desk.refused("waive", *arguments)
    assert desk.read("waive", "--list") == []


def test_people_read_sentences(desk: Desk) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    said = desk.look("waive", "--rule", "no-owner", *TERMS)
    assert "accepts 1 alert now, until 2026-03-20 23:59 UTC: rule=no-owner" in said
    assert "HIGH  orders  No owner" in said
    assert "Check its spelling" in desk.look("waive", "--function", "nowhere", *TERMS)
    table = desk.look("waive", "--list")
    assert table.splitlines()[0].split()[:3] == ["WAIVER", "UNTIL", "ACCEPTS"]
    assert "2026-03-20  " in table
    narrow = desk.look("waive", "--list", columns=60)
    assert "  payments: only in a demo" in narrow.splitlines()
    assert desk.look("silence", "--list") == "No silences."
    assert "There is no rule no-ownr. Did you mean no-owner?" in desk.refused(
        "waive", "--rule", "no-ownr", *TERMS
    )


def _file(folder: Path, text: str, name: str = "payments.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


RIGHT = """
[[waiver]]
function = "orders"
rule = "no-owner"
owner = "payments"
reason = "Moves to another team in March."
expires = 2026-03-20

[[waiver]]
function = "reports"
package = "jinja2"
owner = "web"
reason = "Ended, kept as a record."
expires = 2025-12-31
"""


def test_a_file_is_checked_and_uploaded(desk: Desk, tmp_path: Path) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    path = _file(tmp_path, RIGHT)
    assert desk.read("waive", "--file", path, "--dry-run")["accepts"] == 1
    s3, bucket = desk.world.warden.aws.s3, desk.world.warden.settings.bucket
    assert s3.list_objects_v2(Bucket=bucket, Prefix="waivers/")["KeyCount"] == 0
    assert desk.read("waive", "--file", path)["file"] == "waivers/payments.toml"
    stored = s3.get_object(Bucket=bucket, Key="waivers/payments.toml")["Body"].read()
    assert stored.decode() == RIGHT
    said = desk.look("waive", "--file", path)
    assert "1 waivers in force, which accept 1 alerts now, 1 ended" in said


def test_every_fault_of_a_file_is_named_and_nothing_is_uploaded(desk: Desk, tmp_path: Path) -> None:
    wrong = RIGHT.replace("2026-03-20", '"next week"').replace('owner = "web"', "onwer = 3")
    said = desk.refused("waive", "--file", _file(tmp_path, wrong))
    assert "nothing was uploaded" in said
    assert "waivers/payments.toml, waiver 1, expires: 'next week' is no day" in said
    assert "waivers/payments.toml, waiver 2, onwer: unknown" in said
    assert "waiver 2, owner: empty" in said
    assert "TEAM.toml" in desk.refused("waive", "--file", _file(tmp_path, RIGHT, "notes.txt"))
    bucket = desk.world.warden.settings.bucket
    listed = desk.world.warden.aws.s3.list_objects_v2(Bucket=bucket, Prefix="waivers/")
    assert listed["KeyCount"] == 0


def test_a_teams_file_is_checked_against_its_border(desk: Desk, tmp_path: Path) -> None:
    wide = RIGHT.replace('function = "orders"', 'function = "order*"')
    said = desk.refused("waive", "--file", _file(tmp_path, wide))
    assert "waiver 1, function: is a pattern; name one function" in said
    theirs = _file(tmp_path, wide, "platform-team.toml")
    assert desk.read("waive", "--file", theirs, "--dry-run")["file"] == "waivers/platform-team.toml"
