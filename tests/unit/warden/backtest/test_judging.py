"""What a replay can say something about, and that nothing else reads as silence."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from tests.unit.anomaly_detector.series import MONDAY, times
from warden.backtest.judging import Judging, judging

START = datetime.fromisoformat(str(MONDAY)).replace(tzinfo=UTC) + timedelta(days=3)
LIMITS = FunctionLimits(3, 128)
CALLS, P99 = Signal.INVOCATIONS, Signal.DURATION_P99


def flat(level: float = 180.0, days: float = 6, after: float = 0) -> Series:
    at = times(days)[int(after * 288) :]
    return Series(np.full(len(at), level), at)


def of(
    signals: dict[Signal, Series], *, limits: FunctionLimits | None = LIMITS, excerpt: bool = True
) -> Judging:
    return judging(signals, limits, start=START, excerpt=excerpt)


def why(found: Judging) -> str:
    return "; ".join(f"{one.signal}: {one.why}" for one in found.unjudged)


def test_a_long_past_with_its_companions_is_judged_whole() -> None:
    found = of({one: flat() for one in (CALLS, Signal.ERRORS, Signal.THROTTLES, P99)})
    assert found.unjudged == ()
    assert found.is_whole
    assert len(found.judged) == 4


@pytest.mark.parametrize("signal", [Signal.DURATION_P50, P99, Signal.CPU])
def test_a_quantile_without_invocations_is_unknown(signal: Signal) -> None:
    found = of({signal: flat()})
    assert "add a column 'invocations'" in why(found)
    assert not found.is_whole


def test_a_slowest_percent_with_the_timeout_is_judged_in_part() -> None:
    found = of({P99: flat()})
    assert found.judged == (P99,)
    assert not found.is_whole


@pytest.mark.parametrize("signal", [Signal.DURATION, Signal.DURATION_MAX])
def test_what_only_explains_is_no_gap_beside_others_and_nothing_alone(signal: Signal) -> None:
    alone = of({signal: flat()})
    assert alone.judged == ()
    assert not alone.is_whole
    beside = of({CALLS: flat(), signal: flat()})
    assert beside.judged == (CALLS,)
    assert beside.is_whole
    assert "only explains" in why(beside)


@pytest.mark.parametrize("signal", [Signal.ERRORS, Signal.THROTTLES])
def test_a_share_without_invocations_is_unknown(signal: Signal) -> None:
    found = of({signal: flat()})
    assert "not compared with the number of calls" in why(found)
    assert not found.is_whole


def test_a_slowest_percent_without_the_timeout_is_unknown() -> None:
    found = of({CALLS: flat(), P99: flat()}, limits=None)
    assert "give --timeout and --memory" in why(found)
    assert not found.is_whole


def test_too_few_calls_for_a_quantile_are_too_few_live_too() -> None:
    found = of({CALLS: flat(40), P99: flat()})
    assert "few of its periods have the 100 invocations" in why(found)
    assert found.is_whole


def test_a_short_past_is_unknown_only_if_there_may_be_a_longer_one() -> None:
    file = of({CALLS: flat(days=0.9)})
    assert "too short, with 259 values" in why(file)
    assert file.judged == ()
    assert not file.is_whole
    late = of({CALLS: flat(), Signal.ERRORS: flat(after=4)})
    assert "errors: judged from 2026-03-07 00:00 on only" in why(late)
    assert not late.is_whole
    young = of({CALLS: flat(after=4)}, excerpt=False)
    assert "judged from 2026-03-07 00:00 on only" in why(young)
    assert young.is_whole


@pytest.mark.parametrize("signal", [Signal.MEMORY, Signal.DEAD_LETTER_ERRORS])
def test_what_is_full_or_lost_is_told_without_a_past(signal: Signal) -> None:
    found = of({signal: flat(1, days=0.5)}, limits=None)
    assert found.judged == (signal,)


def test_an_empty_column_is_unknown_and_an_unpublished_metric_is_none() -> None:
    assert "errors: its column has no values" in why(
        of({CALLS: flat(), Signal.ERRORS: Series.empty()})
    )
    found = of({CALLS: flat(), Signal.ITERATOR_AGE: Series.empty()}, excerpt=False)
    assert found.is_whole
    assert found.unjudged == ()


def test_a_reservation_that_could_not_be_read_is_unknown() -> None:
    limits = FunctionLimits(3, 128, reserved_unknown="access denied")
    found = of({CALLS: flat(), Signal.CONCURRENCY: flat(2)}, limits=limits, excerpt=False)
    assert "reserved concurrency: access denied" in why(found)
    assert not found.is_whole
