"""Which signals other than the load left what is usual, and stay out. Pure.

One odd period is never reported: a deployment's cold starts last for ten minutes, and the slowest
percent of calls is slow now and then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.watch.hours import Floats, zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, RECENT, Past

_SUSTAINED: Final = 6
_ABOVE_LEVEL: Final = 1.5
_STILL: Final = 0.6
_FEWEST_CALLS: Final = 8
_COLLAPSED: Final = 0.15
_FEWEST_RETURNS: Final = 30
_MEASURABLE: Final = 20.0
_MINUTE: Final = 60_000.0
HOUR_MS: Final = 60 * _MINUTE
_LATELY: Final = 4 * AN_HOUR


@dataclass(frozen=True, slots=True)
class Watched:
    """How a signal is judged.

    Attributes:
        factor: So many times its typical value is too much.
        least: Smaller rises mean nothing.
        periods: Newest periods with a value whose median is judged.
        calls: Calls that these periods need together.
    """

    factor: float
    least: float
    periods: int = _SUSTAINED
    calls: int = 0


WATCHED: Final = {
    Signal.DURATION_P50: Watched(2.5, 100),
    # Heavy tails show by chance in half an hour what they do not show in one.
    Signal.DURATION_P99: Watched(3.0, 100, periods=12),
    Signal.DURATION: Watched(3.0, 500, calls=_FEWEST_CALLS),
    Signal.ITERATOR_AGE: Watched(3.0, 10 * _MINUTE, periods=3),
    Signal.ASYNC_AGE: Watched(3.0, 10 * _MINUTE, periods=3),
    Signal.CPU: Watched(3.0, 100),
    Signal.RECEIVED: Watched(3.0, 10_000_000),
    Signal.SENT: Watched(3.0, 10_000_000),
    Signal.INIT: Watched(3.0, 1000),
}


DURATIONS: Final = frozenset({Signal.DURATION, Signal.DURATION_P50, Signal.DURATION_P99})
"""Signals of one thing: what one of them began, the others carry on."""

# A stream keeps its records for 24 hours unless somebody pays for more (Kinesis and DynamoDB
# Streams developer guides); Lambda keeps asynchronous events for 6 hours (Lambda developer guide,
# "Asynchronous invocation").
KEPT_FOR: Final = {Signal.ITERATOR_AGE: 24 * HOUR_MS, Signal.ASYNC_AGE: 6 * HOUR_MS}
"""For how long, in ms, what waits is kept."""
AGES: Final = frozenset(KEPT_FOR)
NEARLY_EXPIRED: Final = 0.75
"""Share of that time."""


def is_measured(past: Past, signals: frozenset[Signal]) -> bool:
    """Whether any of some signals was seen often enough, lately, to say whether it is back."""
    for signal in signals & past.recent.keys():
        how = WATCHED.get(signal)
        values = values_of(past, signal)[-_LATELY:]
        rows = np.flatnonzero(~np.isnan(values))
        if how is None or len(rows) < how.periods:
            continue
        calls = zeroed(past.newest(Signal.INVOCATIONS, _LATELY))
        if calls[rows[-how.periods :]].sum() >= how.calls:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Shift:
    """One signal that is out, or has collapsed.

    Attributes:
        signal: Which one.
        since: Start of the first of the periods that show it.
        value: The median of them.
        usual: What is typical at this time.
    """

    signal: Signal
    since: datetime
    value: float
    usual: float


def shifts(
    past: Past, *, known: frozenset[Signal] = frozenset(), after: datetime | None = None
) -> Iterator[Shift]:
    """The signals that are out.

    Args:
        past: The function.
        known: Those that are told of: they are out until they are clearly back.
        after: End of the incident before; what it showed begins no other one.
    """
    durations = bool(known & DURATIONS)
    out = [
        _risen(past, signal, how, signal in known or (durations and signal in DURATIONS))
        for signal, how in WATCHED.items()
        if signal in past.recent
    ]
    for found in (*out, _collapsed(past)):
        if found and (after is None or found.since >= after):
            yield found


def values_of(past: Past, signal: Signal) -> Floats:
    """The newest periods of a signal, a gap where there were too few calls to mean anything."""
    values = past.newest(signal, RECENT)
    needs = METRICS[signal].needs
    if not needs:
        return values
    return np.where(zeroed(past.newest(Signal.INVOCATIONS, RECENT)) >= needs, values, np.nan)


def _risen(past: Past, signal: Signal, how: Watched, is_known: bool) -> Shift | None:  # noqa: FBT001
    values = values_of(past, signal)
    rows = np.flatnonzero(~np.isnan(values))[-how.periods :]
    if len(rows) < how.periods:
        return None
    calls = zeroed(past.newest(Signal.INVOCATIONS, RECENT))
    if how.calls and calls[rows].sum() < how.calls:
        return None
    usual = past.usual(signal)
    if np.isnan(usual.typical) or past.known_hours < _A_DAY:
        return None
    value = float(np.median(values[rows]))
    ease = _STILL if is_known else 1.0
    bar = max(how.factor * usual.typical, _ABOVE_LEVEL * usual.level, usual.typical + how.least)
    if value < ease * bar:
        return None
    out = rows[values[rows] >= ease * bar]
    first = out[0] if len(out) else rows[0]
    return Shift(signal, past.start_of(RECENT - 1 - int(first)), value, usual.typical)


_A_DAY: Final = 24


def _collapsed(past: Past) -> Shift | None:
    """Calls return at once: what they did for their time is no longer done."""
    signal = Signal.DURATION if Signal.DURATION in past.recent else Signal.DURATION_P50
    values = values_of(past, signal)
    rows = np.flatnonzero(~np.isnan(values))[-_SUSTAINED:]
    calls = zeroed(past.newest(Signal.INVOCATIONS, RECENT))
    if len(rows) < _SUSTAINED or calls[rows].sum() < _FEWEST_RETURNS:
        return None
    usual = past.usual(signal)
    value = float(np.median(values[rows]))
    if np.isnan(usual.typical) or usual.typical < _MEASURABLE or past.known_hours < _A_DAY:
        return None
    if value > _COLLAPSED * usual.typical or value > 0.5 * usual.low:
        return None
    return Shift(signal, past.start_of(RECENT - 1 - int(rows[0])), value, usual.typical)
