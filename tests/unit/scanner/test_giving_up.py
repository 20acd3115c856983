"""A look that failed for the last time is said of its function, and ends with the next good one."""

import json
from typing import Any

import pytest

from functions.scanner import gather
from functions.scanner import handler as handler_module
from functions.scanner.handler import handler
from functions.shared.core.arn import FunctionArn
from functions.shared.events.read import observation
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail


class _Context:
    """What Lambda says of an invocation."""

    function_name = "lambda-warden-scanner"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:lambda-warden-scanner"
    aws_request_id = "r-1"


@pytest.fixture(autouse=True)
def deployed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_module, "deployment", lambda: world.warden)


def fail(*_: object) -> Any:
    raise MemoryError


def open_causes(world: World, function: FunctionArn) -> list[str]:
    stored = world.warden.stored_alerts.of(function)
    return [
        str(one.alert.finding.evidence["cause"])
        for one in stored
        if one.alert.is_open and one.alert.finding.subject == "look"
    ]


def deliver(world: World, function: FunctionArn, deliveries: int) -> None:
    batch = world.hand_over(json.dumps(observation(function, NOW)), deliveries=deliveries)
    assert handler(batch, _Context()) == {"batchItemFailures": []}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deliveries", "cause"),
    [(4, "failed 4 times, last with MemoryError"), (5, "was delivered 4 times without an end")],
)
def test_a_look_given_up_is_a_finding_with_its_cause_until_a_look_succeeds(
    world: World, monkeypatch: pytest.MonkeyPatch, deliveries: int, cause: str
) -> None:
    function = world.create_function("orders")
    deliver(world, function, 1)
    assert open_causes(world, function) == []
    with monkeypatch.context() as broken:
        broken.setattr(gather, "outside", fail)
        world.warden.records.remember_scan(function, "")
        deliver(world, function, deliveries)
    [said] = open_causes(world, function)
    assert said.startswith(cause)
    deliver(world, function, 1)
    assert open_causes(world, function) == []


def test_a_look_given_up_resolves_nothing_that_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = world.create_function("orders")
    deliver(world, function, 1)
    before = {one.key for one in world.warden.stored_alerts.of(function) if one.alert.is_open}
    monkeypatch.setattr(gather, "outside", fail)
    world.warden.records.remember_scan(function, "")
    deliver(world, function, 4)
    after = {one.key for one in world.warden.stored_alerts.of(function) if one.alert.is_open}
    assert before < after


def test_what_is_about_no_function_is_set_aside_all_the_same(world: World) -> None:
    deletion = cloudtrail("DeleteFunction20150331", {"functionName": "gone"})
    other = {"source": "aws.s3", "detail-type": "Object Created", "detail": {}}
    batch = world.hand_over(json.dumps(deletion), json.dumps(other), "{", deliveries=5)
    assert handler(batch, _Context()) == {"batchItemFailures": []}  # type: ignore[arg-type]
    letters = world.drain_with_attributes(world.warden.settings.dead_letter_url)
    assert len(letters) == 3
