"""`warden estate`: who owns what, and how that is known."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

from functions.shared.aws.listing import Listed
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.estate.snapshot import write_snapshot
from functions.shared.estate.use import Use, write_use
from functions.shared.state.memory_table import MemoryTable
from tests.unit.conftest import ACCOUNT, NOW, REGION
from tests.unit.warden.conftest import Desk

TODAY = NOW.date()


def arn(name: str) -> FunctionArn:
    return FunctionArn("aws", REGION, ACCOUNT, name)


def an_estate(desk: Desk) -> None:
    """Three functions: one whose tags say all, one that is inferred, one that nobody knows."""
    warden = desk.world.warden
    found = [
        Listed(arn("orders"), runtime="python3.13", memory_mib=1024, modified="2026-01-02T03:04"),
        Listed(arn("cmd"), runtime="nodejs22.x"),
        Listed(arn("stray"), package_type="Image"),
    ]
    write_snapshot(warden.aws.s3, warden.settings.bucket, found, NOW)
    warden.records.remember_tags(arn("orders"), {"owner": "payments"}, NOW)
    warden.records.remember_belonging(
        arn("orders"),
        owner="payments",
        owner_by="its tag owner",
        environment="production",
        environment_by="the policy's pattern name ord*",
    )
    warden.records.remember_belonging(
        arn("cmd"), owner="=1+1", owner_by="the tag owner of its stack s", environment="",
        environment_by="",
    )  # fmt: skip
    warden.records.remember_deployment(arn("cmd"), NOW, "jo@example.com")
    use = {arn("orders"): Use(TODAY - timedelta(9), TODAY, TODAY, {TODAY: (1e6, 1e8)})}
    write_use(warden.aws.s3, warden.settings.bucket, use)
    desk.scene.judge("orders", desk.scene.find("orders", severity=Severity.HIGH))


def test_every_function_has_a_row_and_what_is_unknown_says_so(desk: Desk) -> None:
    an_estate(desk)
    answer = desk.read("estate")
    assert answer["listed_at"] == NOW.isoformat()
    rows = {one["function"]: one for one in answer["functions"]}
    assert list(rows) == ["cmd", "orders", "stray"]
    orders = rows["orders"]
    assert (orders["owner"], orders["owner_by"]) == ("payments", "its tag owner")
    assert orders["environment_by"] == "the policy's pattern name ord*"
    assert (orders["findings"], orders["worst"]) == (1, "high")
    assert orders["last_call"] == f"{TODAY} or later"
    assert orders["monthly_usd"] == 1.8667  # a million requests, 100,000 GB-s on x86_64
    assert rows["cmd"]["changed_by"] == "jo@example.com"
    stray = rows["stray"]
    assert (stray["owner"], stray["environment"]) == ("unknown", "unclassified")
    assert (stray["last_call"], stray["monthly_usd"]) == ("unknown", None)
    assert stray["runtime"] == "container image"


def test_filters_and_sorting(desk: Desk) -> None:
    an_estate(desk)

    def names(*options: str) -> list[str]:
        return [one["function"] for one in desk.read("estate", *options)["functions"]]

    assert names("--owner", "unknown") == ["stray"]
    assert names("--environment", "unclassified") == ["cmd", "stray"]
    assert names("--function", "o*") == ["orders"]
    assert names("--state", "quarantine") == []
    assert names("--sort", "findings", "--descending")[0] == "orders"
    assert names("--sort", "monthly_usd")[0] == "orders"
    assert names("--sort", "monthly_usd", "--descending")[0] == "orders"


def test_a_spreadsheet_takes_no_tag_for_a_formula(desk: Desk) -> None:
    an_estate(desk)
    done = desk.type("estate", "--format", "csv")
    rows = {one["function"]: one for one in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["cmd"]["owner"] == "'=1+1"
    assert rows["stray"]["monthly_usd"] == ""


def test_people_read_a_table_and_what_is_inferred_is_marked(desk: Desk) -> None:
    an_estate(desk)
    wide = desk.look("estate", columns=160)
    assert "production (inferred)" in wide
    assert "3 of 3 functions, as listed at 2026-03-10 12:00 UTC" in wide
    assert "payments, production" in desk.look("estate", columns=60)


def test_without_a_sweep_there_is_no_table(desk: Desk) -> None:
    assert "no sweep has listed the functions yet" in desk.refused("estate", status=3)


def test_nothing_is_asked_for_each_function(desk: Desk) -> None:
    warden = desk.world.warden
    found = [Listed(arn(f"f-{number}")) for number in range(1000)]
    write_snapshot(warden.aws.s3, warden.settings.bucket, found, NOW)
    calls: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    warden.aws.s3.meta.events.register("before-call", count)
    try:
        assert len(desk.read("estate")["functions"]) == 1000
    finally:
        warden.aws.s3.meta.events.unregister("before-call", count)
    assert calls == {"GetObject": 2}
    assert isinstance(warden.table, MemoryTable)
