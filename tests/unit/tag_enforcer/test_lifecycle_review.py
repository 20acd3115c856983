"""The daily look at who is still called, and what is said of those who are not."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.shared.aws.listing import Listed
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known
from functions.shared.estate.snapshot import write_snapshot
from functions.shared.estate.use import Use, read_use
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from functions.tag_enforcer.handler import enforce
from functions.tag_enforcer.idle_review import judge_idle
from functions.tag_enforcer.use_review import look_at_use
from tests.unit.conftest import ACCOUNT, NOW, REGION, World
from tests.unit.shared.events import enveloped

DAY = timedelta(days=1)


def arn(name: str) -> FunctionArn:
    return FunctionArn("aws", REGION, ACCOUNT, name)


ORDERS, REPORTS = arn("orders"), arn("reports")
LAB = {"owner": "lab", "environment": "experimental", "expiry": "2026-05-01"}


def listed(world: World, *functions: FunctionArn, changed: datetime = NOW - 300 * DAY) -> None:
    """The sweep wrote these functions down."""
    found = [
        Listed(one, runtime="python3.13", tags=LAB, modified=changed.isoformat())
        for one in functions
    ]
    write_snapshot(world.warden.aws.s3, world.warden.settings.bucket, found, NOW)
    for one in functions:
        world.warden.records.remember_tags(one, LAB, NOW)
        world.warden.records.remember_belonging(
            one,
            owner="lab",
            owner_by="its tag owner",
            environment="experimental",
            environment_by="its tag environment=experimental",
        )


def called(world: World, function: FunctionArn, at: datetime, milliseconds: float = 100) -> None:
    """CloudWatch has a sample of the function's duration."""
    world.warden.aws.cloudwatch.put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[
            {
                "MetricName": "Duration",
                "Dimensions": [{"Name": "FunctionName", "Value": function.name}],
                "Timestamp": at,
                "Value": milliseconds,
            }
        ],
    )


def configured(world: World, function: FunctionArn, *sources: Peer, unread: str = "") -> None:
    """The anomaly-detector read what points at the function."""
    state = FlowState(
        function=function,
        since=NOW - 30 * DAY,
        asked_at=NOW,
        asked_since=NOW - 30 * DAY,
        sources=sources,
        unread=(unread,) if unread else (),
    )
    FlowStore(world.warden.table, 90 * DAY).save_state(state, NOW, active=True)


def use(world: World) -> dict[FunctionArn, Use]:
    known = read_use(world.warden.aws.s3, world.warden.settings.bucket)
    assert isinstance(known, Known)
    return known.value


def review(world: World, now: datetime = NOW) -> None:
    enforce(enveloped(own_message(MessageType.LIFECYCLE_REVIEW)), world.warden, now)


def test_the_first_look_goes_back_as_far_as_cloudwatch_and_the_next_to_the_last_look(
    world: World,
) -> None:
    listed(world, ORDERS, REPORTS)
    called(world, ORDERS, NOW - 40 * DAY)
    assert look_at_use(world.warden, NOW) == 2
    today = NOW.date()
    assert use(world)[ORDERS].last == today - 40 * DAY
    assert use(world)[ORDERS].days == {}
    assert use(world)[REPORTS] == Use(today - 455 * DAY, today)
    called(world, ORDERS, NOW + 2 * DAY, 250)
    called(world, ORDERS, NOW + 2 * DAY, 150)
    assert look_at_use(world.warden, NOW + 6 * DAY) == 0
    assert look_at_use(world.warden, NOW + 6 * DAY, {REPORTS}) == 1
    assert look_at_use(world.warden, NOW + 7 * DAY) == 1
    one = use(world)[ORDERS]
    assert (one.since, one.until) == (today - 455 * DAY, today + 7 * DAY)
    assert one.days == {today + 2 * DAY: (2.0, 400.0)}
    assert one.monthly_usd(memory_mib=1024, architecture="arm64") == pytest.approx(
        2 * 0.20 / 1e6 + 0.4 * 0.0000133334
    )


def test_a_day_that_is_looked_at_twice_counts_once() -> None:
    day = date(2026, 3, 10)
    first = Use(day - 2 * DAY, day).with_look({day: (5.0, 50.0)}, day)
    later = first.with_look({day: (7.0, 70.0)}, day + DAY)
    assert later.days == {day: (7.0, 70.0)}


