"""What is taken for the rhythm of a function."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from warden.backtest.rhythm import Rhythm, rhythm_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ROWS = 28 * 288


def rhythm(calls: np.ndarray) -> Rhythm:
    """The rhythm of four weeks of calls that begin on a Monday."""
    starts = int(MONDAY.timestamp()) + 300 * np.arange(ROWS)
    series = Series(calls.astype(np.float64), starts.astype("datetime64[s]"))
    return rhythm_of({Signal.INVOCATIONS: series}, MONDAY + timedelta(days=28))


def row(*, day: int, hour: float) -> int:
    """A period of a day of the first week."""
    return round((day * 24 + hour) * 12)


def test_a_nightly_job_on_working_days() -> None:
    calls = np.zeros(ROWS)
    for day in range(28):
        if day % 7 < 5:
            calls[row(day=day, hour=3.5)] = 1
    found = rhythm(calls)
    assert "at 03:00 UTC Mon to Fri." in found.text
    assert found.longest_pause == pytest.approx(3 * 1440 - 5, abs=5)
    assert found.missed_after is not None
    assert found.missed_after <= timedelta(days=5)


def test_a_schedule_of_fifteen_minutes_is_missed_within_the_hour() -> None:
    calls = np.zeros(ROWS)
    calls[::3] = 1
    found = rhythm(calls)
    assert "a schedule, 4 calls in every hour" in found.text
    assert found.missed_after is not None
    assert found.missed_after <= timedelta(hours=1)


def test_an_interface_that_people_use_by_day() -> None:
    noise = np.random.default_rng(7)
    hour = np.arange(ROWS) % 288 / 12
    calls = noise.poisson(100 * (1.2 + np.cos((hour - 14) / 24 * 2 * np.pi)))
    found = rhythm(calls)
    assert not found.is_schedule
    assert "no exact schedule, usually" in found.text
    assert found.hourly[14] > 5 * found.hourly[2]


def test_too_little_is_said_to_be_unknown() -> None:
    assert "unknown" in rhythm_of({}, MONDAY).text
    assert rhythm_of({}, MONDAY).missed_after is None
