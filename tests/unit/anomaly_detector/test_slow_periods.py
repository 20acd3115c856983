"""When a slow period is an incident, and when it is one slow invocation."""

import numpy as np
import pytest

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.incident import judge

_POINTS = 14 * 288


def _series(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Series:
    start = np.datetime64("2026-11-02T00:00:00", "s")
    return Series(values, start + np.arange(len(values)) * np.timedelta64(300, "s"))


@pytest.mark.parametrize(("invocations", "told"), [(300.0, True), (20.0, False)])
def test_a_slowest_percent_needs_a_hundred_invocations(invocations: float, told: bool) -> None:
    noise = np.random.default_rng(7)
    durations = noise.normal(180.0, 6.0, _POINTS)
    durations[-3:] = 2_600.0
    flat = np.zeros(_POINTS)
    incident = judge(
        {
            Signal.INVOCATIONS: _series(noise.normal(invocations, 1.0, _POINTS)),
            Signal.ERRORS: _series(flat),
            Signal.THROTTLES: _series(flat),
            Signal.DURATION: _series(durations / 3),
            Signal.DURATION_P99: _series(durations),
            Signal.CONCURRENCY: _series(flat + 2.0),
        }
    )
    found = [one.signal for one in incident.deviations] if incident else []
    assert (Signal.DURATION_P99 in found) is told
