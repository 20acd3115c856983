"""How much is open, counted for the dashboard."""

import json
from datetime import UTC, datetime

import pytest

from functions.notifier.gauges import publish_gauges
from functions.shared.alerting.finding import Kind
from functions.shared.severity import Severity
from tests.unit.conftest import World
from tests.unit.notifier.scene import Scene


def test_every_severity_is_published_zeros_too(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene.of(world)
    scene.judge("orders", scene.find("orders", severity=Severity.CRITICAL))
    scene.judge("films", scene.find("films", kind=Kind.COVERAGE), owner="media")
    scene.judge("over", scene.find("over"))
    scene.judge("over")
    capsys.readouterr()
    published = publish_gauges(world.warden, datetime.now(UTC))
    assert published == {
        "OpenAlerts info": 0,
        "OpenAlerts low": 0,
        "OpenAlerts medium": 0,
        "OpenAlerts high": 1,
        "OpenAlerts critical": 1,
        "MutedAlerts": 0,
        "Enforcements": 0,
        "CoverageGaps": 1,
    }
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["severity"]: one["OpenAlerts"] for one in written if "severity" in one} == {
        "info": [0.0], "low": [0.0], "medium": [0.0], "high": [1.0], "critical": [1.0],
    }  # fmt: skip
    assert {one["_aws"]["CloudWatchMetrics"][0]["Namespace"] for one in written} == {"LambdaWarden"}
