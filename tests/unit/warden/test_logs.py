"""`warden logs`: dry first; what was found is listed by kind and place, never by value."""

from pathlib import Path

import pytest

from functions.log_watch.run import Watching
from functions.shared.config import LogSettings, WardenConfig
from functions.shared.logs.subscription import unpacked
from tests.unit.conftest import NOW
from tests.unit.shared.sensor_lines import delivery
from tests.unit.warden.conftest import Desk

GROUP = "/aws/lambda/checkout"


@pytest.fixture
def config() -> WardenConfig:
    return WardenConfig(logs=LogSettings(enabled=True))


def filters(desk: Desk) -> list[str]:
    answer = desk.world.warden.aws.logs.describe_subscription_filters(logGroupName=GROUP)
    return [one["filterName"] for one in answer["subscriptionFilters"]]


def test_a_log_is_subscribed_beside_others_and_unsubscribed(desk: Desk) -> None:
    desk.world.create_function("checkout")
    desk.world.create_function("lambda-warden-log-watch")
    logs = desk.world.warden.aws.logs
    logs.create_log_group(logGroupName=GROUP)
    assert "Nothing was done" in desk.look("logs", "subscribe", "checkout")
    assert filters(desk) == []
    assert desk.read("logs", "subscribe", "checkout", "--yes")["done"]
    assert filters(desk) == ["lambda-warden-logs"]
    assert desk.read("logs", "subscribe", "checkout", "--yes")["changes"] == []
    assert desk.read("logs", "unsubscribe", "checkout", "--yes")["done"]
    assert filters(desk) == []


def test_personal_data_is_listed_with_its_retention_and_query(desk: Desk) -> None:
    desk.world.create_function("checkout")  # lines about others are not believed
    warden = desk.world.warden
    document = unpacked(delivery("mail to ada@example.com", "ERROR x", at=NOW, group=GROUP))
    assert document is not None
    Watching.of(warden, NOW).take_in(document, NOW)
    warden.aws.logs.create_log_group(logGroupName=GROUP)
    warden.aws.logs.put_retention_policy(logGroupName=GROUP, retentionInDays=30)
    (row,) = desk.read("logs", "personal-data", status=1)
    assert (row["function"], row["kind"], row["kept"]) == ("checkout", "e-mail address", "30 days")
    assert "@message like" in row["query"]
    assert "ada@" not in str(row)


def test_that_nothing_is_read_is_said(desk: Desk) -> None:
    assert "No log is read yet" in desk.look("logs", "personal-data")


def test_a_pattern_is_checked_before_it_is_put(desk: Desk, tmp_path: Path) -> None:
    warden, file = desk.world.warden, tmp_path / "ledger.toml"
    file.write_text('title = "The ledger is off"\nexpressions = ["(a"]')
    assert "expressions" in desk.refused("logs", "pattern", str(file), "--yes")
    file.write_text('title = "The ledger is off"\nexpressions = ["ledger off"]')
    assert desk.read("logs", "pattern", str(file), "--yes")["done"]
    kept = warden.aws.s3.list_objects_v2(Bucket=warden.settings.bucket, Prefix="log-patterns/")
    assert [one["Key"] for one in kept["Contents"]] == ["log-patterns/ledger.toml"]
