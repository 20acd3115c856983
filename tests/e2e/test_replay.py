"""`make replay` with the sample files, and with files that are none."""

import json
from typing import Any

import pytest

from demo.project import ROOT
from tests.e2e.commands import Ended, folders, run

pytestmark = pytest.mark.e2e

EVENTS = ROOT / "demo" / "events"


def replayed(name: str) -> tuple[Ended, list[dict[str, Any]]]:
    ended = run("warden", "replay", str(EVENTS / name))
    return ended, [json.loads(line) for line in ended.output.splitlines()]


def test_alerts_are_the_only_thing_on_standard_output() -> None:
    before = folders("replay")
    ended, alerts = replayed("cloudtrail.json")
    assert ended.status == 0, ended.errors
    found = {(alert["function"]["name"], alert["rule"], alert["severity"]) for alert in alerts}
    assert found >= {
        ("newsletter", "world-open-policy", "critical"),
        ("feedback-form", "open-function-url", "high"),
        ("thumbnailer", "foreign-access", "medium"),
        ("ledger-sync", "retired-runtime", "medium"),
        ("ledger-sync", "unread-function", "low"),
    }
    assert {alert["function"]["account"] for alert in alerts} == {"210987654321"}
    assert len({alert["fingerprint"] for alert in alerts}) == len(alerts), "told twice"
    for reason in ("the call failed (AccessDenied)", "read-only call (GetFunction)", "aws.s3"):
        assert reason in ended.errors
    assert folders("replay") == before


def test_what_cannot_be_handled_is_named_with_its_reason_and_the_rest_goes_on() -> None:
    ended, alerts = replayed("damaged.json")
    assert ended.status == 1, ended.errors
    found = {(alert["function"]["name"], alert["rule"]) for alert in alerts}
    assert ("newsletter", "world-open-policy") in found, ended.errors
    assert "detail.requestParameters.functionName: missing" in ended.errors


def test_events_of_the_bus_are_taken_as_they_are() -> None:
    ended, alerts = replayed("eventbridge.json")
    assert ended.status == 0, ended.errors
    assert {alert["function"]["name"] for alert in alerts} == {"newsletter", "feedback-form"}
    assert "ignored 1: event of another source (aws.ec2)" in ended.errors


@pytest.mark.parametrize("name", ["pyproject.toml", "no-such-file.json"])
def test_a_file_without_events_is_refused_at_once(name: str) -> None:
    ended = run("warden", "replay", str(ROOT / name), seconds=20)
    assert ended.status == 2
    assert not ended.output
    assert name in ended.errors
