"""The guard on a local AWS: killed anywhere it recovers, and a person can stop and undo it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.guard.commands import status
from functions.guard.guard import Guard
from functions.guard.ledger import LEASE
from functions.guard.sweep import sweep
from functions.shared.aws.clients import Aws
from functions.shared.aws.settings import Settings
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import Runaway, message
from functions.shared.runtime.deployment import Deployment
from tests.integration.stack.scene import Scene, package
from tests.unit.shared.events import sqs_batch

TAGS = {
    "owner": "lab",
    "environment": "experimental",
    "expiry": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
}
PREVIOUS = 30
GUARD = "lambda-warden-guard"


@pytest.fixture(scope="module")
def variables(scene: Scene) -> dict[str, str]:
    """The environment of the deployed guard, with room for many actions."""
    found = scene.aws.client("lambda").get_function_configuration(FunctionName=GUARD)
    variables = {str(k): str(v) for k, v in found["Environment"]["Variables"].items()}
    config = json.loads(variables["WARDEN_CONFIG"])
    config["guard"]["actions_per_hour"] = 1000
    return {**variables, "WARDEN_CONFIG": json.dumps(config)}


@pytest.fixture
def guard(scene: Scene, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Guard:
    """The deployment's guard in this process."""
    for name, value in scene.aws.environment().items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_environment({**variables, "AWS_REGION": scene.aws.region})
    return Guard(Deployment(settings, Aws(scene.aws.region)))


