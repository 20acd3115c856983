"""The command `warden` as it was installed, against a deployed stack."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.integration.stack.scene import Scene, package

_WARDEN: Final = Path(sys.executable).with_name("warden")
_PATIENCE: Final = 180.0
_FILE: Final = """
[[waiver]]
function = "filed-*"
rule = "tag-policy"
owner = "platform"
reason = "Owners come with the new catalogue."
expires = {expires}
"""


def warden(
    scene: Scene, *arguments: object, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(_WARDEN), *map(str, arguments)],
        env={**scene.aws.process_environment(), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def read(scene: Scene, *arguments: object, status: int = 0) -> Any:
    done = warden(scene, *arguments)
    assert done.returncode == status, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def wait_until(happened: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def of(scene: Scene, name: str, *arguments: str) -> dict[str, dict[str, Any]]:
    """What `warden alerts` lists of a function, by rule."""
    done = warden(scene, "alerts", "--function", name, *arguments)
    assert done.returncode in {0, 1}, done.stderr
    return {one["rule"]: one for one in json.loads(done.stdout)}


def test_an_alert_is_listed_shown_acknowledged_waived_and_told_again(scene: Scene) -> None:
    scene.create("watched", package("jinja2==2.10"), {"environment": "production"})
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("watched"))
    wait_until(lambda: {"tag-policy", "vulnerable-package"} <= set(of(scene, "watched")), "unread")
    fingerprint = of(scene, "watched")["tag-policy"]["fingerprint"]
    shown = read(scene, "alerts", fingerprint[:8], status=1)
    assert shown["function"]["name"] == "watched"
    assert "notified" in {one["what"] for one in shown["history"]}

    [held] = read(scene, "ack", fingerprint, "--for", "1h", "--by", "ann")
    assert held["by"].startswith("ann (arn:")
    wait_until(
        lambda: read(scene, "alerts", fingerprint, status=1)["acknowledgement"]["by"] == held["by"],
        "it was not acknowledged",
    )

    made = read(
        scene, "waive", fingerprint, "--owner", "shop", "--reason", "a test", "--expires", "9d"
    )
    assert made["accepts"] == 1
    wait_until(lambda: "tag-policy" not in of(scene, "watched"), "it was not waived")
    assert of(scene, "watched", "--state", "waived")["tag-policy"]["mute"]["id"] == made["id"]

    assert scene.about("watched").count(("opened", "tag-policy")) == 1
    read(scene, "waive", "--remove", made["id"])
    scene.wait_for(lambda: scene.about("watched").count(("opened", "tag-policy")) == 2)


def test_a_waiver_file_is_in_force_soon_after_its_upload_and_ends_with_it(
    scene: Scene, tmp_path: Path
) -> None:
    path = tmp_path / "platform-team.toml"
    year = time.gmtime().tm_year
    path.write_text(_FILE.format(expires=f"{year + 2}-01-01"), encoding="utf-8")
    refused = warden(scene, "waive", "--file", path)
    assert refused.returncode == 2
    assert "platform-team.toml, waiver 1, expires" in refused.stderr

    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
    path.write_text(_FILE.format(expires=tomorrow), encoding="utf-8")
    assert read(scene, "waive", "--file", path)["accepts"] == 0
    wait_until(lambda: bool(_of_files(scene)), "the file was not taken over")

    scene.create("filed-one", package(), {"environment": "production"})
    wait_until(lambda: bool(of(scene, "filed-one", "--state", "waived")), "it was not waived")
    assert ("opened", "tag-policy") not in scene.about("filed-one")

    scene.aws.client("s3").delete_object(
        Bucket=scene.warden.bucket, Key="waivers/platform-team.toml"
    )
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("filed-one"))
    assert _of_files(scene) == []


def test_a_wrong_file_that_ci_uploads_is_reported_and_settled(scene: Scene) -> None:
    s3, key = scene.aws.client("s3"), "waivers/wrong.toml"
    s3.put_object(Bucket=scene.warden.bucket, Key=key, Body=b"[[waiver]]\nowner = 3\n")
    notifier = "lambda-warden-notifier"
    scene.wait_for(lambda: ("opened", "waiver-file-invalid") in scene.about(notifier))
    alert = scene.alert(notifier, "waiver-file-invalid")
    assert f"{key}, waiver 1, owner: is int" in alert.document["reason"]
    s3.delete_object(Bucket=scene.warden.bucket, Key=key)
    scene.wait_for(lambda: ("resolved", "waiver-file-invalid") in scene.about(notifier))


def test_a_silence_keeps_quiet_and_what_still_holds_is_told_when_it_ends(scene: Scene) -> None:
    made = read(scene, "silence", "--function", "hushed", "--for", "1h", "--reason", "a test")
    scene.create("hushed", package(), {"environment": "production"})
    wait_until(lambda: bool(of(scene, "hushed", "--state", "muted")), "it was not silenced")
    scene.settle()
    assert scene.about("hushed") == []
    read(scene, "silence", "--end", made["id"])
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("hushed"))


def test_people_get_tables_and_sentences(scene: Scene) -> None:
    scene.create("tabled", package(), {"environment": "production"})
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("tabled"))
    table = warden(scene, "alerts", "--function", "tabled", "--format", "table", COLUMNS="140")
    assert table.returncode == 1
    assert table.stdout.splitlines()[0].startswith("ALERT")
    assert "tabled" in table.stdout


def test_a_name_that_matches_nothing_is_status_2(scene: Scene) -> None:
    for words, sentence in (
        (("alerts", "--stack", "no-such-stack"), "There is no stack no-such-stack"),
        (("alerts", "--function", "no-such-function"), "There is no function no-such-function"),
        (("flows", "no-such-function"), "There is no function no-such-function"),
        (("guard", "release", "no-such-function"), "There is no function no-such-function"),
        (("guard", "status", "--table", "no-such-table"), "There is no table no-such-table"),
        (("backtest", "no-such-function", "--no-plot"), "AWS knows no such function"),
    ):
        done = warden(scene, *words)
        assert done.returncode == 2, done.stderr
        assert sentence in " ".join(done.stderr.split())
        assert done.stdout == ""


def _of_files(scene: Scene) -> list[Any]:
    return [one for one in read(scene, "waive", "--list") if one["source"]]
