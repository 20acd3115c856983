"""The account's own metrics: what stands out, and what is told of it."""

from datetime import timedelta

import numpy as np
import pytest

from functions.anomaly_detector.account.runaway import (
    follow,
    is_worth_telling,
    verdict,
)
from functions.anomaly_detector.account.tripwire import (
    AccountSignal,
    Trip,
    is_blind,
    last_throttle,
    trips,
)
from functions.anomaly_detector.metrics.series import Series
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS

MINUTE = timedelta(minutes=1)
DAY = 25 * 60


def series(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Series:
    newest = np.datetime64((NOW - MINUTE).replace(tzinfo=None), "s")
    return Series(values, newest - np.arange(len(values))[::-1] * np.timedelta64(60, "s"))


def busy(seed: int = 1, calls: float = 5000.0) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """A day and an hour of an account with a daily wave, noise, and a job at each full hour."""
    minutes = np.arange(DAY)
    wave = 1.0 + 0.6 * np.sin(2 * np.pi * minutes / 1440)
    values = np.random.default_rng(seed).poisson(calls * wave).astype(np.float64)
    values[(minutes - DAY) % 60 == 0] += 2000
    return values


def found(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[Trip]:
    return trips({AccountSignal.CALLS: series(values)})


@pytest.mark.parametrize("seed", range(20))
def test_an_ordinary_day_with_hourly_jobs_does_not_stand_out(seed: int) -> None:
    values = busy(seed)
    for minute in range(0, 60, 7):
        assert not found(values[: DAY - minute])


@pytest.mark.parametrize("rise", [4000, 20_000])
def test_the_first_minute_of_a_runaway_stands_out(rise: float) -> None:
    values = busy()
    values[-1] += rise
    [trip] = found(values)
    assert trip.at == NOW - MINUTE
    assert trip.value == values[-1]


def test_a_ramp_and_what_happens_every_day_do_not_stand_out() -> None:
    ramp = busy()
    ramp[-180:] += np.linspace(0, 15_000, 180)
    assert not found(ramp)
    batch = busy()
    batch[-3:] += 20_000
    batch[-1443:-1437] += 20_000
    assert not found(batch)


def test_little_more_in_a_sleeping_account_does_not_stand_out() -> None:
    values = np.zeros(DAY)
    values[-2:] = 60
    assert not found(values)
    values[-2:] = 600
    assert len(found(values)) == 1


def test_too_little_is_known_of_a_new_account() -> None:
    assert not found(busy()[-20:])
    assert is_blind({AccountSignal.CALLS: Series.empty()})


def test_the_last_throttle_is_known() -> None:
    values = np.zeros(DAY)
    assert last_throttle({AccountSignal.THROTTLES: series(values)}) is None
    values[-8] = 3
    assert last_throttle({AccountSignal.THROTTLES: series(values)}) == NOW - 8 * MINUTE


def trip(value: float, ceiling: float = 100.0) -> Trip:
    return Trip(AccountSignal.CONCURRENCY, NOW, value, ceiling)


def account(concurrency: float, minutes: int = 60) -> dict[AccountSignal, Series]:
    return {AccountSignal.CONCURRENCY: series(np.full(minutes, concurrency))}


def test_an_incident_of_the_account_begins_is_followed_and_ends() -> None:
    incident = follow(None, account(400), [trip(400)], limit=1000, share=0.9)
    assert incident
    assert not is_worth_telling(incident), "a culprit may be found in the next minute"
    [finding] = verdict(ORDERS, incident, ["crawler"]).findings
    assert "concurrency 400, 4 times the highest of the day before" in finding.reason
    assert "Under suspicion: crawler." in finding.reason
    assert finding.severity.label == "high"
    calm = {
        AccountSignal.CONCURRENCY: Series(
            np.full(9, 40.0), account(0, 9)[AccountSignal.CONCURRENCY].timestamps + 540
        )
    }
    assert follow(incident, calm, [], limit=1000, share=0.9) is None
    assert follow(incident, {}, [], limit=1000, share=0.9) == incident, "unknown ends nothing"


def test_concurrency_near_the_accounts_limit_is_critical_whatever_is_usual() -> None:
    incident = follow(None, account(950), [], limit=1000, share=0.9)
    assert incident
    assert is_worth_telling(incident)
    [finding] = verdict(ORDERS, incident, []).findings
    assert finding.severity.label == "critical"
    assert "concurrency 950 of 1,000" in finding.reason
    assert "No single function stands out yet." in finding.reason
