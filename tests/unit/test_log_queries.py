"""What the dashboard asks of the logs, asked of lines as the deployed code writes them."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from functions.notifier.gauges import log_what_is_open
from functions.reporter.run import store_report
from functions.shared.aws.observability import read_metrics
from functions.shared.aws.queue import consume
from functions.shared.core.severity import Severity
from functions.shared.cost.tally import write_down
from functions.sweep.handler import sweep
from stacks import log_queries
from tests.insights import Line, UnknownFieldError, answer
from tests.unit.conftest import NOW, World
from tests.unit.notifier.scene import Scene
from tests.unit.shared.events import sqs_batch


def lines(log: io.StringIO, at: datetime = NOW) -> list[tuple[datetime, Line]]:
    """What was logged since the last look, and an event that is none of Warden's lines."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    log.truncate(log.seek(0))
    return [(at, {"type": "platform.report"}), *((at, line) for line in found)]


def test_what_is_open_is_what_was_counted_last(world: World, log: io.StringIO) -> None:
    scene = Scene.of(world)
    scene.judge("orders", scene.find("orders", severity=Severity.CRITICAL))
    log_what_is_open(world.warden)
    written = lines(log)
    scene.judge("films", scene.find("films", severity=Severity.LOW))
    log_what_is_open(world.warden)
    later = NOW + timedelta(hours=1)
    written += lines(log, later)
    assert answer(log_queries.open_now(), written) == [
        {
            "critical": 1, "high": 0, "medium": 0, "low": 1, "info": 0,
            "accepted_or_muted": 0, "not_looked_at": 0, "actions_in_force": 0,
        }
    ]  # fmt: skip
    by_hour = answer(log_queries.open_by_severity(), written)
    assert [(row["bin(1h)"], row["critical"], row["low"]) for row in by_hour] == [
        (NOW, 1, 0),
        (later, 1, 1),
    ]
    for row in answer(log_queries.actions_and_gaps(), written):
        assert (row["actions_in_force"], row["not_looked_at"]) == (0, 0)


def test_the_size_of_the_estate_is_what_the_sweep_listed(world: World, log: io.StringIO) -> None:
    world.create_function("orders")
    world.create_function("films")
    sweep(world.warden, NOW)
    written = lines(log)
    assert answer(log_queries.functions_now(), written) == [{"in_the_estate": 2}]
    (row,) = answer(log_queries.functions_over_time(6), written)
    assert row == {"bin(6h)": NOW, "in_the_estate": 2}


def test_the_cost_is_what_the_report_estimates(world: World, log: io.StringIO) -> None:
    world.warden.aws.cloudformation.create_stack(
        StackName="lambda-warden",
        TemplateBody=json.dumps(
            {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
        ),
    )
    read_metrics.append(700_000)
    write_down(world.warden.table, NOW - timedelta(days=1))
    store_report(world.warden, NOW)
    (row,) = answer(log_queries.cost_by_day(), lines(log))
    assert row["metrics_read"] == pytest.approx(7 * 730 / 168, abs=0.01)
    assert row["everything_else"] == 0
    assert row["bin(24h)"] == datetime(2026, 3, 10, tzinfo=UTC)


def test_errors_are_counted_by_part_and_by_what_they_say(world: World, log: io.StringIO) -> None:
    for _ in range(3):
        consume(
            sqs_batch("{"),
            lambda _: None,
            settings=world.warden.settings,
            sqs=world.warden.aws.sqs,
        )
    world.create_function("orders")
    sweep(world.warden, NOW)
    (row,) = answer(log_queries.what_went_wrong(), lines(log))
    assert (row["message"], row["times"]) == ("message set aside", 3)
    assert {"service", "last"} <= set(row)


def test_a_field_that_no_line_has_is_noticed(world: World, log: io.StringIO) -> None:
    sweep(world.warden, NOW)
    written = [
        (at, {key: value for key, value in line.items() if key != "functions"})
        for at, line in lines(log)
    ]
    with pytest.raises(UnknownFieldError, match="functions"):
        answer(log_queries.functions_now(), written)
