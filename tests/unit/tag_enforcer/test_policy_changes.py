"""The policy's own life: uploads that are good, broken or taken away; an exemption that ends."""

from datetime import datetime, timedelta

import pytest

from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import OBJECT_CREATED, S3_SOURCE, MessageType
from functions.shared.events.read import observation
from functions.shared.policy.read import DEFAULT, default_policy, read_policy
from functions.shared.policy.store import PolicyStore, as_document, policy_store
from functions.shared.policy.upload import KEY
from functions.sweep.handler import sweep
from functions.tag_enforcer.handler import enforce
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import enveloped

STRICT = DEFAULT.read_text(encoding="utf-8").replace(
    "required: [owner, environment]", "required: [owner, environment, cost-centre]"
)
KEPT = {"owner": "payments", "environment": "production"}


def upload(world: World, text: str, now: datetime = NOW) -> None:
    """Somebody puts a file into the bucket, and S3 tells of it."""
    world.warden.aws.s3.put_object(Bucket=world.warden.settings.bucket, Key=KEY, Body=text.encode())
    hear(world, now)


def hear(world: World, now: datetime = NOW) -> None:
    event = {
        "source": S3_SOURCE,
        "detail-type": OBJECT_CREATED,
        "detail": {"bucket": {"name": world.warden.settings.bucket}, "object": {"key": KEY}},
    }
    enforce(enveloped(event), world.warden, now)


def review(world: World, now: datetime) -> None:
    enforce(enveloped(own_message(MessageType.POLICY_REVIEW)), world.warden, now)


@pytest.fixture
def orders(world: World) -> FunctionArn:
    function = world.create_function("orders", tags=KEPT)
    world.warden.records.met(function, NOW - timedelta(days=30))
    return function


def look(world: World, function: FunctionArn, now: datetime = NOW) -> None:
    enforce(enveloped(observation(function, now)), world.warden, now)


def test_an_upload_is_in_force_without_a_deployment(world: World, orders: FunctionArn) -> None:
    look(world, orders)
    assert world.announced() == []
    upload(world, STRICT)
    look(world, orders)
    assert world.announced() == [("opened", "medium", "tag-policy")]
    in_force = policy_store(world.warden).in_force()
    assert (in_force.text, in_force.since) == (STRICT, NOW)


def test_a_broken_upload_is_refused_with_an_alert_and_the_last_good_one_stays(
    world: World, orders: FunctionArn
) -> None:
    upload(world, STRICT)
    upload(world, STRICT.replace("value: date", "value: dates"))
    [alert] = world.published()
    assert (alert["rule"], alert["owner"]) == ("policy-file-invalid", "platform-team")
    assert "tags.expiry.value: 'dates' is none of" in alert["reason"]
    look(world, orders)
    assert world.announced() == [("opened", "medium", "tag-policy")]
    upload(world, STRICT)
    assert world.announced() == [("resolved", "medium", "policy-file-invalid")]


def test_the_same_broken_upload_is_told_once(world: World) -> None:
    upload(world, "nonsense")
    for hours in range(1, 49, 24):
        review(world, NOW + timedelta(hours=hours))
    assert len(world.announced()) == 1


def test_an_upload_that_is_taken_away_leaves_the_deployed_policy(
    world: World, orders: FunctionArn
) -> None:
    upload(world, STRICT)
    world.warden.aws.s3.delete_object(Bucket=world.warden.settings.bucket, Key=KEY)
    hear(world)
    assert policy_store(world.warden).in_force().policy == default_policy()
    look(world, orders)
    assert world.announced() == []


def test_an_upload_whose_event_was_lost_is_taken_over_within_a_day(world: World) -> None:
    world.warden.aws.s3.put_object(
        Bucket=world.warden.settings.bucket, Key=KEY, Body=STRICT.encode()
    )
    review(world, NOW)
    assert policy_store(world.warden).in_force().text == STRICT


def test_a_deployed_policy_is_read_from_the_stack_s_assets(world: World) -> None:
    strict = read_policy(STRICT.encode())
    bucket = world.warden.settings.bucket
    world.warden.aws.s3.put_object(Bucket=bucket, Key="a.json", Body=as_document(strict).encode())
    store = PolicyStore(world.warden.table, world.warden.aws.s3, f"s3://{bucket}/a.json")
    assert store.in_force().policy == strict
    assert store.digest() != policy_store(world.warden).digest()


def test_a_tighter_policy_has_every_function_judged_anew_once(
    world: World, orders: FunctionArn
) -> None:
    assert sweep(world.warden, NOW)["observed"] == 1
    assert sweep(world.warden, NOW)["observed"] == 0
    upload(world, STRICT)
    assert sweep(world.warden, NOW)["observed"] == 1
    assert sweep(world.warden, NOW)["observed"] == 0


EXEMPT = STRICT.replace(
    "exemptions: []",
    """exemptions:
  - arn: "*:function:ord*"
    reason: replaced in spring
    owner: shop
    expires: 2026-03-12""",
)


def test_an_exemption_holds_until_its_last_day_and_its_owner_is_told(
    world: World, orders: FunctionArn
) -> None:
    upload(world, EXEMPT)
    for days in range(3):
        later = NOW + timedelta(days=days)
        look(world, orders, later)
        review(world, later)
        assert world.announced() == [], days
    look(world, orders, NOW + timedelta(days=3))
    review(world, NOW + timedelta(days=3))
    alerts = world.published()
    assert sorted((one["rule"], one["owner"]) for one in alerts) == [
        ("exemption-ended", "shop"),
        ("tag-policy", "payments"),
    ]
    upload(world, EXEMPT.replace("2026-03-12", "2026-12-31"), NOW + timedelta(days=3))
    look(world, orders, NOW + timedelta(days=3))
    review(world, NOW + timedelta(days=3))
    assert {one[0] for one in world.announced()} == {"resolved"}
