"""From an event to what is said about a function's tags, on a real table, topic and queue."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from functions.shared.config import TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.read import observation
from functions.shared.policy.read import default_policy
from functions.tag_enforcer import handler as handler_module
from functions.tag_enforcer.decide import Decision, decide
from functions.tag_enforcer.handler import enforce
from functions.tag_enforcer.rules import IDS, UNREADABLE
from functions.tag_enforcer.tagged import TaggedFunction
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped
from tests.unit.shared.findings import ORDERS

CREATED = NOW - timedelta(hours=1)
KEPT = {"owner": "payments", "environment": "production"}
LAB = {"owner": "payments", "environment": "experimental"}
POLICY = TagPolicy()


def judged(tagged: Reading[TaggedFunction], changed_at: datetime = CREATED) -> Decision:
    return decide(
        ORDERS, tagged, changed_at=changed_at, policy=default_policy(), names=POLICY, now=NOW
    )


def tagged(tags: Mapping[str, str]) -> Known[TaggedFunction]:
    return Known(TaggedFunction(function=ORDERS, tags=tags))


def broken(tags: Mapping[str, str]) -> dict[str, str]:
    """The rules that tags break, with the severity of each."""
    decision = judged(tagged(tags))
    return {f.rule: f.severity.label for verdict in decision.verdicts for f in verdict.findings}


def day(offset: int) -> str:
    return (NOW.date() + timedelta(days=offset)).isoformat()


@pytest.mark.parametrize(
    ("tags", "rules"),
    [
        (KEPT, {}),
        (KEPT | {"owner": "team.pay+x@example.co.uk"}, {}),
        ({}, {"tag-policy": "high"}),
        (KEPT | {"owner": "  "}, {"tag-policy": "high"}),
        (KEPT | {"owner": "a team"}, {"tag-policy": "high"}),
        ({"owner": "payments"}, {"tag-policy": "medium"}),
        (KEPT | {"environment": "Production"}, {"tag-policy": "info"}),
        (KEPT | {"environment": "live"}, {"tag-policy": "info"}),
        (KEPT | {"environment": "moon"}, {"tag-policy": "medium"}),
        ({"Owner": "payments", "environment": "production"}, {"tag-policy": "info"}),
        ({"team": "payments", "ENV": "prd"}, {"tag-policy": "info"}),
        (LAB, {"tag-policy": "medium"}),
        (LAB | {"expiry": day(30)}, {}),
        (LAB | {"expiry": day(0)}, {}),
        (LAB | {"expiry": day(-1)}, {"expiry-tag": "high"}),
        (LAB | {"expiry": day(91)}, {"tag-policy": "low"}),
        (LAB | {"expiry": "soon"}, {"tag-policy": "medium"}),
        (LAB | {"expiry": "2026-02-30"}, {"tag-policy": "medium"}),
        (KEPT | {"expiry": day(-1)}, {"expiry-tag": "high"}),
        (KEPT | {"cost-centre": "ours"}, {"tag-policy": "medium"}),
        (KEPT | {"CostCenter": "CC-12"}, {"tag-policy": "info"}),
    ],
)
def test_the_policy(tags: dict[str, str], rules: dict[str, str]) -> None:
    assert broken(tags) == rules


def test_a_hostile_owner_stays_data_and_ends_soon() -> None:
    evil = "a" * 200_000 + "@" + "b." * 50_000 + "\u202e\r\n"
    decision = judged(tagged(KEPT | {"owner": evil}))
    [finding] = [f for verdict in decision.verdicts for f in verdict.findings]
    assert len(finding.reason) < 400
    assert finding.reason.isprintable()


@pytest.mark.parametrize(("missing", "severity"), [(True, "low"), (False, "medium")])
def test_unread_tags_are_unknown_never_untagged(missing: bool, severity: str) -> None:
    tags = Unknown("reading the tags: AccessDenied", missing=missing)
    decision = judged(tags, NOW)
    found = [f for verdict in decision.verdicts for f in verdict.findings]
    assert [(f.rule, f.severity.label) for f in found] == [(UNREADABLE, severity)]
    assert not any(verdict.certain for verdict in decision.verdicts)


def test_grace_puts_a_judgement_off_but_not_a_pass() -> None:
    young = NOW - timedelta(minutes=10)
    put_off = judged(tagged({}), young)
    assert put_off.verdicts == ()
    assert put_off.look_again_at == young + timedelta(minutes=15)
    passed = judged(tagged(KEPT), young)
    assert passed.look_again_at is None
    assert {one.rule for one in passed.verdicts} == {*IDS, UNREADABLE}


@pytest.fixture
def orders(world: World) -> FunctionArn:
    return world.create_function("orders")


def created(at: datetime, **request: Any) -> dict[str, Any]:
    return cloudtrail(
        "CreateFunction20150331", {"functionName": "orders"} | request, eventTime=at.isoformat()
    )


def handle(world: World, event: dict[str, Any], now: datetime = NOW) -> None:
    enforce(enveloped(event), world.warden, now)


def looks_put_off(world: World) -> int:
    """How many messages wait, delayed, on Warden's own queue."""
    url = world.warden.settings.queue_url
    attributes = world.warden.aws.sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    return int(attributes["ApproximateNumberOfMessagesDelayed"])


