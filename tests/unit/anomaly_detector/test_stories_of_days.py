"""Stories of functions over weeks, told look by look through the code that judges live."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.alerting.alert import State
from functions.shared.config import DetectorPolicy, Looks
from tests.unit.anomaly_detector.series import Times, Values, hours, office, steady, times, weekend
from tests.unit.shared.findings import ORDERS
from warden.backtest.replay import AlertChange, Subject, replay

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LIMITS = FunctionLimits(timeout_seconds=3, memory_mib=512)
# Looks every half hour: a story of three weeks takes a second.
POLICY = DetectorPolicy(looks=Looks(active_minutes=30))


def reported(
    signals: dict[Signal, Values],
    at: Times,
    *,
    days: float,
    deployment: LastDeployment | None = None,
    capped_since: datetime | None = None,
) -> list[AlertChange]:
    """What would have been sent in the last days of a story."""
    end = MONDAY + timedelta(seconds=300 * len(at))
    return list(
        replay(
            Subject(ORDERS, LIMITS, deployment, capped_since),
            {signal: Series(values, at) for signal, values in signals.items()},
            POLICY,
            start=end - timedelta(days=days),
            end=end,
            period_seconds=300,
        )
    )


def opened(changes: list[AlertChange]) -> list[str]:
    return [one.alert.finding.rule for one in changes if one.alert.state is State.OPENED]


def test_a_runaway_after_a_deployment_is_one_incident_with_one_explanation() -> None:
    at = times(15.5)
    calls, lasting = office(at), steady(at)
    calls[-6:] *= 20
    lasting[-6:] *= 12
    began = MONDAY + timedelta(seconds=300 * (len(at) - 6))
    [changes, *_] = reported(
        {
            Signal.INVOCATIONS: calls,
            Signal.DURATION: lasting / 2,
            Signal.DURATION_P99: lasting,
            Signal.CONCURRENCY: np.round(calls * lasting / 6e5) + 1,
        },
        at,
        days=1,
        deployment=LastDeployment(began - timedelta(minutes=12), "ci-role"),
    )
    finding = changes.alert.finding
    assert finding.rule == "abnormal-behaviour"
    assert finding.severity.label == "critical"
    assert changes.at - began <= timedelta(minutes=30)
    for part in (
        "invocations",
        "duration p99",
        "12 minutes after a deployment",
        "an hour; usual is",
    ):
        assert part.lower() in finding.reason.lower()


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (-60, "1 minute after a deployment by ci-role."),
        (-30, "just after a deployment by ci-role at 11:29."),
        (0, "just after a deployment by ci-role at 11:30."),
        (240, "just after a deployment by ci-role at 11:34."),
        (301, "UTC."),
        (-7 * 3600, "UTC."),
    ],
)
def test_what_is_deployed_in_the_first_period_is_named_too(later: int, words: str) -> None:
    at = times(15.5)
    calls = office(at)
    calls[-6:] *= 20
    began = MONDAY + timedelta(seconds=300 * (len(at) - 6))
    deployment = LastDeployment(began + timedelta(seconds=later), "ci-role")
    [changes, *_] = reported({Signal.INVOCATIONS: calls}, at, days=1, deployment=deployment)
    assert words in changes.alert.finding.reason


@pytest.mark.parametrize(
    ("slow", "told_of"), [([9.0], 0), ([4.0, 4.0], 0), ([2.0] * 12, 0), ([4.0] * 12, 1)]
)
def test_cold_starts_are_no_alert_and_a_slow_hour_is(slow: list[float], told_of: int) -> None:
    at = times(15.5)
    lasting = steady(at, spread=0.02)
    lasting[len(at) - len(slow) :] *= slow
    signals = {Signal.INVOCATIONS: np.full(len(at), 300.0), Signal.DURATION_P99: lasting}
    assert len(opened(reported(signals, at, days=1))) == told_of


def test_bursts_that_come_again_and_again_become_one_incident() -> None:
    at = times(15.5)
    calls = office(at)
    index = np.arange(len(at))
    for every in (6, 12):
        bursts = calls.copy()
        bursts[(index >= len(at) - 96) & (index % every < 2)] *= 20
        changes = reported({Signal.INVOCATIONS: bursts}, at, days=1)
        assert 1 <= len(changes) <= 5


@pytest.mark.parametrize(("factor", "most"), [(3.5, 1), (6.0, 1)])
def test_growth_that_stays_is_told_once(factor: float, most: int) -> None:
    at = times(21)
    calls = office(at, seed=1)
    calls[-7 * 288 :] = np.round(calls[-7 * 288 :] * factor)
    changes = reported({Signal.INVOCATIONS: calls}, at, days=7.2)
    assert 1 <= len(opened(changes)) <= most
    assert State.RESOLVED not in {one.alert.state for one in changes}
    assert len(changes) <= 4


def test_what_lasts_for_days_is_not_told_to_be_over() -> None:
    at = times(17)
    calls = office(at)
    calls[-3 * 288 :] *= 20
    changes = reported({Signal.INVOCATIONS: calls}, at, days=3.2)
    assert opened(changes) == ["abnormal-behaviour"]
    assert State.RESOLVED not in {one.alert.state for one in changes}


def test_a_function_that_is_called_seldom_and_always_fails_is_told() -> None:
    at = times(16)
    calls = np.where(np.arange(len(at)) % 6 == 0, 1.0, 0.0)
    failing = np.where(np.arange(len(at)) >= len(at) - 288, calls, 0.0)
    seldom = {Signal.INVOCATIONS: calls, Signal.ERRORS: failing}
    changes = [
        one for one in reported(seldom, at, days=2) if one.alert.finding.rule == "error-rate"
    ]
    assert opened(changes) == ["error-rate"]
    assert "All of the last 3 invocations failed" in changes[0].alert.finding.reason
    assert len(changes) == 1, "few calls are no sign that it works again"
    repaired = {**seldom, Signal.ERRORS: np.where(np.arange(len(at)) < len(at) - 216, failing, 0.0)}
    last = reported(repaired, at, days=2)[-1]
    assert (last.alert.finding.rule, last.alert.state) == ("error-rate", State.RESOLVED)
    one_in_thirty = {**seldom, Signal.ERRORS: np.where(np.arange(len(at)) % 180 == 0, calls, 0.0)}
    assert "error-rate" not in opened(reported(one_in_thirty, at, days=2))


def test_a_slow_leak_over_days_is_told_while_it_is_slow() -> None:
    at = times(19)
    lasting = steady(at, level=400.0, spread=0.03)
    leak = np.arange(5 * 288)
    lasting[-len(leak) :] *= 1 + 3 * leak / len(leak)
    calls = np.full(len(at), 500.0)
    changes = reported({Signal.INVOCATIONS: calls, Signal.DURATION_P99: lasting}, at, days=6)
    assert "abnormal-behaviour" in opened(changes)
    assert changes[0].incident
    assert changes[0].incident.deviations[0].current < 0.8 * lasting.max()


@pytest.mark.parametrize("seed", [0, 1])
def test_monday_mornings_are_no_news(seed: int) -> None:
    at = times(22.6)
    assert reported({Signal.INVOCATIONS: office(at, seed)}, at, days=7) == []


def test_black_friday_is_told_once() -> None:
    at = times(25)
    calls = office(at, calls=1000.0)
    grown = at >= np.datetime64("2026-03-20T06:00:00")
    calls[grown] *= 4
    changes = reported({Signal.INVOCATIONS: calls}, at, days=8)
    assert opened(changes) == ["abnormal-behaviour"]
    assert changes[0].at < datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_a_nightly_batch_is_no_news_after_some_nights() -> None:
    at = times(20)
    batch = (hours(at) >= 2.0) & (hours(at) < 2.5)
    calls = np.where(batch, 5000.0, office(at))
    assert reported({Signal.INVOCATIONS: calls}, at, days=13) == []


@pytest.mark.parametrize("calls", [1.0, 40.0])
def test_a_function_used_once_a_day_is_left_alone(calls: float) -> None:
    at = times(20)
    used = (hours(at) >= 9.0) & (hours(at) < 9.05) & ~weekend(at)
    changes = reported({Signal.INVOCATIONS: np.where(used, calls, 0.0)}, at, days=13)
    assert opened(changes) == []


def test_missing_periods_are_neither_silence_nor_news() -> None:
    at = times(20)
    lasting = steady(at)
    missing = np.random.default_rng(4).random(len(at)) < 0.3
    signals = {
        Signal.INVOCATIONS: np.where(missing, 0.0, 300.0),
        Signal.DURATION_P99: np.where(missing, np.nan, lasting),
    }
    assert reported(signals, at, days=12) == []


@pytest.mark.parametrize("capped", [True, False])
def test_what_our_own_cap_throttles_is_no_anomaly(capped: bool) -> None:
    at = times(15.5)
    throttles = np.zeros(len(at))
    throttles[-12:] = 400.0
    began = MONDAY + timedelta(seconds=300 * (len(at) - 12))
    changes = reported(
        {Signal.INVOCATIONS: office(at), Signal.THROTTLES: throttles},
        at,
        days=1,
        capped_since=began - timedelta(minutes=2) if capped else None,
    )
    assert opened(changes) == ([] if capped else ["throttled"])


def test_a_clock_that_is_minutes_off_and_jumps_back_is_no_news() -> None:
    at = times(16)
    calls = office(at)
    skewed = at.copy()
    skewed[-500:] -= np.timedelta64(420, "s")
    assert reported({Signal.INVOCATIONS: calls}, skewed, days=5) == []


def test_replaying_more_often_finds_the_same_runaway_sooner() -> None:
    at = times(15.5)
    calls = office(at)
    calls[-6:] *= 20
    end = MONDAY + timedelta(seconds=300 * len(at))
    found = [
        next(
            iter(
                replay(
                    Subject(ORDERS),
                    {Signal.INVOCATIONS: Series(calls, at)},
                    DetectorPolicy(looks=Looks(active_minutes=minutes)),
                    start=end - timedelta(hours=3),
                    end=end,
                    period_seconds=300,
                )
            )
        ).at
        for minutes in (5, 15, 30)
    ]
    assert found == sorted(found)
