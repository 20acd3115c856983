"""The life of a function as events tell it: out of order, late, twice, and across re-creations."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.events.read import observation
from functions.shared.runtime.intake import Arrival, take_in
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import ARN, cloudtrail, enveloped, native
from tests.unit.shared.findings import ORDERS, finding

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
CREATE, DELETE, TAG = "CreateFunction20150331", "DeleteFunction20150331", "TagResource20170331v2"


def at(minute: int) -> str:
    return f"2026-03-10T11:{minute:02}:00Z"


def call(name: str, minute: int) -> dict[str, Any]:
    return cloudtrail(name, {"functionName": "orders", "resource": ARN}, eventTime=at(minute))


def take(world: World, event: dict[str, Any]) -> Arrival | None:
    return take_in(enveloped(event), world.warden, scope="tags", now=NOW)


def open_alert(world: World) -> None:
    verdict = Verdict("no-owner", (finding(),))
    world.warden.alerts.settle(Judgement(function=ORDERS, verdicts=[verdict], scope="tags"), NOW)
    world.published()


def test_a_function_is_remembered_from_its_first_mention_on(world: World) -> None:
    first = take(world, call(CREATE, 1))
    later = take(world, call(TAG, 5))
    assert first
    assert later
    assert first.record.first_seen == later.record.first_seen == NOON + timedelta(minutes=1)


def test_a_deletion_resolves_and_what_comes_late_is_not_judged(world: World) -> None:
    take(world, call(CREATE, 1))
    open_alert(world)
    assert take(world, call(DELETE, 9)) is None
    assert world.announced() == [("resolved", "high", "no-owner")]
    assert take(world, call(TAG, 5)) is None
    assert take(world, call(DELETE, 9)) is None
    assert world.announced() == []


def test_a_look_that_was_put_off_does_not_revive_a_deleted_function(world: World) -> None:
    take(world, call(CREATE, 1))
    take(world, call(DELETE, 3))
    assert take(world, observation(ORDERS, NOON + timedelta(minutes=1))) is None
    assert world.warden.records.get(ORDERS).deleted_at


def test_lambdas_farewell_does_not_revive_a_deleted_function(world: World) -> None:
    take(world, call(DELETE, 3))
    farewell = native("Lambda Function State Change", {"functionArn": ARN}, time=at(4))
    assert take(world, farewell) is None


@pytest.mark.parametrize(
    "event", [call(CREATE, 20), observation(ORDERS, NOON + timedelta(minutes=20))]
)
def test_a_function_created_anew_starts_afresh(world: World, event: dict[str, Any]) -> None:
    take(world, call(CREATE, 1))
    world.warden.records.remember_tags(ORDERS, {"owner": "before"})
    world.warden.records.remember_scan(ORDERS, "before")
    take(world, call(DELETE, 9))
    world.create_function("orders")
    arrival = take(world, event)
    assert arrival
    record = arrival.record
    assert record.first_seen == NOON + timedelta(minutes=20)
    assert (record.deleted_at, record.tags, record.scanned) == (None, None, "")
    assert "expires_at" not in (world.warden.table.get(f"FUNCTION#{ARN}", "RECORD") or {})


def test_a_late_deletion_of_a_predecessor_closes_nothing(world: World) -> None:
    take(world, call(CREATE, 20))
    open_alert(world)
    assert take(world, call(DELETE, 9)) is None
    assert world.announced() == []
    assert take(world, call(TAG, 21))


def test_a_clock_that_is_ahead_prolongs_no_grace_period(world: World) -> None:
    arrival = take(world, call(CREATE, 1) | {"time": None} | _detail(eventTime="2099-01-01T00:00Z"))
    assert arrival
    assert arrival.record.first_seen == NOW


def _detail(**changes: str) -> dict[str, Any]:
    return {"detail": call(CREATE, 1)["detail"] | changes}


def test_what_is_no_change_is_logged_with_its_reason(world: World, log: io.StringIO) -> None:
    assert take(world, cloudtrail(CREATE, errorCode="AccessDenied")) is None
    assert "the call failed (AccessDenied)" in log.getvalue()


def test_a_deletion_of_a_function_that_exists_hides_nothing(world: World) -> None:
    world.create_function("orders")
    take(world, call(CREATE, 1))
    take(world, call(DELETE, 9))
    assert world.warden.records.get(ORDERS).deleted_at is None
    assert take(world, call("UpdateFunctionCode20150331v2", 10))


def test_a_deletion_dated_far_ahead_hides_nothing_that_comes_after(world: World) -> None:
    take(world, call(CREATE, 1))
    forged = call(DELETE, 9)
    forged["detail"]["eventTime"] = "2090-01-01T00:00:00Z"
    take(world, forged)
    deleted = world.warden.records.get(ORDERS).deleted_at
    assert deleted is not None
    assert deleted <= NOW
    # Written down by an earlier version of Warden: a listing proves that it exists.
    world.warden.records.remember_deletion(ORDERS, NOW + timedelta(days=20_000))
    world.create_function("orders")
    assert take(world, observation(ORDERS, NOW))


def test_a_look_at_a_function_that_does_not_exist_opens_and_remembers_nothing(
    world: World,
) -> None:
    for number in range(3):
        nobody = FunctionArn("aws", "eu-west-1", "123456789012", f"nobody-{number}")
        assert take(world, observation(nobody, NOW)) is None
        assert world.warden.records.get(nobody).first_seen is None
        assert world.warden.stored_alerts.of(nobody) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        FunctionArn("aws", "eu-west-1", "999999999999", "orders"),
        FunctionArn("aws", "us-east-1", "123456789012", "orders"),
    ],
)
def test_a_function_of_another_account_or_region_than_the_event_is_dropped(
    world: World, log: io.StringIO, elsewhere: FunctionArn
) -> None:
    event = {**observation(ORDERS, NOW), "detail": {"functionArn": str(elsewhere)}}
    for forged in (event, observation(elsewhere, NOW)):
        dropped: list[FunctionArn] = []
        arrival = take_in(
            enveloped(forged),
            world.warden,
            scope="tags",
            now=NOW,
            on_elsewhere=dropped.append,
        )
        assert arrival is None
        assert dropped == [elsewhere]
        assert world.warden.records.get(elsewhere).first_seen is None
    assert log.getvalue().count("event dropped: its function is elsewhere") == 2


@pytest.mark.parametrize("accounts", [("999999999999",), ("*",)])
def test_an_account_that_is_named_is_watched_as_well(
    world: World, accounts: tuple[str, ...]
) -> None:
    world.warden.settings = world.warden.settings.model_copy(
        update={"config": WardenConfig(more_accounts=accounts)}
    )
    event = cloudtrail(
        "UpdateFunctionCode20150331v2",
        {"functionName": "orders"},
        recipientAccountId="999999999999",
    )
    assert take(world, event | {"account": "999999999999"})