def confirmed(scene: Scene, function: FunctionArn, queue: str) -> dict[str, Any]:
    """The detector's message about a runaway, as SQS delivers it out of a queue."""
    now = datetime.now(UTC)
    request = Runaway(since=now, concurrency=400, usual_peak=4)
    scene.show_at_once(function.name, 400)
    keys, body = scene.keys_of("anomaly-detector"), json.dumps(message(function, request, now))
    sqs = scene.aws.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody=body)
    (received,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    identity = scene.aws.client("sts", **keys).get_caller_identity()["UserId"]
    return sqs_batch(body, sender=identity, receipt=received["ReceiptHandle"])


def confirm_until_capped(scene: Scene, function: FunctionArn) -> None:
    def confirm() -> None:
        now = datetime.now(UTC)
        scene.show_at_once(function.name, 400)
        request = Runaway(since=now, concurrency=400, usual_peak=4)
        scene.send(scene.warden.guard, message(function, request, now))

    scene.confirm_until_capped(function.name, confirm)


def handled(scene: Scene, variables: dict[str, str], event: dict[str, Any], kill_at: int) -> int:
    """Run the handler in a process that dies at a call; its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.stack.killed", str(kill_at)],
        input=json.dumps(event),
        env={**scene.aws.process_environment(), **variables, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {0, -9}, done.stdout + done.stderr
    return done.returncode


def reserved(scene: Scene, name: str) -> int | None:
    answer = scene.aws.client("lambda").get_function_concurrency(FunctionName=name)
    value = answer.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)


def forget_actions(scene: Scene, guard: Guard) -> None:
    """Give the hour its actions back, which the deployed guard counts, too."""
    dynamodb, table = scene.aws.client("dynamodb"), guard.warden.settings.table
    for item in guard.warden.table.query("CAP_SLOTS", "0"):
        key = {"pk": {"S": "CAP_SLOTS"}, "sk": {"S": str(item["sk"])}}
        dynamodb.delete_item(TableName=table, Key=key)


def test_killed_at_any_call_the_truth_comes_back(
    scene: Scene, variables: dict[str, str], guard: Guard
) -> None:
    ended = False
    outcomes = set()
    forget_actions(scene, guard)
    # Of its own, or the deployed guard would take the messages.
    queue = scene.aws.client("sqs").create_queue(QueueName="killed")["QueueUrl"]
    variables = {**variables, "WARDEN_QUEUE_URL": queue}
    for number in range(60):
        name = f"victim-{number}"
        function = FunctionArn.parse(scene.create(name, package(), TAGS))
        scene.aws.client("lambda").put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=PREVIOUS
        )
        ended = handled(scene, variables, confirmed(scene, function, queue), number) == 0
        value = reserved(scene, name)
        record = guard.ledger.get(function)
        outcomes.add((value, record.stage.value if record else ""))
        if value != PREVIOUS:
            assert record is not None, "nothing is set that is not written down"
            assert (record.is_standing, record.value, record.previous) == (True, value, PREVIOUS)
        now = datetime.now(UTC)
        sweep(guard, now + LEASE)
        sweep(guard, now + timedelta(days=1))
        assert reserved(scene, name) == PREVIOUS, f"killed at call {number}"
        assert guard.ledger.in_force(function) is None
        scene.aws.client("lambda").delete_function(FunctionName=name)
        if ended:
            break
    forget_actions(scene, guard)
    # The deployed guard hears of these settings, too, and may have met a lease of who was killed.
    # It would try again in twelve minutes, and settle nothing until then.
    scene.aws.client("sqs").purge_queue(QueueUrl=scene.warden.guard.queue)
    assert ended, "it never came to its end"
    assert {(8, "intended"), (8, "applied"), (PREVIOUS, "intended"), (PREVIOUS, "")} <= outcomes


def shell(scene: Scene, *words: str) -> tuple[int, Any]:
    """A person's command; its exit code and answer."""
    done = subprocess.run(
        [sys.executable, "-m", "warden", "guard", *words],
        env=scene.aws.process_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_person_stops_and_restores_everything_while_the_guards_function_is_broken(
    scene: Scene, guard: Guard
) -> None:
    function = FunctionArn.parse(scene.create("runner", package(), TAGS))
    scene.settle()
    confirm_until_capped(scene, function)
    assert reserved(scene, "runner") == 8

    client = scene.aws.client("lambda")
    client.update_function_configuration(FunctionName=GUARD, Handler="gone.handler")
    try:
        code, answer = shell(scene, "release", "--all")
        assert code == 0, answer
        assert reserved(scene, "runner") is None
        assert status(guard)["switch"]["stopped"] is True
        assert shell(scene, "status")[1]["standing"] == []
        _, entries = shell(scene, "audit", "runner")
        assert [one["decision"] for one in entries] == ["limit", "restore"]
        assert entries[0]["answered"].startswith("200")
    finally:
        client.update_function_configuration(
            FunctionName=GUARD, Handler="functions.guard.handler.handler"
        )
        # What failed meanwhile would come back in twelve minutes, and settle nothing until then.
        scene.aws.client("sqs").purge_queue(QueueUrl=scene.warden.guard.queue)
    scene.wait_for(lambda: ("resolved", "concurrency-capped") in scene.about("runner"))

    other = FunctionArn.parse(scene.create("runner-2", package(), TAGS))
    request = Runaway(since=datetime.now(UTC), concurrency=400, usual_peak=4)
    scene.show_at_once(other.name, 400)
    scene.send(scene.warden.guard, message(other, request, datetime.now(UTC)))
    scene.wait_for(lambda: ("opened", "runaway-not-capped") in scene.about("runner-2"))
    assert "stopped all actions" in scene.alert("runner-2", "runaway-not-capped").reason
    assert reserved(scene, "runner-2") is None
    assert shell(scene, "resume", "--why", "over")[0] == 0
    assert status(guard)["switch"]["stopped"] is False


def test_a_persons_setting_ends_the_guards_at_once(scene: Scene) -> None:
    function = FunctionArn.parse(scene.create("taken-back", package(), TAGS))
    scene.settle()
    confirm_until_capped(scene, function)
    # CloudTrail's times are whole seconds: let the guard's own second pass.
    scene.settle()
    scene.aws.client("lambda").put_function_concurrency(
        FunctionName="taken-back", ReservedConcurrentExecutions=50
    )
    scene.wait_for(lambda: ("resolved", "concurrency-capped") in scene.about("taken-back"))
    assert reserved(scene, "taken-back") == 50
    assert scene.reasons_of_dead_letters() == []
