"""Which of a function's signals a replay can judge, which it cannot, and why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.watch.incident import meaningful

# Whatever comes earlier scores 0: docs/detector.md, "Learning".
_LEARNING: Final = timedelta(days=1)
_LEARNING_POINTS: Final = 100
_SHARES: Final = frozenset({Signal.ERRORS, Signal.THROTTLES})
_TOLD_AT_ONCE: Final = frozenset(
    {Signal.MEMORY, Signal.DEAD_LETTER_ERRORS, Signal.DESTINATION_FAILURES}
)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Something about a signal that is not judged.

    Attributes:
        signal: Which one.
        why: What is missing, and what would help.
        unknown: Whether it might have been told of. If not, it is not judged live either.
    """

    signal: Signal
    why: str
    unknown: bool = True


@dataclass(frozen=True, slots=True)
class Judging:
    """What a replay can say something about.

    Attributes:
        judged: Signals that at least one rule judges.
        unjudged: What no rule says, of these and of others.
    """

    judged: tuple[Signal, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether silence means that nothing would have been sent."""
        return bool(self.judged) and not any(one.unknown for one in self.unjudged)


def judging(
    signals: Mapping[Signal, Series],
    limits: FunctionLimits | None,
    *,
    start: datetime,
    excerpt: bool,
) -> Judging:
    """What the rules can say, signal by signal.

    Args:
        signals: What is replayed.
        limits: The function's own limits, None while unknown.
        start: The first look.
        excerpt: Whether the function may have more of a past, and more signals, than these.
    """
    judged: list[Signal] = []
    unjudged: list[Unjudged] = []
    known = meaningful(signals)
    for signal, series in signals.items():
        if not len(series):
            if excerpt:
                unjudged.append(Unjudged(signal, "its column has no values"))
            continue
        begins = begin(signal, known[signal])
        late = begins is None or begins > start
        if late and (METRICS[signal].judged or (excerpt and signal not in _TOLD_AT_ONCE)):
            unjudged.append(_late(signal, signals, begins, excerpt=excerpt))
        missing = _missing(signal, signals, limits, excerpt=excerpt)
        if missing:
            unjudged.append(Unjudged(signal, missing))
        if begins or signal in _TOLD_AT_ONCE or (_has_rule(signal) and not missing):
            judged.append(signal)
    return Judging(tuple(judged), tuple(unjudged))


def begin(signal: Signal, series: Series) -> datetime | None:
    """From when on it is judged whether a signal is unusual; None if never.

    Args:
        signal: Which one.
        series: Its values, without those that mean nothing.
    """
    at = series.timestamps[np.isfinite(series.values)]
    if not METRICS[signal].judged or len(at) <= _LEARNING_POINTS:
        return None
    begins = max(when(at[_LEARNING_POINTS]), when(at[0]) + _LEARNING)
    return begins if begins <= when(at[-1]) else None


def _late(
    signal: Signal, signals: Mapping[Signal, Series], begins: datetime | None, *, excerpt: bool
) -> Unjudged:
    """Why it is not judged, or not from the beginning, whether a signal is unusual."""
    metric = METRICS[signal]
    learnt = f"the first day and the first {_LEARNING_POINTS} values are only learnt from"
    if not metric.judged:
        return Unjudged(signal, "it only explains what other signals show", unknown=False)
    if metric.needs and Signal.INVOCATIONS not in signals:
        return Unjudged(
            signal,
            f"a value counts where there are {metric.needs} invocations in its period, and how "
            "many there are is unknown; add a column 'invocations'",
        )
    if metric.needs and begin(signal, signals[signal]) != begins:
        few = f"few of its periods have the {metric.needs} invocations that a value needs"
        since = f"judged from {begins:%Y-%m-%d %H:%M} on only: " if begins else ""
        return Unjudged(signal, f"{since}{few}; {learnt}", unknown=False)
    if begins:
        return Unjudged(
            signal, f"judged from {begins:%Y-%m-%d %H:%M} on only: {learnt}", unknown=excerpt
        )
    values = signals[signal].values
    count = int(np.isfinite(values).sum())
    return Unjudged(signal, f"too short, with {count:,} values: {learnt}", unknown=excerpt)


def _missing(
    signal: Signal,
    signals: Mapping[Signal, Series],
    limits: FunctionLimits | None,
    *,
    excerpt: bool,
) -> str:
    """What a signal has to be compared with, and is not; empty if it is."""
    if signal in _SHARES and Signal.INVOCATIONS not in signals:
        return "not compared with the number of calls; add a column 'invocations'"
    if signal is Signal.DURATION_P99 and limits is None:
        return "not compared with the timeout, which is unknown; give --timeout and --memory"
    if signal is Signal.CONCURRENCY and limits and limits.reserved_unknown and not excerpt:
        return f"not compared with its reserved concurrency: {limits.reserved_unknown}"
    return ""


def _has_rule(signal: Signal) -> bool:
    return signal in _SHARES or signal is Signal.DURATION_P99
