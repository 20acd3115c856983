"""How much is open, counted for the dashboard."""

import io
import json

from functions.notifier.gauges import log_what_is_open
from functions.shared.alerting.finding import Kind
from functions.shared.core.severity import Severity
from tests.unit.conftest import World
from tests.unit.notifier.scene import Scene


def test_every_severity_is_logged_zeros_too_and_no_metric_is_made(
    world: World, log: io.StringIO
) -> None:
    scene = Scene.of(world)
    scene.judge("orders", scene.find("orders", severity=Severity.CRITICAL))
    scene.judge("films", scene.find("films", kind=Kind.COVERAGE), owner="media")
    scene.judge("over", scene.find("over"))
    scene.judge("over")
    log.truncate(log.seek(0))
    counted = log_what_is_open(world.warden)
    assert counted == {
        "open_info": 0,
        "open_low": 0,
        "open_medium": 0,
        "open_high": 1,
        "open_critical": 1,
        "muted": 0,
        "in_force": 0,
        "not_looked_at": 1,
    }
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["message"] == "open alerts counted"
    assert counted.items() <= line.items()
    assert "_aws" not in line
