"""How often a function is looked at, and how closely."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.anomaly_detector.metrics.schedule import (
    GROUP_SIZE,
    Due,
    Pace,
    Resolution,
    busiest,
    due,
    group_count,
    group_of,
    has_turn,
    minute_end,
    period_end,
)
from functions.shared.config import Looks
from tests.unit.conftest import NOW

MINUTE = timedelta(minutes=1)


def decide(
    minutes_ago: float,
    *,
    calls: float = 500.0,
    busiest: float = 50.0,
    hot: bool = False,
    called_out: bool = False,
    in_trouble: bool = False,
) -> Due:
    looked_at = NOW - minutes_ago * MINUTE
    return due(
        Pace(looked_at, period_end(looked_at), calls, busiest),
        NOW,
        Looks(),
        hot=hot,
        called_out=called_out,
        period_end=period_end(NOW),
        in_trouble=in_trouble,
    )


@pytest.mark.parametrize(
    ("minutes_ago", "calls", "busiest", "resolution"),
    [
        (14, 500, 50, Resolution.NONE),
        (15, 500, 50, Resolution.PERIODS),
        (59, 30, 3, Resolution.NONE),
        (60, 30, 3, Resolution.PERIODS),
        (119, 0, 0, Resolution.NONE),
        (120, 0, 0, Resolution.PERIODS),
    ],
)
def test_the_busy_are_looked_at_often_the_idle_seldom(
    minutes_ago: float, calls: float, busiest: float, resolution: Resolution
) -> None:
    assert decide(minutes_ago, calls=calls, busiest=busiest).resolution is resolution


@pytest.mark.parametrize("calls", [0, 30, 500])
def test_the_end_of_an_alert_waits_for_no_quiet_functions_turn(calls: float) -> None:
    one = decide(15, calls=calls, busiest=calls / 10, in_trouble=True)
    assert one.resolution is Resolution.PERIODS
    assert (
        decide(14, calls=calls, busiest=calls / 10, in_trouble=True).resolution is Resolution.NONE
    )


def test_the_reason_says_why() -> None:
    assert decide(20).reason == "it is busy, last looked at 20 minutes ago"
    assert decide(20, busiest=3).reason == "it is quiet, last looked at 20 minutes ago"


@pytest.mark.parametrize(
    ("minutes_ago", "calls", "resolution"),
    [(1, 500, Resolution.MINUTES), (6, 500, Resolution.PERIODS), (1, 0, Resolution.NONE)],
)
def test_suspects_are_looked_at_every_minute_while_they_are_called(
    minutes_ago: float, calls: float, resolution: Resolution
) -> None:
    assert decide(minutes_ago, calls=calls, hot=True).resolution is resolution


def test_when_the_account_stands_out_everybody_is_looked_at_closely() -> None:
    assert decide(2, called_out=True).resolution is Resolution.MINUTES
    assert decide(2, calls=0, busiest=0, called_out=True).resolution is Resolution.MINUTES


def test_a_first_look_and_a_wrong_clock_read_periods() -> None:
    first = due(
        Pace(),
        NOW,
        Looks(),
        hot=False,
        called_out=False,
        period_end=period_end(NOW),
    )
    assert first.resolution is Resolution.PERIODS
    assert "clock" in decide(-30).reason


@given(st.integers(0, 10_000))
def test_an_idle_function_is_looked_at_before_cloudwatch_forgets_it(seconds: int) -> None:
    looks = Looks()
    longest = timedelta(hours=3) - timedelta(minutes=looks.quiet_minutes)
    decision = decide(seconds / 60, calls=0, busiest=0)
    assert (decision.resolution is Resolution.PERIODS) is (
        timedelta(seconds=seconds) >= longest - timedelta(seconds=30)
    )


def test_a_metric_is_waited_for_as_long_as_invocations_last() -> None:
    assert period_end(NOW) == NOW - 5 * MINUTE
    assert period_end(NOW, timedelta(minutes=9)) == NOW - 10 * MINUTE
    assert period_end(NOW, timedelta(hours=3)) == NOW - 20 * MINUTE
    assert minute_end(NOW + timedelta(seconds=59)) == NOW


def test_what_is_busy_for_one_period_an_hour_is_not_busy() -> None:
    assert busiest([0, 400, 0, 0]) == 0
    assert busiest([30, 25, 40]) == 25
    assert busiest([]) == 0


@given(st.integers(0, 20_000), st.sampled_from([0, 1, 2, 16, 256]))
def test_groups_are_neither_too_large_nor_too_many(functions: int, present: int) -> None:
    count = group_count(functions, present)
    assert count & (count - 1) == 0, "a power of two, so that a group splits in two"
    assert functions <= count * GROUP_SIZE
    assert count == 1 or functions >= count * GROUP_SIZE // 4


@given(st.text(min_size=1, max_size=40), st.sampled_from([1, 2, 8, 64]))
def test_a_group_splits_into_two_of_its_own(name: str, groups: int) -> None:
    assert group_of(name, 2 * groups) % groups == group_of(name, groups)


def test_every_group_has_its_turn_once_in_an_interval() -> None:
    for group in (0, 3, 255):
        turns = [has_turn(group, NOW + minute * MINUTE, Looks()) for minute in range(60)]
        assert sum(turns) == 4
