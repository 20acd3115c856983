"""Whether a function behaves abnormally now, seen over all of its signals at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from functions.anomaly_detector.detect import ALERT, baseline, score
from functions.anomaly_detector.series import Series, when
from functions.anomaly_detector.signals import METRICS, Signal

_REMEMBERED_SECONDS: Final = 6 * 3600
_NEWEST_SECONDS: Final = 1800
_STILL_UNUSUAL: Final = 1.5
_P99_NEEDS: Final = 100


@dataclass(frozen=True, slots=True)
class Deviation:
    """One signal that left what is usual for it.

    Attributes:
        signal: Which one.
        since: Start of the first period in which it did.
        current: Its newest value.
        peak: Its highest value since then.
        usual: What it shows at this time of day otherwise.
        score: The detector's highest score since then, 0.5 to 1.
    """

    signal: Signal
    since: datetime
    current: float
    peak: float
    usual: float
    score: float

    @property
    def factor(self) -> float:
        """How many times its usual value it shows; infinite where that is zero."""
        return self.current / self.usual if self.usual > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything unusual about one function at one time, the most telling first."""

    deviations: tuple[Deviation, ...]

    @property
    def since(self) -> datetime:
        """When the first signal left its range."""
        return min(deviation.since for deviation in self.deviations)

    def of(self, signal: Signal) -> Deviation | None:
        """The deviation of one signal, None where it behaves."""
        return next((d for d in self.deviations if d.signal is signal), None)


def judge(signals: Mapping[Signal, Series]) -> Incident | None:
    """Look for signals that rose out of their usual range lately and are still out of it.

    Returns:
        None when every signal behaves, or has returned to what is usual.
    """
    judged = {**signals, Signal.DURATION_P99: _meaningful_p99(signals)}
    deviations = [
        deviation
        for signal, series in judged.items()
        if METRICS[signal].judged and (deviation := _deviation(signal, series))
    ]
    if not deviations:
        return None
    return Incident(tuple(sorted(deviations, key=lambda d: (-d.score, d.signal))))


def _deviation(signal: Signal, series: Series) -> Deviation | None:
    if not len(series):
        return None
    scores = score(series.values, series.timestamps)
    remembered = series.timestamps >= series.timestamps[-1] - np.timedelta64(
        _REMEMBERED_SECONDS, "s"
    )
    alerts = np.flatnonzero((scores >= ALERT) & remembered)
    if not alerts.size:
        return None
    start = int(alerts[0])
    before = baseline(
        np.append(series.values[:start], 0.0),
        np.append(series.timestamps[:start], series.timestamps[-1]),
    )
    if before is None:
        return None
    current = _newest(series)
    least = METRICS[signal].least
    if not current > max(before.high, _STILL_UNUSUAL * before.typical, least):
        return None
    return Deviation(
        signal=signal,
        since=when(series.timestamps[start]),
        current=current,
        peak=float(np.nanmax(series.values[start:])),
        usual=max(before.typical, 0.0),
        score=float(scores[start:].max()),
    )


def _meaningful_p99(signals: Mapping[Signal, Series]) -> Series:
    """The 99th percentile without periods of so few invocations that it is just their slowest."""
    durations, invocations = signals[Signal.DURATION_P99], signals[Signal.INVOCATIONS]
    _, here, there = np.intersect1d(
        durations.timestamps, invocations.timestamps, assume_unique=True, return_indices=True
    )
    enough = np.zeros(len(durations), dtype=bool)
    enough[here] = invocations.values[there] >= _P99_NEEDS
    return Series(np.where(enough, durations.values, np.nan), durations.timestamps)


def _newest(series: Series) -> float:
    """The newest value of the last half hour; NaN, which is never unusual, where there is none."""
    recent = series.timestamps > series.timestamps[-1] - np.timedelta64(_NEWEST_SECONDS, "s")
    present = series.values[recent & ~np.isnan(series.values)]
    return float(present[-1]) if present.size else float("nan")