def test_a_removed_function_is_forgotten(world: World) -> None:
    listed(world, ORDERS, REPORTS)
    look_at_use(world.warden, NOW)
    listed(world, ORDERS)
    look_at_use(world.warden, NOW)
    assert set(use(world)) == {ORDERS}


def test_an_idle_function_is_reported_once_with_what_a_removal_rests_on(world: World) -> None:
    listed(world, ORDERS)
    configured(world, ORDERS)
    called(world, ORDERS, NOW - 40 * DAY)
    for days in range(3):
        review(world, NOW + days * DAY)
    [alert] = world.published()
    assert (alert["rule"], alert["event"], alert["owner"]) == ("idle-function", "opened", "lab")
    evidence = alert["evidence"]
    assert evidence["last_call"] == str((NOW - 40 * DAY).date())
    assert evidence["points_at_it"] == "nothing"
    assert "nothing points at it" in alert["title"]


def test_a_call_resolves_it(world: World) -> None:
    listed(world, ORDERS)
    configured(world, ORDERS)
    review(world)
    assert world.announced() == [("opened", "low", "idle-function")]
    called(world, ORDERS, NOW + DAY / 2)
    review(world, NOW + DAY)
    assert world.announced() == [("resolved", "low", "idle-function")]


def test_a_yearly_job_is_kept_because_a_rule_points_at_it(world: World) -> None:
    listed(world, ORDERS)
    configured(world, ORDERS, Peer("events", "yearly"))
    review(world)
    assert world.announced() == []


def test_a_yearly_job_is_kept_because_a_schedule_points_at_it(world: World) -> None:
    listed(world, ORDERS)
    configured(world, ORDERS)
    world.warden.aws.scheduler.create_schedule(
        Name="yearly",
        ScheduleExpression="cron(0 3 1 1 ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": str(ORDERS), "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/scheduler"},
    )
    review(world)
    assert world.announced() == []


@pytest.mark.parametrize("unread", ["", "reading the resource policy: AccessDeniedException"])
def test_what_could_not_be_read_is_unknown_and_never_called_dead(world: World, unread: str) -> None:
    listed(world, ORDERS)
    if unread:
        configured(world, ORDERS, unread=unread)
    review(world)
    [alert] = world.published()
    assert "what points at it is unknown" in alert["title"]
    assert (unread or "not read yet") in alert["reason"]


def test_schedules_that_may_not_be_listed_are_unknown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(world, ORDERS)
    configured(world, ORDERS)

    def refuse(**_: Any) -> None:
        answer = {
            "Error": {"Code": "AccessDeniedException"},
            "ResponseMetadata": {"HTTPStatusCode": 403},
        }
        raise ClientError(answer, "ListSchedules")  # type: ignore[arg-type] # what ask() looks at

    events = world.warden.aws.scheduler.meta.events
    events.register("before-call.scheduler.ListSchedules", refuse)
    try:
        review(world)
    finally:
        events.unregister("before-call.scheduler.ListSchedules", refuse)
    [alert] = world.published()
    assert "listing the schedules: AccessDeniedException" in alert["reason"]


def test_without_a_sweep_nothing_is_said(world: World) -> None:
    world.warden.aws.s3.delete_object(
        Bucket=world.warden.settings.bucket, Key="estate/functions.json"
    )
    review(world)
    assert judge_idle(world.warden, NOW) == 0
    assert world.announced() == []


def test_a_thousand_functions_take_a_bounded_number_of_calls(world: World) -> None:
    functions = [arn(f"f-{number}") for number in range(1000)]
    found = [Listed(one, tags=LAB, modified=NOW.isoformat()) for one in functions]
    write_snapshot(world.warden.aws.s3, world.warden.settings.bucket, found, NOW)
    counts: dict[str, int] = {}

    def count(model: Any, **_: Any) -> None:
        counts[model.name] = counts.get(model.name, 0) + 1

    session = world.warden.aws._session.events
    session.register("before-call", count)
    clients = [world.warden.aws.s3, world.warden.aws.cloudwatch, world.warden.aws.scheduler]
    for client in clients:
        client.meta.events.register("before-call", count)
    try:
        review(world)
    finally:
        session.unregister("before-call", count)
        for client in clients:
            client.meta.events.unregister("before-call", count)
    assert counts["GetMetricData"] <= 4
    assert sum(counts.values()) <= 15, counts
