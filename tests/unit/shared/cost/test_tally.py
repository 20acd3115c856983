"""How many metrics were read is counted by the hour, and never lost for an outage of a moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from functions.shared.aws.clients import ClientError
from functions.shared.aws.observability import count_metrics_read, read_metrics
from functions.shared.cost import tally
from tests.unit.conftest import NOW, World

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_lambda(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a function of the deployment, of which nothing was counted yet."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "lambda-warden-anomaly-detector")
    monkeypatch.setattr(tally, "deployment", lambda: world.warden)
    read_metrics.clear()
    yield
    read_metrics.clear()


def count(world: World, queries: int, now: datetime) -> None:
    count_metrics_read(queries)
    tally.write_down(world.warden.table, now)


def test_counts_of_an_hour_add_up_and_a_period_takes_its_own_hours(world: World) -> None:
    for queries, at in ((5, NOW - HOUR), (7, NOW - HOUR), (11, NOW), (13, NOW + HOUR)):
        count(world, queries, at)
    table = world.warden.table
    assert tally.metrics_read(table, NOW - HOUR, NOW) == 12
    assert tally.metrics_read(table, NOW - HOUR, NOW + HOUR) == 23
    assert tally.metrics_read(table, NOW + 2 * HOUR, NOW + 3 * HOUR) == 0


def test_an_invocation_writes_what_it_read_though_it_failed(world: World) -> None:
    @tally.tallied
    def handler(queries: int) -> None:
        count_metrics_read(queries)
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        handler(3)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    assert tally.metrics_read(world.warden.table, now - HOUR, now + 2 * HOUR) == 3
    assert not read_metrics


def test_an_invocation_that_reads_nothing_writes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the table was written to")

    monkeypatch.setattr(world.warden.table, "add", refuse)
    assert tally.tallied(lambda: "done")() == "done"


def test_what_could_not_be_written_is_in_the_next_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "Throttling", "Message": ""}}, "UpdateItem")

    with monkeypatch.context() as broken:
        broken.setattr(world.warden.table, "add", out)
        count(world, 4, NOW)
    count(world, 5, NOW)
    assert tally.metrics_read(world.warden.table, NOW, NOW + HOUR) == 9


def test_a_persons_command_is_not_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME")
    count_metrics_read(100)
    assert not read_metrics
    assert tally.metrics_read(world.warden.table, NOW, NOW + HOUR) == 0
