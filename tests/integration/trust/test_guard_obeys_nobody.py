"""Messages, invocations and events of others move the guard to nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import QuarantineRequest, ReasonOver, Runaway, message
from tests.integration.stack.scene import Scene, package
from tests.integration.trust.attacker import Attacker
from tests.unit.shared.events import cloudtrail

TAGS = {"owner": "shop", "environment": "production"}
LAB = {
    "owner": "lab",
    "environment": "experimental",
    "expiry": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
}
GUARD = "lambda-warden-guard"


@pytest.fixture(scope="module")
def attacker(scene: Scene) -> Attacker:
    return Attacker.of(scene)


@pytest.fixture(scope="module")
def detector(scene: Scene) -> Attacker:
    """The detector's role: what a part that was taken over, or has a bug, can send."""
    return Attacker.in_the_role_of(scene, "anomaly-detector")


def reserved(scene: Scene, name: str) -> int | None:
    answer = scene.aws.client("lambda").get_function_concurrency(FunctionName=name)
    value = answer.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)


def invoke(attacker: Attacker, event: object) -> Any:
    answer = attacker.client("lambda").invoke(FunctionName=GUARD, Payload=json.dumps(event))
    return json.loads(answer["Payload"].read() or b"null")


def confirmed(function: FunctionArn, **more: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    request = Runaway(since=now, concurrency=900, usual_peak=1, **more)
    return message(function, request, now)


def confirm_until_capped(scene: Scene, detector: Attacker, victim: FunctionArn) -> None:
    scene.confirm_until_capped(
        victim.name, lambda: detector.send(scene.warden.guard.queue, confirmed(victim))
    )


def test_nobody_but_wardens_parts_can_write_to_the_guards_queue(
    scene: Scene, attacker: Attacker
) -> None:
    victim = FunctionArn.parse(scene.create("never-invoked", package(), TAGS))
    now = datetime.now(UTC)
    asked = QuarantineRequest(cause=QuarantineReason.KNOWN_EXPLOITED, reason="CVE-2021-44228.")
    over = ReasonOver(cause=QuarantineReason.LIFECYCLE, reason="It is fine.")
    for forged in (
        confirmed(victim),
        message(victim, asked, now),
        message(victim, over, now),
        {"source": "lambda.warden", "detail-type": "Guard Tick", "detail": {}},
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            attacker.send(scene.warden.guard.queue, forged)
    for queue in (scene.warden.scanner, scene.warden.tag_enforcer, scene.warden.anomaly_detector):
        with pytest.raises(ClientError, match="AccessDenied"):
            attacker.send(queue.queue, confirmed(victim))
    assert reserved(scene, "never-invoked") is None


def test_what_comes_past_the_queue_is_held_against_its_sender(
    scene: Scene, attacker: Attacker
) -> None:
    """Whoever may invoke the guard can hand it what looks like messages of SQS."""
    victim = FunctionArn.parse(scene.create("handed-over", package(), TAGS))
    scene.show_at_once("handed-over", 900)
    record = {
        "messageId": "m-1",
        "body": json.dumps(confirmed(victim)),
        "attributes": {"ApproximateReceiveCount": "1", "SenderId": "AROAFORGED:guard"},
        "eventSource": "aws:sqs",
    }
    invoke(attacker, {"Records": [record]})
    scene.settle()
    assert reserved(scene, "handed-over") is None


def test_the_detectors_own_word_is_held_against_the_metrics(
    scene: Scene, detector: Attacker
) -> None:
    idle = FunctionArn.parse(scene.create("idle", package(), LAB))
    busy = FunctionArn.parse(scene.create("busy", package(), LAB))
    scene.show_at_once("busy", 900)
    detector.send(scene.warden.guard.queue, confirmed(idle))
    confirm_until_capped(scene, detector, busy)
    scene.wait_for(lambda: ("opened", "runaway-not-capped") in scene.about("idle"))
    assert (reserved(scene, "busy"), reserved(scene, "idle")) == (5, None)
    assert "CloudWatch does not show" in scene.alert("idle", "runaway-not-capped").reason


def test_a_part_asks_for_no_more_than_its_own_reasons(scene: Scene, detector: Attacker) -> None:
    victim = FunctionArn.parse(scene.create("not-its-business", package(), LAB))
    request = QuarantineRequest(cause=QuarantineReason.LIFECYCLE, reason="Expired.")
    detector.send(scene.warden.guard.queue, message(victim, request, datetime.now(UTC)))
    scene.wait_for(lambda: bool(scene.reasons_of_dead_letters()))
    assert reserved(scene, "not-its-business") is None


def test_a_forged_event_of_cloudtrail_sets_and_frees_nothing(
    scene: Scene, detector: Attacker
) -> None:
    """Told by a role that may write to the queue, so that only the claim itself is at stake."""
    victim = FunctionArn.parse(scene.create("framed", package(), LAB))
    scene.show_at_once("framed", 900)
    confirm_until_capped(scene, detector, victim)
    for value in (900, 5):
        later = datetime.now(UTC) + timedelta(seconds=30)
        event = cloudtrail(
            "PutFunctionConcurrency20171031",
            {"functionName": "framed", "reservedConcurrentExecutions": value},
            eventTime=later.isoformat(),
            awsRegion=scene.aws.region,
            recipientAccountId=scene.aws.account,
        )
        detector.send(scene.warden.guard.queue, event)
    scene.wait_for(lambda: ("opened", "concurrency-capped") in scene.about("framed"))
    scene.settle(but=scene.warden.guard)
    assert reserved(scene, "framed") == 5
    assert ("resolved", "concurrency-capped") not in scene.about("framed")


def test_invoking_the_removal_hook_lets_nothing_go_and_calls_nobody(
    scene: Scene, attacker: Attacker
) -> None:
    endpoint = scene.aws.environment()["AWS_ENDPOINT_URL"]
    cloudformation = scene.aws.client("cloudformation")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName="lambda-warden")
    stack = cloudformation.describe_stacks(StackName="lambda-warden")
    (veto,) = (
        one
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == "Custom::GuardRelease"
    )
    event = {
        "RequestType": "Delete",
        "StackId": stack["Stacks"][0]["StackId"],
        "RequestId": "r",
        "LogicalResourceId": veto["LogicalResourceId"],
        "PhysicalResourceId": veto["PhysicalResourceId"],
    }
    for url in ("file:///etc/passwd", "http://169.254.169.254/latest", "https://evil.example/x"):
        assert invoke(attacker, {**event, "ResponseURL": url}) == "REFUSED"
    # Even with an address that CloudFormation could have given.
    ours = f"{endpoint}/_ministack/cfn-response/forged"
    assert invoke(attacker, {**event, "ResponseURL": ours}) != "SUCCESS"
    dynamodb = scene.aws.client("dynamodb")
    tables = dynamodb.list_tables()["TableNames"]
    key = {"pk": {"S": "GUARD"}, "sk": {"S": "SWITCH"}}
    (table,) = (one for one in tables if "State" in one)
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key)


