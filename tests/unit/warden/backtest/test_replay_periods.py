"""Replays of periods other than the live ones, and of ends between two looks."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.alerting.alert import State
from functions.shared.config import DetectorPolicy
from tests.unit.anomaly_detector.series import MONDAY, Times, Values, office, times
from tests.unit.shared.findings import ORDERS
from warden.backtest.replay import AlertChange, Subject, replay

BEGIN = datetime.fromisoformat(str(MONDAY)).replace(tzinfo=UTC)


def event(
    signals: dict[Signal, Values], at: Times, period: int, *, days: float
) -> list[AlertChange]:
    end = BEGIN + timedelta(seconds=period * len(at))
    return list(
        replay(
            Subject(ORDERS),
            {signal: Series(values, at) for signal, values in signals.items()},
            DetectorPolicy(),
            start=end - timedelta(days=days),
            end=end,
            period_seconds=period,
        )
    )


@pytest.mark.parametrize("period", [60, 120, 420, 600, 900, 1800, 3600])
def test_a_runaway_of_twelve_hours_is_told_whatever_the_period(period: int) -> None:
    at = times(16.5, period)
    calls = office(at, calls=400 * period / 300)
    calls[-12 * 3600 // period :] *= 50
    changes, *more = event({Signal.INVOCATIONS: calls}, at, period, days=2)
    assert changes.alert.state is State.OPENED
    assert {one.alert.state for one in more} <= {State.UPDATED}
    assert changes.at - (BEGIN + timedelta(days=16)) <= timedelta(hours=1, minutes=30)


def test_a_runaway_in_hours_is_over_after_an_hour_within_what_is_usual() -> None:
    at = times(16.5, 3600)
    calls = office(at, calls=4800)
    calls[-9:-5] *= 50
    opened, *_, resolved = event({Signal.INVOCATIONS: calls}, at, 3600, days=2)
    assert opened.at == BEGIN + timedelta(days=16.5, hours=-8)
    assert resolved.alert.state is State.RESOLVED
    assert resolved.at <= BEGIN + timedelta(days=16.5, hours=-1)


def test_no_look_sees_a_period_that_is_not_over() -> None:
    at = times(16.5, 600)
    calls = office(at, calls=800)
    calls[-20:] *= 50
    changes, *_ = event({Signal.INVOCATIONS: calls}, at, 600, days=1)
    assert changes.incident
    assert changes.at >= changes.incident.since + timedelta(seconds=600)


def test_what_happens_after_the_last_quarter_of_an_hour_is_looked_at_too() -> None:
    at = times(15.5)[:-1]
    calls = office(at)
    calls[-5:] *= 50
    changes, *_ = event({Signal.INVOCATIONS: calls}, at, 300, days=1)
    assert changes.at <= BEGIN + timedelta(days=15.5, minutes=-5)


def test_throttles_are_no_share_of_calls_that_nobody_counted() -> None:
    at = times(6)
    few = office(at) * 0 + 30
    assert event({Signal.THROTTLES: few}, at, 300, days=2) == []
    changes = event({Signal.THROTTLES: few, Signal.INVOCATIONS: few * 0}, at, 300, days=2)
    assert [one.alert.finding.rule for one in changes] == ["throttled"]
