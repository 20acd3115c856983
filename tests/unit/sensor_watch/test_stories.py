"""What people are told of what the sensor saw, over days."""

import io
from datetime import datetime, timedelta

import pytest

from functions.sensor_watch.handler import MOST_AT_ONCE, take_in
from functions.shared.config import SensorSettings, WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.sensor.delivery import read_delivery
from functions.shared.sensor.store import SensorStore
from tests.unit.conftest import ACCOUNT, NOW, REGION, World
from tests.unit.shared.sensor_lines import delivery, line

ORDERS = FunctionArn.parse("orders", account=ACCOUNT, region=REGION)
START = line("start", policy=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def config() -> WardenConfig:
    return WardenConfig(sensor=SensorSettings(enabled=True))


@pytest.fixture(autouse=True)
def orders(world: World) -> None:
    """The function that is watched is known since before it had the sensor."""
    world.warden.records.met(ORDERS, NOW - 50 * DAY)


def arrive(world: World, at: datetime, *messages: str, group: str = "/aws/lambda/orders") -> None:
    event = delivery(*messages, at=at, group=group)
    found = read_delivery(event, region=REGION, now=at)
    assert found is not None
    take_in(found, world.warden, at)


def learnt(world: World) -> datetime:
    """A function that has had the sensor for forty days; now."""
    arrive(world, NOW - 40 * DAY, line("connect", name="db.internal:5432"), START)
    arrive(world, NOW - DAY, START)
    assert world.published() == []
    return NOW


def test_the_first_program_in_forty_days_is_critical(world: World) -> None:
    now = learnt(world)
    arrive(world, now, line("program", name="/bin/sh", argc=2))
    (alert,) = world.published()
    assert (alert["rule"], alert["severity"]) == ("unexpected-program", "critical")
    assert "/bin/sh" in alert["reason"]
    assert "40 days with the sensor" in alert["reason"]


def test_after_a_deployment_it_is_information(world: World) -> None:
    now = learnt(world)
    world.warden.records.remember_deployment(ORDERS, now - 3 * MINUTE, "ci-deploy")
    arrive(world, now, line("program", name="/opt/bin/ffmpeg"))
    (alert,) = world.published()
    assert (alert["severity"], alert["event"]) == ("info", "opened")
    assert "3 minutes after the last deployment by ci-deploy" in alert["reason"]


def test_what_is_learnt_is_silent_and_what_stays_becomes_usual(world: World) -> None:
    arrive(world, NOW - 40 * DAY, START, line("program", name="/usr/bin/git"))
    arrive(world, NOW, line("program", name="/usr/bin/git"))
    assert world.published() == []
    arrive(world, NOW, line("program", name="/usr/bin/curl"))
    assert [one["severity"] for one in world.published()] == ["high"]
    arrive(world, NOW + 8 * DAY, line("program", name="/usr/bin/curl"))
    assert world.announced() == [("resolved", "high", "unexpected-program")]


def test_a_violation_is_told_while_others_are_still_learnt(world: World) -> None:
    arrive(world, NOW, START, line("program", did="blocked", name="/bin/sh"))
    arrive(world, NOW, line("read", name="/proc/*/environ", place="process environment"))
    (alert,) = world.published()
    assert alert["title"].startswith("Blocked: started /bin/sh")


def test_a_delivery_that_arrives_twice_is_told_once(world: World) -> None:
    now = learnt(world)
    for _ in range(2):
        arrive(world, now, line("program", name="/bin/sh"))
    assert len(world.published()) == 1


def test_a_second_program_updates_the_alert_of_the_first(world: World) -> None:
    now = learnt(world)
    arrive(world, now, line("program", name="/bin/sh"))
    assert [one["event"] for one in world.published()] == ["opened"]
    arrive(world, now + MINUTE, line("program", name="/usr/bin/curl"))
    assert [one["event"] for one in world.published()] == ["updated"]


def test_a_flood_of_forged_lines_is_bounded_and_told(world: World) -> None:
    now = learnt(world)
    arrive(world, now, *(line("connect", name=f"host-{n}.example.com:443") for n in range(400)))
    store = SensorStore(world.warden.table, 90 * DAY)
    assert len(store.seen(ORDERS)) <= MOST_AT_ONCE + 1
    assert {one["rule"] for one in world.published()} == {"unexpected-connection", "sensor-gap"}


def test_a_wrong_policy_is_told_and_its_correction_too(world: World) -> None:
    arrive(world, NOW, line("start", policy=1, wrong="programs=blok"))
    assert world.announced() == [("opened", "high", "sensor-gap")]
    arrive(world, NOW + MINUTE, START)
    assert world.announced() == [("resolved", "high", "sensor-gap")]


def test_wardens_own_functions_and_ordinary_lines_cost_nothing(world: World) -> None:
    sight = line("program", did="blocked", name="/bin/sh")
    arrive(world, NOW, START, sight, group="/aws/lambda/lambda-warden-scanner")
    arrive(world, NOW, "the warden_sensor was mentioned")
    assert world.published() == []
    kept = [one["sk"] for one in world.warden.table.query(f"FUNCTION#{ORDERS}")]
    assert kept == ["RECORD"]


def test_credentials_in_a_line_reach_nobody(world: World) -> None:
    now = learnt(world)
    token = "ghp_" + "a1" * 18
    arrive(world, now, line("program", name=f"/tmp/{token}", args=f"--token={token}"))
    (alert,) = world.published()
    assert token not in str(alert)
    assert "ghp_***" in str(alert)


@pytest.mark.parametrize(
    ("owner", "group"),
    [(ACCOUNT, "/aws/lambda/nobody"), ("999999999999", "/aws/lambda/orders")],
)
def test_lines_of_no_function_that_is_watched_are_believed_by_nobody(
    world: World, log: io.StringIO, owner: str, group: str
) -> None:
    """Whoever may invoke the sensor-watch says whose lines they are."""
    messages = (START, line("program", name="/bin/sh"))
    event = delivery(*messages, at=NOW, group=group, owner=owner)
    found = read_delivery(event, region=REGION, now=NOW)
    assert found is not None
    take_in(found, world.warden, NOW)
    assert world.published() == []
    assert SensorStore(world.warden.table, DAY).seen(found.function) == []
    assert "log lines dropped" in log.getvalue()


def test_a_function_that_nobody_met_yet_is_asked_for(world: World) -> None:
    world.create_function("new")
    arrive(world, NOW, START, line("program", name="/bin/sh"), group="/aws/lambda/new")
    seen = SensorStore(world.warden.table, DAY).seen(ORDERS)
    assert seen == []
    new = FunctionArn.parse("new", account=ACCOUNT, region=REGION)
    assert len(SensorStore(world.warden.table, DAY).seen(new)) == 1
