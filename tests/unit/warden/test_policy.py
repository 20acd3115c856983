"""`warden policy`: check a file, show the policy in force, put another in force."""

from pathlib import Path

import pytest

from functions.shared.policy.read import DEFAULT
from functions.shared.policy.store import policy_store
from functions.shared.policy.upload import KEY
from functions.tag_enforcer.policy_changes import take_over
from tests.unit.conftest import NOW
from tests.unit.warden.conftest import Desk


def changed(folder: Path, lifetime: str) -> Path:
    """The default with another lifetime."""
    file = folder / "policy.yaml"
    file.write_text(DEFAULT.read_text(encoding="utf-8").replace("90 days", lifetime))
    return file


def uploaded(desk: Desk) -> list[str]:
    warden = desk.world.warden
    answer = warden.aws.s3.list_objects_v2(Bucket=warden.settings.bucket, Prefix="policy/")
    return [one["Key"] for one in answer.get("Contents", [])]


def test_a_file_is_checked_and_each_fault_has_its_line(desk: Desk, tmp_path: Path) -> None:
    assert "nothing is wrong" in desk.look("policy", "check", str(DEFAULT))
    broken = changed(tmp_path, "soon")
    line = 1 + broken.read_text().splitlines().index("    lifetime: soon")
    said = desk.look("policy", "check", str(broken), status=1)
    assert f"line {line}: environments.experimental.lifetime: write a number" in said
    [fault] = desk.read("policy", "check", str(broken), status=1)["faults"]
    assert (fault["line"], fault["field"]) == (line, "environments.experimental.lifetime")


def test_a_good_file_is_uploaded_and_shown_once_it_is_in_force(desk: Desk, tmp_path: Path) -> None:
    warden = desk.world.warden
    file = str(changed(tmp_path, "60 days"))
    assert "would be uploaded" in desk.look("policy", "put", file, "--dry-run")
    assert uploaded(desk) == []
    assert "is uploaded" in desk.look("policy", "put", file)
    assert uploaded(desk) == [KEY]
    take_over(warden, NOW)
    shown = desk.look("policy", "show")
    assert "# In force: the upload policy/policy.yaml, since 2026-03-10 12:00 UTC" in shown
    assert "lifetime: 60 days" in shown
    document = desk.read("policy", "show")
    assert document["policy"]["environments"]["experimental"]["lifetime"] == "60 days"
    desk.look("policy", "put", "--remove")
    take_over(warden, NOW)
    assert policy_store(warden).in_force().since is None


def test_a_broken_file_is_not_uploaded(desk: Desk, tmp_path: Path) -> None:
    assert "nothing was uploaded" in desk.refused("policy", "put", str(changed(tmp_path, "soon")))
    assert uploaded(desk) == []


@pytest.mark.parametrize("more", [(), (str(DEFAULT), "--remove")])
def test_put_wants_one_thing(desk: Desk, more: tuple[str, ...]) -> None:
    assert "Name a FILE, or --remove" in desk.refused("policy", "put", *more)
