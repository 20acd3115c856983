"""Functions that outlived their expiry: when the guard is asked to stop them, and when not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.shared.config import QuarantineReason, WardenConfig, load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import observation
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.waiver import Waiver
from functions.tag_enforcer.handler import enforce
from functions.tag_enforcer.stop import request_to_stop
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped
from tests.unit.shared.guarding_notice import give_notice

TODAY = NOW.date()


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def tags(expiry: str) -> dict[str, str]:
    return {"owner": "lab", "environment": "experimental", "expiry": expiry}


def policy(**quarantine: Any) -> WardenConfig:
    return load_config(
        {"guard": {"quarantine": {"reasons": ["lifecycle"], **quarantine}}, "tags": {}}
    )


@pytest.fixture
def config() -> WardenConfig:
    return policy()


def test_by_default_nothing_is_asked_for() -> None:
    assert request_to_stop(tags(day(-300)), WardenConfig(), TODAY) is None


def test_only_the_named_reason_counts() -> None:
    others = load_config(
        {"guard": {"quarantine": {"reasons": ["known-exploited", "world-open-attacked"]}}}
    )
    assert request_to_stop(tags(day(-300)), others, TODAY) is None


@pytest.mark.parametrize(
    ("expiry", "after", "asked"),
    [
        (day(-8), 7, True),
        (day(-7), 7, False),
        (day(-1), 0, True),
        (day(0), 0, False),
        (day(30), 0, False),
        ("", 0, False),
        ("soon", 0, False),
    ],
)
def test_its_owner_has_some_days_before_it_is_stopped(
    expiry: str, after: int, *, asked: bool
) -> None:
    request = request_to_stop(tags(expiry), policy(after_expiry_days=after), TODAY)
    assert (request is not None) is asked


def test_the_request_has_the_facts() -> None:
    request = request_to_stop(tags(day(-8)), policy(), TODAY)
    assert request is not None
    assert request.cause is QuarantineReason.LIFECYCLE
    assert "removed by 2026-03-02" in request.reason
    assert "8 days ago. Its owner is lab." in request.reason
    assert request.occasions == ("expired 2026-03-02",)


def test_an_owner_of_any_length_fits_into_a_request() -> None:
    hostile = tags(day(-8)) | {"owner": "a\u202e\n" * 5000}
    request = request_to_stop(hostile, policy(), TODAY)
    assert request is not None
    assert len(request.reason) <= 500
    assert request.reason.isprintable()
    nobody = request_to_stop({"expiry": day(-8)}, policy(), TODAY)
    assert nobody is not None
    assert "no owner tag" in nobody.reason


def look(world: World, function: FunctionArn, **later: float) -> None:
    """The function is judged."""
    now = NOW + timedelta(**later)
    enforce(enveloped(observation(function, now)), world.warden, now)


def asked(world: World) -> list[tuple[str, str]]:
    """Detail-type and function of what the guard was sent since the last look."""
    found = [json.loads(one) for one in world.drain(world.warden.settings.guard_queue_url)]
    return [(one["detail-type"], one["detail"]["functionArn"]) for one in found]


def seen(world: World, expiry: str) -> FunctionArn:
    """A function that Warden has known for longer than its grace period."""
    function = world.create_function("orders", tags=tags(expiry))
    world.warden.records.met(function, NOW - timedelta(days=90))
    noted, reported = NOW - timedelta(days=90), NOW - timedelta(days=30)
    give_notice(world.warden.table, function, tags(expiry), noted=noted, reported=reported)
    return function


def retag(world: World, function: FunctionArn, expiry: str) -> None:
    world.warden.aws.lambda_.tag_resource(Resource=str(function), Tags={"expiry": expiry})


def test_an_expired_function_is_told_of_and_the_guard_is_asked(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    assert asked(world) == [(MessageType.QUARANTINE_ASKED_FOR, str(function))]
    assert world.announced() == []


def test_each_look_asks_again_because_the_guard_decides(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    look(world, function, days=7)
    assert asked(world) == [(MessageType.QUARANTINE_ASKED_FOR, str(function))] * 2


def test_within_the_days_of_grace_it_is_only_told_of(world: World) -> None:
    function = seen(world, day(-7))
    look(world, function)
    assert asked(world) == []
    look(world, function, days=1)
    assert len(asked(world)) == 1


def test_a_new_date_takes_the_request_back_once(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    retag(world, function, day(30))
    asked(world)
    look(world, function)
    look(world, function)
    assert asked(world) == [(MessageType.QUARANTINE_REASON_OVER, str(function))]


def test_a_function_that_was_never_to_be_stopped_is_never_spoken_of(world: World) -> None:
    function = seen(world, day(30))
    look(world, function)
    assert asked(world) == []


def test_a_removed_function_takes_the_request_back(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    asked(world)
    gone = cloudtrail(
        "DeleteFunction20150331", {"functionName": "orders"}, eventTime=NOW.isoformat()
    )
    world.warden.aws.lambda_.delete_function(FunctionName="orders")
    enforce(enveloped(gone), world.warden, NOW)
    assert asked(world) == [(MessageType.QUARANTINE_REASON_OVER, str(function))]


def test_what_people_accepted_is_not_stopped(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    world.warden.mutes.waive(
        Waiver(
            id="w1",
            matcher=Matcher(function="orders", rule="expiry-tag"),
            owner="lab",
            reason="needed until the trade fair",
            expires=NOW + timedelta(days=10),
            created_at=NOW,
        )
    )
    look(world, function, hours=1)
    assert asked(world) == [
        (MessageType.QUARANTINE_ASKED_FOR, str(function)),
        (MessageType.QUARANTINE_REASON_OVER, str(function)),
    ]
    look(world, function, days=11)
    assert asked(world) == [(MessageType.QUARANTINE_ASKED_FOR, str(function))]


def test_unread_tags_ask_for_nothing_and_take_nothing_back(world: World) -> None:
    function = seen(world, day(-8))
    look(world, function)
    asked(world)

    def refuse(**_: Any) -> None:
        answer = {
            "Error": {"Code": "AccessDeniedException"},
            "ResponseMetadata": {"HTTPStatusCode": 403},
        }
        raise ClientError(answer, "ListTags")  # type: ignore[arg-type] # what ask() looks at

    events = world.warden.aws.lambda_.meta.events
    events.register("before-call.lambda.ListTags", refuse)
    try:
        look(world, function)
    finally:
        events.unregister("before-call.lambda.ListTags", refuse)
    assert asked(world) == []


def test_a_deaf_guard_is_asked_again_and_people_are_told_meanwhile(world: World) -> None:
    function = seen(world, day(-8))
    sqs = world.warden.aws.sqs
    sqs.delete_queue(QueueUrl=world.warden.settings.guard_queue_url)
    with pytest.raises(ClientError):
        look(world, function)
    sqs.create_queue(QueueName="guard")
    look(world, function)
    assert len(asked(world)) == 1


def test_within_its_grace_after_creation_nothing_is_asked(world: World) -> None:
    function = world.create_function("orders", tags=tags(day(-8)))
    look(world, function)
    assert asked(world) == []


def test_notice_counts_from_when_the_owner_was_told_not_from_the_date(world: World) -> None:
    function = world.create_function("orders", tags=tags(day(-8)))
    world.warden.records.met(function, NOW - timedelta(days=90))
    world.warden.records.remember_tags(function, tags(day(-8)), NOW - timedelta(days=90))
    look(world, function)
    assert world.announced() == [("opened", "medium", "expiry-tag")]
    look(world, function, hours=1)
    assert asked(world) == []
    look(world, function, days=6)
    assert asked(world) == []
    look(world, function, days=8)
    assert asked(world) == [(MessageType.QUARANTINE_ASKED_FOR, str(function))]


@pytest.mark.parametrize("expiry", ["2020-01-01", day(-1), day(-400)])
def test_a_date_that_was_past_when_it_was_written_is_a_question(world: World, expiry: str) -> None:
    function = seen(world, day(30))
    look(world, function)
    retag(world, function, expiry)
    for days in range(0, 60, 10):
        look(world, function, days=days)
        world.announced()
    assert asked(world) == []
