"""`warden sensor`: dry first, written down before, undone exactly."""

import json

import pytest

from functions.shared.core.arn import FunctionArn
from functions.shared.sensor.line import Did, Kind, Sighting, Start
from tests.unit.conftest import NOW
from tests.unit.warden.conftest import Desk
from warden import sensors

PRELOAD = "/opt/warden/$PLATFORM/sensor.so"


@pytest.fixture
def function(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> FunctionArn:
    aws = desk.world.warden.aws
    made = desk.world.create_function("checkout")
    desk.world.create_function("lambda-warden-sensor-watch")
    aws.lambda_.update_function_configuration(
        FunctionName="checkout",
        Environment={"Variables": {"STAGE": "prod", "LD_PRELOAD": "/opt/other.so"}},
    )
    layer = aws.lambda_.publish_layer_version(LayerName="sensor", Content={"ZipFile": b"x"})
    monkeypatch.setattr(sensors, "layer_of", lambda _: layer["LayerVersionArn"])
    aws.logs.create_log_group(logGroupName="/aws/lambda/checkout")
    return made


def variables(desk: Desk) -> dict[str, str]:
    found = desk.world.warden.aws.lambda_.get_function_configuration(FunctionName="checkout")
    return dict(found["Environment"]["Variables"])


def filters(desk: Desk) -> list[str]:
    answer = desk.world.warden.aws.logs.describe_subscription_filters(
        logGroupName="/aws/lambda/checkout"
    )
    return [one["filterName"] for one in answer["subscriptionFilters"]]


def test_without_yes_it_says_what_it_would_do(desk: Desk, function: FunctionArn) -> None:
    said = desk.look("sensor", "attach", "checkout", "--policy", "program=block")
    assert f"+ LD_PRELOAD={PRELOAD}:/opt/other.so" in said
    assert "+ WARDEN_SENSOR_POLICY=program=block" in said
    assert "STAGE" not in said
    assert variables(desk) == {"STAGE": "prod", "LD_PRELOAD": "/opt/other.so"}
    assert filters(desk) == []


def test_what_is_done_is_written_down_and_undone(desk: Desk, function: FunctionArn) -> None:
    before = variables(desk)
    assert desk.read("sensor", "attach", "checkout", "--policy", "read=alert", "--yes")["done"]
    assert variables(desk)["LD_PRELOAD"] == f"{PRELOAD}:/opt/other.so"
    assert filters(desk) == ["lambda-warden-sensor"]
    record = sensors.record(desk.world.warden, function)
    assert (record["stage"], json.loads(str(record["before"]))) == (
        "attached",
        {"LD_PRELOAD": "/opt/other.so"},
    )
    desk.read("sensor", "attach", "checkout", "--policy", "program=block", "--yes")
    desk.read("sensor", "detach", "checkout", "--yes")
    assert variables(desk) == before
    assert filters(desk) == []
    found = desk.world.warden.aws.lambda_.get_function_configuration(FunctionName="checkout")
    assert found.get("Layers", []) == []


def test_what_somebody_changed_since_stays(desk: Desk, function: FunctionArn) -> None:
    desk.read("sensor", "attach", "checkout", "--yes")
    changed = variables(desk) | {"STAGE": "next", "LD_PRELOAD": f"/opt/newer.so:{PRELOAD}"}
    desk.world.warden.aws.lambda_.update_function_configuration(
        FunctionName="checkout", Environment={"Variables": changed}
    )
    desk.read("sensor", "detach", "checkout", "--yes")
    assert variables(desk) == {"STAGE": "next", "LD_PRELOAD": "/opt/newer.so"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("attach", "nowhere"), "no function nowhere"),
        (("attach", "lambda-warden-sensor-watch"), "Warden's own"),
        (("attach", "checkout", "--policy", "program=stop"), "program=stop"),
        (("attach", "checkout", "--policy", "read=alert:" + ",".join(["x" * 99] * 40)), "policy"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], why: str, desk: Desk, function: FunctionArn
) -> None:
    assert why in desk.refused("sensor", *arguments)


def test_a_runtime_that_compiles_is_not_stopped_from_it(desk: Desk, function: FunctionArn) -> None:
    desk.world.create_function("shop", runtime="nodejs22.x")
    assert "code=block:anonymous" in desk.refused(
        "sensor", "attach", "shop", "--policy", "code=block"
    )


def test_what_was_learnt_is_proposed_and_compared(desk: Desk, function: FunctionArn) -> None:
    store = sensors.store(desk.world.warden)
    store.started(function, Start(policy=1), NOW)
    store.remember(function, Sighting(Kind.PROGRAM, Did.SEEN, name="/usr/bin/git"), NOW)
    store.remember(function, Sighting(Kind.PROGRAM, Did.BLOCKED, name="/bin/sh"), NOW)
    answer = desk.read("sensor", "policy", "checkout", "--mode", "block")
    assert "program=block:/usr/bin/git" in answer["policy"]
    assert "/bin/sh" not in answer["policy"]
    assert "program: allow /usr/bin/git" in answer["added"]
    status = desk.read("sensor", "status", "checkout")
    assert status["attached"] is False
    assert "program blocked /bin/sh" in status["seen"]