def test_a_name_like_wardens_own_protects_no_function(scene: Scene, detector: Attacker) -> None:
    victim = FunctionArn.parse(scene.create("lambda-warden-miner", package(), LAB))
    scene.show_at_once("lambda-warden-miner", 900)
    confirm_until_capped(scene, detector, victim)
    assert reserved(scene, "lambda-warden-miner") == 5


def test_while_the_switch_is_set_an_alert_stands(scene: Scene) -> None:
    (table,) = (
        one for one in scene.aws.client("dynamodb").list_tables()["TableNames"] if "State" in one
    )
    key = {"pk": {"S": "GUARD"}, "sk": {"S": "SWITCH"}}
    dynamodb = scene.aws.client("dynamodb")
    dynamodb.put_item(TableName=table, Item={**key, "stopped": {"BOOL": True}, "by": {"S": "eve"}})
    tick = {"source": "lambda.warden", "detail-type": "Guard Tick", "detail": {}}
    scene.send(scene.warden.guard, tick)
    scene.wait_for(lambda: ("opened", "guard-stopped") in scene.about(GUARD))
    assert "eve" in scene.alert(GUARD, "guard-stopped").reason
    dynamodb.delete_item(TableName=table, Key=key)
    scene.send(scene.warden.guard, tick)
    scene.wait_for(lambda: ("resolved", "guard-stopped") in scene.about(GUARD))