def tag(world: World, tags: dict[str, str]) -> None:
    world.warden.aws.lambda_.tag_resource(Resource=str(ORDERS), Tags=tags)


def test_an_untagged_function_is_judged_once_its_grace_is_over(
    world: World, orders: FunctionArn
) -> None:
    handle(world, created(NOW))
    assert world.announced() == []
    assert looks_put_off(world) == 1
    handle(world, observation(orders, NOW), NOW + timedelta(minutes=15))
    assert world.announced() == [("opened", "medium", "tag-policy")]


def test_however_many_events_come_in_one_look_is_put_off(world: World, orders: FunctionArn) -> None:
    for minute in range(5):
        handle(world, created(NOW), NOW + timedelta(minutes=minute))
    assert looks_put_off(world) == 1


def test_a_function_tagged_in_a_second_call_is_never_told_about(
    world: World, orders: FunctionArn
) -> None:
    handle(world, created(NOW))
    tag(world, KEPT)
    handle(world, observation(orders, NOW), NOW + timedelta(minutes=15))
    assert world.announced() == []
    record = world.warden.records.get(orders)
    assert record.owner(POLICY) == "payments"
    assert record.environment(POLICY) == "production"


def test_a_function_deleted_within_its_grace_is_never_told_about(
    world: World, orders: FunctionArn
) -> None:
    handle(world, created(NOW))
    world.warden.aws.lambda_.delete_function(FunctionName="orders")
    deleted = cloudtrail(
        "DeleteFunction20150331",
        {"functionName": "orders"},
        eventTime=(NOW + timedelta(minutes=3)).isoformat(),
    )
    handle(world, deleted, NOW + timedelta(minutes=4))
    handle(world, observation(orders, NOW), NOW + timedelta(minutes=15))
    assert world.announced() == []


def test_tags_put_right_resolve_and_route_to_the_owner(world: World, orders: FunctionArn) -> None:
    handle(world, created(CREATED))
    assert len(world.announced()) == 1
    tag(world, KEPT)
    handle(world, cloudtrail("TagResource20170331v2", {"resource": str(orders)}))
    resolved = world.published()
    assert {one["state"] for one in resolved} == {"resolved"}
    assert {one["owner"] for one in resolved} == {"payments"}


def test_a_function_that_cannot_be_asked_is_judged_by_the_tags_it_was_created_with(
    world: World,
) -> None:
    handle(world, created(CREATED, tags=KEPT))
    assert world.announced() == []
    handle(world, created(CREATED, tags={"owner": "payments"}))
    assert world.announced() == [("opened", "medium", "tag-policy")]


@contextmanager
def refusing(world: World, code: str, status: int) -> Iterator[None]:
    def refuse(**_: Any) -> None:
        answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(answer, "ListTags")  # type: ignore[arg-type] # what ask() looks at

    events = world.warden.aws.lambda_.meta.events
    events.register("before-call.lambda.ListTags", refuse)
    try:
        yield
    finally:
        events.unregister("before-call.lambda.ListTags", refuse)


def test_denied_tags_are_told_and_resolve_nothing(world: World, orders: FunctionArn) -> None:
    handle(world, created(CREATED))
    world.published()
    with refusing(world, "AccessDeniedException", 403):
        handle(world, observation(orders, NOW))
    assert world.announced() == [("opened", "medium", "tags-unreadable")]
    handle(world, observation(orders, NOW))
    assert world.announced() == [("resolved", "medium", "tags-unreadable")]


@pytest.mark.parametrize(("code", "status"), [("TooManyRequestsException", 429), ("X", 503)])
def test_a_busy_aws_is_asked_again_later(
    world: World, orders: FunctionArn, code: str, status: int
) -> None:
    with refusing(world, code, status), pytest.raises(ClientError):
        handle(world, observation(orders, NOW))
    assert world.announced() == []


def test_the_lambda_handler_works_through_a_batch(
    world: World, orders: FunctionArn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler_module, "deployment", lambda: world.warden)
    batch = world.hand_over(
        json.dumps(created(datetime.fromisoformat("2026-01-01T00:00:00Z"))), "no event", "{}"
    )
    context = LambdaContext()
    context._function_name = context._aws_request_id = context._invoked_function_arn = "x"
    context._memory_limit_in_mb = 128
    assert handler_module.handler(batch, context) == {"batchItemFailures": []}
    assert len(world.announced()) == 1
    reasons = world.drain_with_attributes(world.warden.settings.dead_letter_url)
    assert len(reasons) == 2
