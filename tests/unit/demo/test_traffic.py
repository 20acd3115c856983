from datetime import UTC, datetime, timedelta

import pytest

from demo.estate.sample import Traffic
from demo.estate.traffic import STEP, history, whole_account
from demo.local_aws.metrics.series import MetricSeries

WEDNESDAY_NOON = datetime(2026, 5, 6, 12, 3, 20, tzinfo=UTC)
CALM = Traffic(per_minute=60, duration_ms=500)


def invocations(traffic: Traffic) -> MetricSeries:
    return next(s for s in history("f", traffic, WEDNESDAY_NOON) if s.name == "Invocations")


def count_at(series: MetricSeries, at: datetime) -> float:
    return series.counts[(at - series.start) // STEP]


def test_two_weeks_reach_beyond_now_so_that_the_newest_period_is_never_empty() -> None:
    series = invocations(CALM)
    assert series.start == datetime(2026, 4, 22, 12, 0, tzinfo=UTC)
    assert series.start + STEP * len(series.values) > WEDNESDAY_NOON + timedelta(minutes=20)


def test_nights_and_weekends_are_calmer() -> None:
    series = invocations(CALM)
    noon = count_at(series, WEDNESDAY_NOON)
    assert count_at(series, WEDNESDAY_NOON - timedelta(hours=10)) < noon / 2
    assert count_at(series, WEDNESDAY_NOON - timedelta(days=3)) < noon * 0.8


@pytest.mark.parametrize(("minutes_ago", "factor"), [(60, 1), (10, 40)])
def test_a_runaway_shows_in_the_last_half_hour_only(minutes_ago: int, factor: int) -> None:
    at = WEDNESDAY_NOON - timedelta(minutes=minutes_ago)
    wild = invocations(Traffic(per_minute=60, duration_ms=500, runaway_factor=40))
    expected = factor * count_at(invocations(CALM), at)
    assert count_at(wild, at) == pytest.approx(expected, rel=0.01)


def test_the_same_function_has_the_same_history() -> None:
    assert history("f", CALM, WEDNESDAY_NOON) == history("f", CALM, WEDNESDAY_NOON)


def test_the_account_shows_all_functions_together() -> None:
    parts = [history(name, CALM, WEDNESDAY_NOON) for name in ("a", "b")]
    account = {one.name: one for one in whole_account([*parts[0], *parts[1]])}
    by_name = [{one.name: one for one in part} for part in parts]
    assert account.keys() == by_name[0].keys()
    assert all(not one.dimensions for one in account.values())
    first, second = (one["Duration"] for one in by_name)
    assert account["Duration"].counts[0] == first.counts[0] + second.counts[0]
    least, most = sorted((first.values[0] or 0, second.values[0] or 0))
    assert least <= (account["Duration"].values[0] or 0) <= most
    running = sum(one["ConcurrentExecutions"].values[0] or 0 for one in by_name)
    assert account["ConcurrentExecutions"].values[0] == running
