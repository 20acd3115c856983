"""Alerts about events that nobody reads: said once, kept while they come, over a day later."""

from dataclasses import replace

import pytest

from functions.notifier import unknown_events
from functions.notifier.past_events import resolve_past_events
from functions.scanner import foreign_event
from functions.shared.config import NotificationPolicy, WardenConfig
from functions.shared.events.envelope import Envelope
from tests.unit.conftest import World
from tests.unit.notifier.scene import Scene, function

ELSEWHERE = replace(function("orders"), account="999999999999")
UNKNOWN = Envelope.model_validate(
    {"source": "aws.lambda", "detail-type": "Function Pool Status Change", "detail": {}}
)


@pytest.fixture
def config() -> WardenConfig:
    """What is of low severity is told, too."""
    return WardenConfig(notifications=NotificationPolicy(at_once_from="info"))


def test_a_flood_of_foreign_events_is_one_alert_and_one_write_an_hour(world: World) -> None:
    scene = Scene.of(world)
    for number in range(100):
        nobody = replace(ELSEWHERE, account=f"{number:012}")
        foreign_event.report(nobody, world.warden, scene.now)
    [stored] = world.warden.stored_alerts.of(world.warden.own_function("scanner"))
    assert stored.alert.count == 1
    assert [one[2] for one in scene.pass_time(minutes=5)] == ["foreign-event"]
    scene.wait(hours=1)
    foreign_event.report(ELSEWHERE, world.warden, scene.now)
    assert scene.pass_time(minutes=5) == []


def test_what_comes_no_more_is_over_after_a_day(world: World) -> None:
    scene = Scene.of(world)
    foreign_event.report(ELSEWHERE, world.warden, scene.now)
    unknown_events.report(UNKNOWN, world.warden, scene.now)
    scene.judge("orders", scene.find("orders"))
    scene.pass_time(minutes=5)
    scene.wait(hours=20)
    unknown_events.report(UNKNOWN, world.warden, scene.now)
    scene.wait(hours=4)
    resolve_past_events(world.warden, scene.now)
    ended = [one for one in scene.pass_time(minutes=5) if one[0] == "resolved"]
    assert [rule for _, _, rule in ended] == ["foreign-event"]
    scene.wait(hours=20)
    resolve_past_events(world.warden, scene.now)
    ended = [one for one in scene.pass_time(minutes=5) if one[0] == "resolved"]
    assert [rule for _, _, rule in ended] == ["unknown-event"]
