"""Whether a function behaves abnormally now, seen over all of its signals at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.detect import ALERT, baseline, score
from functions.anomaly_detector.meaningful import meaningful
from functions.anomaly_detector.series import Series, when
from functions.anomaly_detector.signals import METRICS, Signal

_REMEMBERED_SECONDS: Final = 6 * 3600
_NEWEST_SECONDS: Final = 1800
_STILL_UNUSUAL: Final = 1.5


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


@dataclass(frozen=True, slots=True)
class Scored:
    """One signal with the detector's score of every point."""

    series: Series
    scores: NDArray[np.float64]

    def until(self, end: datetime) -> "Scored":
        """The periods that begin before `end`: a score depends on nothing after its point."""
        kept = self.series.until(end)
        return Scored(kept, self.scores[: len(kept)])


def judge(
    signals: Mapping[Signal, Series], *, capped_since: datetime | None = None
) -> Incident | None:
    """Look for signals that rose out of their usual range lately and are still out of it.

    Args:
        signals: Their history up to now.
        capped_since: When Warden itself capped the function, None where it did not. What is
            throttled from then on is its own doing.

    Returns:
        None when every signal behaves, or has returned to what is usual.
    """
    return judge_scored(scored(signals), capped_since=capped_since)


def scored(signals: Mapping[Signal, Series]) -> dict[Signal, Scored]:
    """Score every signal whose shape over time is judged."""
    return {
        signal: Scored(series, score(series.values, series.timestamps))
        for signal, series in meaningful(signals).items()
        if METRICS[signal].judged
    }


def judge_scored(
    signals: Mapping[Signal, Scored], *, capped_since: datetime | None = None
) -> Incident | None:
    """The same as `judge`, of signals that are scored already."""
    deviations = [
        deviation
        for signal, known in signals.items()
        if (deviation := _deviation(signal, known.series, known.scores))
        and not (capped_since and signal is Signal.THROTTLES and deviation.since >= capped_since)
    ]
    if not deviations:
        return None
    return Incident(tuple(sorted(deviations, key=lambda d: (-d.score, d.signal))))


def _deviation(signal: Signal, series: Series, scores: NDArray[np.float64]) -> Deviation | None:
    if not len(series):
        return None
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


def _newest(series: Series) -> float:
    """The newest value of the last half hour; NaN, which is never unusual, where there is none."""
    recent = series.timestamps > series.timestamps[-1] - np.timedelta64(_NEWEST_SECONDS, "s")
    present = series.values[recent & ~np.isnan(series.values)]
    return float(present[-1]) if present.size else float("nan")
