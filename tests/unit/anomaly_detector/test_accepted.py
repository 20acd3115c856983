"""What lasts becomes usual when a person says so, and not before."""

from datetime import timedelta

import numpy as np
import pytest

from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import abnormal_behaviour
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.past import Past
from functions.shared.config import DetectorPolicy
from tests.golden.samples.names import CHECKOUT
from tests.unit.anomaly_detector.pasts import LIMITS, series_of
from tests.unit.conftest import NOW

_HOURS = 10 * 24


def looked_at(*, accepted_after: float | None) -> Past:
    """Ten days, then a level of twenty times for three days, seen every half hour."""
    rows = (_HOURS + 80) * 12
    calls = np.full(rows, 200.0)
    calls[_HOURS * 12 :] = 4000.0
    end = NOW + timedelta(hours=80)
    signals = series_of({Signal.INVOCATIONS: calls, Signal.DURATION: 900.0}, end, _HOURS + 80)
    signals |= derived(signals, LIMITS, period_seconds=300)
    past = Past(is_young=False)
    past.feed({s: one.until(NOW) for s, one in signals.items()}, NOW)
    for half_hours in range(160):
        now = NOW + timedelta(minutes=30 * half_hours)
        recent = {s: one.between(now - timedelta(hours=1), now) for s, one in signals.items()}
        past.feed(recent, now)
        abnormal_behaviour.check(View(CHECKOUT, past, DetectorPolicy(), LIMITS))
        if accepted_after is not None and half_hours >= 2 * accepted_after:
            past.accept(abnormal_behaviour.RULE)
    return past


@pytest.mark.parametrize(("accepted_after", "is_open"), [(None, True), (12.0, False)])
def test_a_level_that_stays_is_usual_once_a_person_accepted_it(
    accepted_after: float | None,
    is_open: bool,
) -> None:
    past = looked_at(accepted_after=accepted_after)
    assert past.standing[abnormal_behaviour.RULE].is_open is is_open
