"""Stories of functions whose tags are late, lost, or held against a tighter policy."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.notifier.channels.every import Channels
from functions.notifier.run import run
from functions.shared.core.arn import FunctionArn
from functions.shared.events.read import observation
from functions.shared.policy.read import DEFAULT
from functions.shared.policy.upload import KEY
from functions.tag_enforcer.gather import Stacks
from functions.tag_enforcer.handler import enforce
from functions.tag_enforcer.policy_changes import take_over
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped

KEPT = {"owner": "payments", "environment": "production"}
MINUTE = timedelta(minutes=1)
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 terraform-provider-aws/5.60.0"
CONSOLE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"


@pytest.fixture
def orders(world: World) -> FunctionArn:
    function = world.create_function("orders", tags=KEPT)
    world.warden.records.met(function, NOW - timedelta(days=30))
    return function


def handle(world: World, event: dict[str, Any], now: datetime) -> None:
    enforce(enveloped(event), world.warden, now)


def look(world: World, function: FunctionArn, now: datetime) -> None:
    handle(world, observation(function, now), now)


def untag(world: World, function: FunctionArn, now: datetime, agent: str = CONSOLE) -> None:
    """Somebody takes the owner's tag away, and CloudTrail tells of it."""
    world.warden.aws.lambda_.untag_resource(Resource=str(function), TagKeys=["owner"])
    event = cloudtrail(
        "UntagResource20170331v2",
        {"resource": str(function), "tagKeys": ["owner"]},
        eventTime=now.isoformat(),
        userAgent=agent,
    )
    handle(world, event, now)


def test_a_tag_that_is_replaced_within_the_grace_is_never_missed(
    world: World, orders: FunctionArn
) -> None:
    untag(world, orders, NOW)
    world.warden.aws.lambda_.tag_resource(Resource=str(orders), Tags={"owner": "shop"})
    look(world, orders, NOW + 15 * MINUTE)
    assert world.announced() == []


def test_a_tag_that_stays_away_is_reported_after_the_grace_with_the_former_owner_on_it(
    world: World, orders: FunctionArn
) -> None:
    look(world, orders, NOW - 5 * MINUTE)
    untag(world, orders, NOW)
    assert world.announced() == []
    look(world, orders, NOW + 15 * MINUTE)
    [alert] = world.published()
    assert (alert["rule"], alert["event"]) == ("tag-policy", "opened")


@pytest.mark.parametrize(
    ("agent", "says"),
    [
        (TERRAFORM, 'Write in the function\'s aws_lambda_function: tags = {"owner" = "TEAM"}'),
        (CONSOLE, "Run: aws lambda tag-resource"),
    ],
)
def test_who_deployed_it_decides_what_people_are_asked_to_write(
    world: World, agent: str, says: str
) -> None:
    world.create_function("orders", tags={"environment": "production"})
    created = cloudtrail(
        "CreateFunction20150331",
        {"functionName": "orders"},
        eventTime=(NOW - 60 * MINUTE).isoformat(),
        userAgent=agent,
    )
    handle(world, created, NOW - 60 * MINUTE)
    later = NOW + timedelta(days=1)
    look(world, FunctionArn("aws", "eu-west-1", "123456789012", "orders"), later)
    [alert] = world.published()
    assert says in alert["remedy"]


def test_the_next_function_of_a_name_is_taken_for_its_predecessor_s_owner_s(
    world: World, orders: FunctionArn
) -> None:
    look(world, orders, NOW)
    world.warden.aws.lambda_.delete_function(FunctionName="orders")
    gone = cloudtrail(
        "DeleteFunction20150331", {"functionName": "orders"}, eventTime=NOW.isoformat()
    )
    handle(world, gone, NOW + MINUTE)
    world.create_function("orders", tags={"environment": "production"})
    born = NOW + timedelta(hours=1)
    created = cloudtrail(
        "CreateFunction20150331", {"functionName": "orders"}, eventTime=born.isoformat()
    )
    handle(world, created, born)
    look(world, orders, born + timedelta(days=1))
    [alert] = world.published()
    assert alert["owner"] == "payments"
    assert "the owner of the earlier function of this name" in alert["reason"]


def test_a_stack_s_tags_are_read_once_for_all_of_its_functions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def describe(StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's own name
        asked.append(StackName)
        return {"Stacks": [{"Tags": [{"Key": "owner", "Value": "shop"}]}]}

    monkeypatch.setattr(world.warden.aws.cloudformation, "describe_stacks", describe)
    stacks = Stacks(world.warden)
    tags = {"aws:cloudformation:stack-name": "shop-live", "environment": "production"}
    for number in range(3):
        function = world.create_function(f"f-{number}", tags=tags)
        world.warden.records.met(function, NOW - timedelta(days=30))
        enforce(enveloped(observation(function, NOW)), world.warden, NOW, stacks)
    assert asked == ["shop-live"]
    alerts = world.published()
    assert {one["owner"] for one in alerts} == {"shop"}
    assert all("Tags: [{Key:" in one["remedy"] for one in alerts)


def test_a_tighter_policy_on_a_whole_estate_is_one_message_an_owner(world: World) -> None:
    owners = ("payments", "shop", "data")
    functions = []
    for number in range(90):
        tags = {"owner": owners[number % 3], "environment": "production"}
        function = world.create_function(f"f-{number:03}", tags=tags)
        world.warden.records.met(function, NOW - timedelta(days=30))
        functions.append(function)
        look(world, function, NOW)
    assert world.announced() == []
    strict = DEFAULT.read_text(encoding="utf-8").replace(
        "required: [owner, environment]", "required: [owner, environment, cost-centre]"
    )
    world.warden.aws.s3.put_object(
        Bucket=world.warden.settings.bucket, Key=KEY, Body=strict.encode()
    )
    take_over(world.warden, NOW)
    for function in functions:
        look(world, function, NOW)
    run(world.warden, Channels.of(world.warden), lambda: NOW + timedelta(seconds=31))
    sent = Counter(message["alerts"][0]["owner"] for message in world.messages())
    assert sent == dict.fromkeys(owners, 1)
    assert {one.alert.finding.rule for one in world.warden.stored_alerts.current()} == {
        "tag-policy"
    }


def test_a_look_of_the_sweep_takes_one_call_of_lambda(world: World, orders: FunctionArn) -> None:
    asked: list[str] = []

    def count(model: Any, **_: Any) -> None:
        asked.append(model.name)

    events = world.warden.aws.lambda_.meta.events
    events.register("before-call", count)
    try:
        look(world, orders, NOW)
    finally:
        events.unregister("before-call", count)
    assert asked == ["ListTags"]
