"""Whether a function behaves abnormally now, seen over all of its signals at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.watch.episode import (
    Episode,
    Watch,
    advance,
    is_standing,
    is_worth_telling,
)

_CHANGED: Final = 1.1
# One slow period among thousands is chance; two further ones are not.
_LASTING: Final = timedelta(minutes=10)
# A period that a cap begins in begins before it.
_A_PERIOD: Final = timedelta(minutes=5)


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
        peak_at: Start of the period of the peak.
        ended: Start of the last period out of what is usual, None while it lasts.
        worst: The highest factor since then; infinite where nothing was usual.
    """

    signal: Signal
    since: datetime
    current: float
    peak: float
    usual: float
    score: float
    peak_at: datetime | None = None
    ended: datetime | None = None
    worst: float = 0.0

    @property
    def factor(self) -> float:
        """How many times its usual value it shows, or showed at its peak if it is over.

        Infinite where the usual value is zero.
        """
        shown = self.peak if self.ended else self.current
        return shown / self.usual if self.usual > 0 else float("inf")

    @property
    def trend(self) -> str:
        """Its state in a word: `rising`, `high`, `falling` or `over`."""
        if self.ended:
            return "over"
        if self.current * _CHANGED < self.peak:
            return "falling"
        return "rising" if self.current >= self.peak and self.peak_at != self.since else "high"


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything unusual about one function at one time, the most telling first."""

    deviations: tuple[Deviation, ...]

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


def judge(signals: Mapping[Signal, Series]) -> Incident | None:
    """Look for signals that rose out of their usual range lately and are still out of it.

    Args:
        signals: Their whole history, on grids that end at the same time.

    Returns:
        None when every signal behaves, or has returned to what is usual.
    """
    watches: dict[Signal, Watch] = {}
    end = None
    for signal, series in meaningful(signals).items():
        if METRICS[signal].judged and len(series):
            period = series.timestamps[-1] - series.timestamps[-2] if len(series) > 1 else 0
            end = when(series.timestamps[-1] + period)
            watches[signal] = advance(None, signal, series, until=end)
    return incident_of(watches, end) if end else None


def incident_of(
    watches: Mapping[Signal, Watch], now: datetime, *, told_until: datetime | None = None
) -> Incident | None:
    """What stands out among the signals of one function.

    Args:
        watches: The signals as of the newest look.
        now: End of the newest points.
        told_until: End of the points of the look before. What began and ended since is told too,
            if it lasted; None on a first look, when it is no news.
    """
    deviations = [
        _deviation(signal, episode, since, now)
        for signal, watch in watches.items()
        if (episode := watch.episode)
        and (since := episode.since)
        and _is_firm(signal, episode)
        and (is_standing(episode, now) or _came_and_went(episode, told_until))
    ]
    if not deviations:
        return None
    return Incident(
        tuple(sorted(deviations, key=lambda d: (d.ended is not None, -d.score, d.signal)))
    )


def _is_firm(signal: Signal, episode: Episode) -> bool:
    """Whether it is large enough to be told at once, or has lasted."""
    if episode.worst >= METRICS[signal].at_once:
        return True
    began, last = episode.since, episode.last_out
    return began is not None and last is not None and last - began >= _LASTING


def accustomed(watches: Mapping[Signal, Watch], now: datetime) -> tuple[Deviation, ...]:
    """The signals whose deviation has lasted for so long that it is what is usual now."""
    return tuple(
        replace(_deviation(signal, episode, episode.since, now), ended=None)
        for signal, watch in watches.items()
        if (episode := watch.episode) and episode.accustomed and episode.since
    )


def _came_and_went(episode: Episode, told_until: datetime | None) -> bool:
    if told_until is None or episode.since is None or not is_worth_telling(episode):
        return False
    return episode.since >= told_until


def _deviation(signal: Signal, episode: Episode, since: datetime, now: datetime) -> Deviation:
    return Deviation(
        signal=signal,
        since=since,
        current=episode.current,
        peak=episode.peak,
        usual=episode.usual,
        score=episode.score,
        peak_at=episode.peak_at,
        ended=None if is_standing(episode, now) else episode.last_out,
        worst=episode.worst,
    )


def apart_from_cap(incident: Incident | None, capped_since: datetime | None) -> Incident | None:
    """An incident without the throttles that Warden's own cap causes: they are its purpose.

    Args:
        incident: What stands out.
        capped_since: When Warden capped the function, None where it did not.
    """
    if incident is None or capped_since is None:
        return incident
    others = tuple(
        one
        for one in incident.deviations
        if one.signal is not Signal.THROTTLES or one.since < capped_since - _A_PERIOD
    )
    return Incident(others) if others else None


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
