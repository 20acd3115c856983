"""Following one signal of one function from look to look: its detector, and what it told of. Pure.

A look feeds the new points only. What an alert was compared with is frozen with it, so that an
anomaly that goes on is measured by what was usual before it began, not by what it taught since.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf, isnan
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series, epoch, when
from functions.anomaly_detector.metrics.signals import METRICS, Metric, Signal
from functions.anomaly_detector.watch.detect import (
    ALERT,
    Baseline,
    Detector,
    StateError,
    from_bytes,
    to_bytes,
)

_UNUSUAL: Final = 1.5
# What rose by half is back when it is within a fifth: a value that hovers is one incident.
_STILL_UNUSUAL: Final = 1.2
# What began longer ago than this is no news when a function is looked at for the first time.
_FIRST_SIGHT: Final = timedelta(hours=6)
# An alert tells of something for so long; then it has become what is usual.
_BECOMES_USUAL: Final = timedelta(hours=24)
# Beyond the detector's own rest after an alert, so that what rises again alerts by itself.
_OVER: Final = timedelta(hours=3)
_ENDS_AFTER_POINTS: Final = 3
_MOST_DOUBLINGS: Final = 3
_NEWEST: Final = timedelta(minutes=30)
_WORTH_TELLING: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Episode:
    """What an alert of one signal told of, from its first point to its end.

    Attributes:
        before: The detector as it was before the first unusual point.
        alerted_at: The last alert.
        score: The highest score, 0.5 to 1.
        since: Start of the first period out of what is usual; None while only the alert is known.
        peak: Highest value since then.
        peak_at: Its period.
        current: The newest value.
        last_out: Start of the last period out of what is usual.
        usual: What it shows otherwise at the time of the newest value.
        back: Points since `last_out` within what is usual.
        worst: The highest that a value since then was, in times of what was usual at its time;
            infinite where that was nothing.
        returns: How often it ended and came back.
        accustomed: Whether it has lasted for so long that it is what is usual now.
    """

    before: bytes
    alerted_at: datetime
    score: float
    since: datetime | None = None
    peak: float = 0.0
    peak_at: datetime | None = None
    current: float = 0.0
    last_out: datetime | None = None
    usual: float = 0.0
    back: int = 0
    worst: float = 0.0
    returns: int = 0
    accustomed: bool = False

    @property
    def ends_after(self) -> int:
        """Points within what is usual that end it: more each time that it came back."""
        return _ENDS_AFTER_POINTS << min(self.returns, _MOST_DOUBLINGS)


@dataclass(frozen=True, slots=True)
class Watch:
    """One signal of one function between two looks.

    Attributes:
        detector: Its detector's state.
        until: End of the points that the detector has seen.
        episode: What the last alert told of, None while nothing is told.
    """

    detector: bytes
    until: datetime
    episode: Episode | None = None


def advance(watch: Watch | None, signal: Signal, series: Series, *, until: datetime) -> Watch:
    """Feed the points since the last look.

    Args:
        watch: What was known, None for a first look.
        signal: Which signal it is.
        series: The new points; on a first look, its history.
        until: End of what was read.

    Returns:
        What is known now.
    """
    metric = METRICS[signal]
    known = _detector(watch)
    if watch and known and until <= watch.until:
        return watch
    episode = watch.episode if watch and known else None
    if watch and known and not np.isfinite(series.values).any():
        return replace(watch, until=until, episode=_kept(episode, until))
    detector = known or Detector()
    start = watch.detector if watch and known else to_bytes(detector)
    scores = detector.update(series.values, series.timestamps)
    if not metric.judged:
        return Watch(to_bytes(detector), until)
    news_from = until - _FIRST_SIGHT if known is None else None
    for index, (at, value) in enumerate(_points(series)):
        alerts = scores[index] >= ALERT and (news_from is None or at >= news_from)
        if alerts and (episode is None or episode.accustomed):
            before = _fed(start, series, index)
            episode = Episode(before, at, float(scores[index]))
        elif alerts and episode:
            highest = max(episode.score, float(scores[index]))
            episode = replace(episode, alerted_at=at, score=highest)
        if episode:
            episode = _seen(episode, metric, at, value)
    return Watch(to_bytes(detector), until, _kept(episode, until))


def peek(watch: Watch, signal: Signal, value: float, minutes: Series) -> Watch:
    """Judge a period that is not over; the detector learns it when it is.

    Args:
        watch: What is known.
        signal: Which signal it is.
        value: Its value over the minutes so far; NaN where there is none.
        minutes: What each of these minutes would make of a whole period.
    """
    metric = METRICS[signal]
    detector = _detector(watch)
    if detector is None or not metric.judged or isnan(value):
        return watch
    episode = watch.episode
    at = when(minutes.timestamps[0])
    score = float(detector.update(np.array([value]), minutes.timestamps[:1])[0])
    if score >= ALERT:
        episode = (
            replace(episode, alerted_at=at, score=max(episode.score, score))
            if episode and not episode.accustomed
            else Episode(watch.detector, at, score)
        )
    if episode is None:
        return watch
    seen = _seen(episode, metric, at, value)
    if episode.since is None and seen.since:
        # The period began before what is unusual about it did.
        began = when(minutes.timestamps[int(np.argmax(minutes.values > seen.usual))])
        high = minutes.values >= min(value, float(np.nanmax(minutes.values)))
        began = max(began, when(minutes.timestamps[int(np.argmax(high))]))
        seen = replace(seen, since=began, peak_at=began)
    return replace(watch, episode=seen)


def usual(watch: Watch, at: datetime) -> float | None:
    """What the signal shows at a time of day, before anything unusual; None while unknown."""
    baseline = _baseline(state_before(watch), at)
    return None if baseline is None else max(baseline.typical, 0.0)


def usual_peak(watch: Watch, at: datetime) -> float:
    """Upper end of what the signal shows at a time of day, before anything unusual.

    0 while that is unknown.
    """
    baseline = _baseline(state_before(watch), at)
    return 0.0 if baseline is None else max(baseline.high, 0.0)


def state_before(watch: Watch) -> bytes:
    """The detector as it was before anything unusual."""
    told = watch.episode
    return told.before if told and not told.accustomed else watch.detector


def is_standing(episode: Episode, now: datetime) -> bool:
    """Whether the signal is still out of what is usual, as of the newest points."""
    if episode.since is None or episode.last_out is None or episode.accustomed:
        return False
    return episode.back < episode.ends_after and now - episode.last_out <= _newest(episode)


def _newest(episode: Episode) -> timedelta:
    """For how long an episode stands without a newer point."""
    return _NEWEST * (episode.ends_after // _ENDS_AFTER_POINTS)


def is_worth_telling(episode: Episode) -> bool:
    """Whether an episode that is over lasted long enough to be told afterwards."""
    if episode.since is None or episode.last_out is None:
        return False
    return episode.last_out - episode.since >= _WORTH_TELLING


def _points(series: Series) -> Iterator[tuple[datetime, float]]:
    for at, value in zip(series.timestamps, series.values.tolist(), strict=True):
        yield when(at), value


def _seen(episode: Episode, metric: Metric, at: datetime, value: float) -> Episode:
    if isnan(value):
        return episode
    before = _baseline(episode.before, at)
    if before is None:
        return episode
    typical = max(before.typical, 0.0)
    is_out = episode.since is not None and episode.back < episode.ends_after
    unusual = _STILL_UNUSUAL if is_out else _UNUSUAL
    episode = replace(episode, current=value, usual=typical)
    if value <= max(before.high, unusual * typical, metric.least):
        return replace(episode, back=episode.back + 1)
    if episode.since is None or value > episode.peak:
        episode = replace(episode, peak=value, peak_at=at)
    came_back = episode.since is not None and not is_out
    return replace(
        episode,
        since=episode.since or at,
        last_out=at,
        back=0,
        worst=max(episode.worst, value / typical if typical > 0 else inf),
        returns=episode.returns + came_back,
    )


def _kept(episode: Episode | None, now: datetime) -> Episode | None:
    """The episode, unless it is over for good."""
    if episode is None or now - episode.alerted_at > 2 * _BECOMES_USUAL:
        return None
    if now - episode.alerted_at > _BECOMES_USUAL:
        lasts = episode.accustomed or is_standing(episode, now)
        return replace(episode, accustomed=True) if lasts else None
    last = episode.last_out or episode.alerted_at
    patience = _OVER if episode.last_out else _FIRST_SIGHT
    return None if now - last > patience and not is_standing(episode, now) else episode


def _fed(start: bytes, series: Series, count: int) -> bytes:
    """The detector's state after some points of a series."""
    detector = from_bytes(start)
    detector.update(series.values[:count], series.timestamps[:count])
    return to_bytes(detector)


def _detector(watch: Watch | None) -> Detector | None:
    if watch is None:
        return None
    try:
        return from_bytes(watch.detector)
    except StateError:
        return None  # written by another version: its history is read anew


def _baseline(state: bytes, at: datetime) -> Baseline | None:
    try:
        detector = from_bytes(state)
    except StateError:
        return None
    return detector.baseline(np.datetime64(epoch(at), "s"))
