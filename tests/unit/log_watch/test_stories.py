"""What people are alerted to of what functions log, over days."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.log_watch.run import Watching
from functions.shared.config import LogSettings, WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError
from functions.shared.logs.own_patterns import key_of
from functions.shared.logs.subscription import unpacked
from functions.shared.state.table import Item, function_key
from tests.unit.conftest import ACCOUNT, NOW, REGION, World
from tests.unit.shared.sensor_lines import delivery, packed

ORDERS = FunctionArn.parse("orders", account=ACCOUNT, region=REGION)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ERROR = (
    "[ERROR] KeyError: 'amount'\rTraceback (most recent call last):\r"
    '  File "/var/task/app.py", line 7, in handler\r'
)


@pytest.fixture
def config() -> WardenConfig:
    return WardenConfig(logs=LogSettings(enabled=True, opt_out=("legacy-*",)))


@pytest.fixture(autouse=True)
def orders(world: World) -> None:
    """The function that is watched is known since before its log was read."""
    world.warden.records.met(ORDERS, NOW - 50 * DAY)


def arrive(
    world: World, at: datetime, *messages: str, group: str = "/aws/lambda/orders"
) -> dict[str, Any]:
    document = unpacked(delivery(*messages, at=at, group=group))
    assert document is not None
    return Watching.of(world.warden, NOW).take_in(document, at)


def items(world: World) -> list[Item]:
    """Everything that is remembered of its log."""
    return list(world.warden.table.query(function_key(ORDERS), "LOGS#"))


def learnt(world: World) -> datetime:
    """A function whose log has been read for forty days; now."""
    arrive(world, NOW - 40 * DAY, "ERROR the usual one")
    assert world.published() == []
    return NOW


def test_a_new_error_after_a_deployment_names_it_and_shows_a_redacted_sample(world: World) -> None:
    now = learnt(world)
    world.warden.records.remember_deployment(ORDERS, now - 3 * MINUTE, "ci-deploy")
    arrive(world, now, f"{ERROR} password=hunter22x 1-69ae3c40-0123456789abcdef01234567")
    alert, beside = sorted(world.published(), key=lambda one: str(one["rule"]))
    assert beside["rule"] == "sensitive-data-logged"
    assert (alert["rule"], alert["severity"]) == ("new-error", "high")
    assert "KeyError in app.py handler" in alert["title"]
    assert "by ci-deploy" in alert["reason"]
    assert "hunter22x" not in str(alert)
    assert alert["evidence"]["trace"] == "1-69ae3c40-0123456789abcdef01234567"
    assert "KeyError" in alert["evidence"]["log_query"]


def test_what_was_learnt_is_silent_and_a_new_one_ends_by_time(world: World) -> None:
    now = learnt(world)
    arrive(world, now - HOUR, "ERROR the usual one")
    assert world.published() == []
    arrive(world, now, ERROR)
    assert [alert["rule"] for alert in world.published()] == ["new-error"]
    Watching.of(world.warden, NOW).judge_all(now + 12 * HOUR)
    assert world.announced() == []
    Watching.of(world.warden, NOW).judge_all(now + 2 * DAY)
    assert world.announced()[-1] == ("resolved", "medium", "new-error")


def test_signals_need_no_learning(world: World) -> None:
    killed = "RequestId: x Error: Runtime exited with error: signal: killed"
    arrive(world, NOW, killed, "x Task timed out after 3.00 seconds")
    assert {alert["rule"] for alert in world.published()} == {"out-of-memory", "timed-out"}


def test_throttling_is_an_alert_when_it_is_frequent(world: World) -> None:
    for number in range(9):
        arrive(world, NOW + number * MINUTE, f"ThrottlingException {number}")
    assert world.published() == []
    arrive(world, NOW + 10 * MINUTE, "ThrottlingException")
    assert [alert["rule"] for alert in world.published()] == ["downstream-throttling"]


def test_no_value_of_what_is_sensitive_is_kept_anywhere(world: World) -> None:
    secrets = {
        "card": "4111 1111 1111 1111",
        "email": "ada.lovelace@example.com",
        "password": "hunter22xyz",
        "iban": "DE89370400440532013000",
        "phone": "+1 415 555 2671",
        "ssn": "536-22-1234",
    }
    lines = [f"{name}={value}" for name, value in secrets.items()]
    arrive(world, NOW, *lines, *(f"ERROR boom {line}" for line in lines))
    (alert,) = [one for one in world.published() if one["rule"] == "sensitive-data-logged"]
    assert "payment card number" in alert["evidence"]["kinds"]
    kept = f"{world.published()} {items(world)}"
    for value in secrets.values():
        assert value not in kept


def test_a_delivery_that_arrives_twice_is_counted_once(world: World) -> None:
    for _ in range(2):
        arrive(world, NOW, "password=hunter22x")
    store = Watching.of(world.warden, NOW)._store
    (one,) = store.known(ORDERS, NOW).sensitive
    assert one.count == 1


@pytest.mark.parametrize("group", ["/aws/lambda/lambda-warden-scanner", "/aws/lambda/legacy-x"])
def test_wardens_own_logs_and_those_that_opted_out_are_not_read(world: World, group: str) -> None:
    done = arrive(world, NOW, "password=hunter22x", group=group)
    assert done["left"]
    assert world.published() == []
    assert items(world) == []


def test_a_tag_opts_out(world: World) -> None:
    world.warden.records.remember_tags(ORDERS, {"warden:logs": "off"}, NOW)
    assert arrive(world, NOW, "password=hunter22x")["left"] == "opted out"


def test_a_flood_is_read_to_its_end_and_what_is_not_kept_is_said(world: World) -> None:
    letters = str.maketrans("0123456789", "ghijklmnop")
    for start in range(0, 5000, 500):
        lines = [f"ERROR {str(n).translate(letters)}x broke" for n in range(start, start + 500)]
        assert arrive(world, NOW + start * MINUTE, *lines)["read"] == 500
    rules = {alert["rule"] for alert in world.published()}
    assert "log-gap" in rules


@pytest.mark.parametrize(
    "document", [{"logGroup": "/x", "logStream": "y", "logEvents": []}, {"logEvents": 3, "owner": ACCOUNT, "logGroup": "/aws/lambda/orders"}]
)  # fmt: skip
def test_what_is_no_delivery_is_refused(world: World, document: dict[str, Any]) -> None:
    read = unpacked(packed(document))
    assert read is not None
    with pytest.raises(MalformedEventError):
        Watching.of(world.warden, NOW).take_in(read, NOW)


def test_a_pattern_of_ones_own_is_an_alert_and_a_wrong_file_costs_only_itself(world: World) -> None:
    warden = world.warden
    for name, text in {
        "ledger": 'title = "The ledger is off"\nexpressions = ["ledger off by"]\nseverity = "high"',
        "wrong": 'title = "x"',
    }.items():
        key = key_of(name)
        warden.aws.s3.put_object(Bucket=warden.settings.bucket, Key=key, Body=text.encode())
    later = NOW + HOUR
    document = unpacked(delivery("ledger off by 3", at=later))
    assert document is not None
    Watching.of(warden, later).take_in(document, later)
    (alert,) = world.published()
    assert (alert["rule"], alert["severity"]) == ("log-pattern", "high")
    assert alert["title"] == "The ledger is off"


@pytest.mark.parametrize(
    ("owner", "group"),
    [(ACCOUNT, "/aws/lambda/nobody"), ("999999999999", "/aws/lambda/orders")],
)
def test_lines_of_no_function_that_is_watched_are_believed_by_nobody(
    world: World, owner: str, group: str
) -> None:
    """Whoever may invoke the log-watch says whose lines they are."""
    document = unpacked(delivery(ERROR, at=NOW, group=group, owner=owner))
    assert document is not None
    done = Watching.of(world.warden, NOW).take_in(document, NOW)
    assert done["left"] == "no function that is watched here"
    assert world.published() == []
    assert items(world) == []
