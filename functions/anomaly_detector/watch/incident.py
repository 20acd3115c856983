"""What is unusual about a function, seen over all of its signals at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import METRICS, Signal

_CHANGED: Final = 1.1


@dataclass(frozen=True, slots=True)
class Deviation:
    """One signal that left what is usual for it.

    Attributes:
        signal: Which one.
        since: Start of the first period in which it did.
        current: Its newest value.
        peak: The value farthest from the usual since then.
        usual: What it shows at this time otherwise.
        score: How far that is from the usual, 0.5 to 1.
        peak_at: Start of the period of the peak.
        ended: Start of the last period out of what is usual, None while it lasts.
    """

    signal: Signal
    since: datetime
    current: float
    peak: float
    usual: float
    score: float
    peak_at: datetime | None = None
    ended: datetime | None = None

    @property
    def factor(self) -> float:
        """How many times its usual value it shows, or showed at its peak if it is over.

        Infinite where the usual value is zero.
        """
        shown = self.peak if self.ended else self.current
        return shown / self.usual if self.usual > 0 else float("inf")

    @property
    def trend(self) -> str:
        """Its state in a word: `rising`, `high`, `falling`, `low` or `over`."""
        if self.ended:
            return "over"
        if self.current < self.usual:
            return "low"
        if self.current * _CHANGED < self.peak:
            return "falling"
        return "rising" if self.current >= self.peak and self.peak_at != self.since else "high"


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything unusual about one function at one time, the most telling first.

    Attributes:
        deviations: The signals.
        runs_away: Whether its load is far above the usual, and costs.
        extra: USD an hour that it costs beyond the usual.
    """

    deviations: tuple[Deviation, ...]
    runs_away: bool = False
    extra: float = 0.0

    @property
    def since(self) -> datetime:
        """When the first signal left its range."""
        return min(deviation.since for deviation in self.deviations)

    @property
    def ended(self) -> datetime | None:
        """When the last signal returned to its range; None while one is out of it."""
        ends = [deviation.ended for deviation in self.deviations]
        return None if None in ends else max(end for end in ends if end)

    @property
    def trend(self) -> str:
        """Where it is going, by its most telling signal."""
        return self.deviations[0].trend if self.ended is None else "over"

    def of(self, signal: Signal) -> Deviation | None:
        """The deviation of one signal, None where it behaves."""
        return next((d for d in self.deviations if d.signal is signal), None)


def meaningful(signals: Mapping[Signal, Series]) -> dict[Signal, Series]:
    """The signals without periods of so few invocations that a value there means nothing.

    The 99th percentile of fifty durations is just the slowest of them.
    """
    invocations = signals.get(Signal.INVOCATIONS, Series.empty())
    return {
        signal: _needing(METRICS[signal].needs, series, invocations)
        for signal, series in signals.items()
    }


def _needing(least: int, series: Series, invocations: Series) -> Series:
    if not least or not len(series):
        return series
    enough = invocations.beside(series) >= least
    return Series(np.where(enough, series.values, np.nan), series.timestamps)
