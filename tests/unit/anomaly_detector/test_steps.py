"""Small runaways: a step of the account's sums."""

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from functions.anomaly_detector.account.steps import levels, steps
from functions.anomaly_detector.account.tripwire import AccountSignal, trips
from functions.anomaly_detector.metrics.series import Series
from tests.unit.conftest import NOW

Floats = NDArray[np.float64]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LENGTH = 25 * 60
AT_ONCE = 60_000.0  # milliseconds a minute of one execution
BUSY, CALLS = AccountSignal.BUSY, AccountSignal.CALLS


def day(seed: int = 1, executions: float = 190.0) -> Floats:
    """Executions at once, on average over each minute: a daily wave, and little noise."""
    wave = 1.0 + 0.25 * np.sin(2 * np.pi * np.arange(LENGTH) / 1440)
    noise = np.random.default_rng(seed).standard_normal(LENGTH)
    return executions * wave + 0.009 * executions * noise


def account(executions: Floats) -> dict[AccountSignal, Series]:
    newest = np.datetime64((NOW - MINUTE).replace(tzinfo=None), "s")
    timestamps = newest - np.arange(len(executions))[::-1] * np.timedelta64(60, "s")
    return {
        CALLS: Series(np.round(executions * 130), timestamps),
        BUSY: Series(executions * AT_ONCE, timestamps),
    }


def found(executions: Floats) -> list[AccountSignal]:
    return [step.signal for step in steps(account(executions))]


def backwards(values: Floats, minutes: int) -> Floats:
    """The day as it was some minutes ago."""
    return values[: len(values) - minutes]


@pytest.mark.parametrize("seed", range(10))
def test_twenty_executions_in_an_account_of_190_are_a_step_in_their_second_minute(
    seed: int,
) -> None:
    executions = day(seed)
    executions[-1] += 20
    assert not found(executions), "one minute may be a burst"
    executions[-2] += 20
    assert BUSY in found(executions)
    [step] = [step for step in steps(account(executions)) if step.signal is BUSY]
    assert step.at == NOW - MINUTE
    assert step.value - step.before == pytest.approx(20 * AT_ONCE, rel=0.4)


def test_a_newest_minute_that_is_still_arriving_hides_nothing() -> None:
    executions = day()
    executions[-3:] += 20
    executions[-1] *= 0.4
    assert BUSY in found(executions)


@pytest.mark.parametrize("seed", range(10))
def test_an_ordinary_day_has_no_steps(seed: int) -> None:
    executions = day(seed)
    assert not any(found(backwards(executions, minutes)) for minutes in range(0, 120, 7))


def test_what_stays_is_a_step_for_some_minutes_only() -> None:
    executions = day()
    executions[-30:] += 20
    seen = [bool(found(backwards(executions, minutes))) for minutes in range(29, -1, -1)]
    assert 3 <= sum(seen) <= 9
    assert not any(seen[10:])


def test_jobs_by_the_hour_wake_nobody_and_hide_no_runaway_at_another_minute() -> None:
    executions = day()
    for hour in range(25):
        executions[LENGTH - 60 * hour - 3 : LENGTH - 60 * hour] += 60 + hour
    assert not found(executions)
    between = backwards(executions, 30)
    between[-2:] += 20
    assert not trips(account(between)), "beside the day it is nothing"
    assert BUSY in found(between)


def test_jobs_every_two_hours_and_every_day_wake_nobody() -> None:
    every_two = day()
    for hour in range(0, 25, 2):
        every_two[LENGTH - 60 * hour - 3 : LENGTH - 60 * hour] += 60
    assert not found(every_two)
    nightly = day()
    nightly[-3:] += 60
    nightly[-1443 + 9 : -1440 + 9] += 60
    assert not found(nightly)


def test_an_unsteady_account_wakes_nobody_for_what_it_does_all_day() -> None:
    executions = day()
    for minute in (131, 444, 700, 973, 1288):
        executions[minute : minute + 4] += 40
    executions[-2:] += 30
    assert not found(executions)
    executions[-2:] += 60
    assert BUSY in found(executions), "more than it does all day"


def test_growth_and_a_steep_morning_are_no_steps() -> None:
    ramp = day()
    ramp[-120:] += np.linspace(0, 120, 120)
    assert not any(found(backwards(ramp, minutes)) for minutes in range(0, 90, 5))
    grown = day() * np.linspace(1.0, 1.5, LENGTH)
    assert not found(grown)


def test_the_way_back_from_a_dip_is_no_step() -> None:
    executions = day()
    executions[-12:-2] *= 0.5
    assert not found(executions)


@pytest.mark.parametrize("minutes", [3, 20, 90])
def test_the_way_back_from_a_gap_in_the_metrics_is_no_step(minutes: int) -> None:
    executions = day()
    executions[-9 - minutes : -9] = 0.0
    assert not any(found(backwards(executions, ago)) for ago in range(10))


def test_what_rose_during_a_gap_in_the_metrics_is_a_step() -> None:
    executions = day()
    executions[-12:-2] = 0.0
    executions[-2:] += 40
    assert BUSY in found(executions)


def test_little_more_in_a_sleeping_account_is_no_step() -> None:
    executions = np.zeros(LENGTH)
    executions[-2:] = 0.5
    assert not found(executions)
    executions[-2:] = 8.0
    assert BUSY in found(executions)


def test_too_little_is_known_of_a_new_account() -> None:
    executions = day()
    executions[-2:] += 90
    assert not found(executions[-150:])
    assert not steps({BUSY: Series.empty()})
    assert not steps({})


def test_the_highest_of_the_newest_minutes_is_remembered() -> None:
    executions = day()
    executions[-3] += 50
    assert levels(account(executions))[BUSY] == executions[-3] * AT_ONCE
    assert levels({BUSY: Series.empty()}) == {}
