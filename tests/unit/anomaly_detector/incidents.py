"""Incidents that stories are told with."""

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.incident import Deviation, Incident
from tests.unit.conftest import NOW


def deviation(
    signal: Signal = Signal.CONCURRENCY, *, current: float = 400.0, usual: float = 10.0
) -> Deviation:
    """A signal that shows `current` instead of `usual` since now."""
    return Deviation(signal, NOW, current, current, usual, 0.9)


def runaway(*, current: float = 400.0, usual: float = 10.0) -> Incident:
    """Concurrency and invocations far above usual."""
    return Incident(
        (
            deviation(current=current, usual=usual),
            deviation(Signal.INVOCATIONS, current=current * 100, usual=usual * 100),
        )
    )
