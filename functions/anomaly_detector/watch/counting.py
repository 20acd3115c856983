"""Counting over days: sums of newest periods and of the hours before them. Pure."""

from datetime import UTC, datetime, timedelta
from math import ceil, log
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import epoch
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.hours import HOUR, KEPT, Floats, zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, PERIOD, RECENT, Past

_TWO_WEEKS: Final = 14 * 24
_DAY: Final = timedelta(days=1)
# One wrong alarm in two hundred days, were failures independent of each other.
_WRONG_A_DAY: Final = 0.005
_LEAST_RATE: Final = 0.02
_PRIOR: Final = 25.0
_PERIODS_A_DAY: Final = 288


def since(past: Past, signal: Signal, start: datetime) -> float:
    """How many there were since a time; of hours long ago, those that began since then."""
    first = epoch(start)
    column = past.recent.get(signal)
    if column is None:
        return 0.0
    recent_from = past.end - RECENT * PERIOD
    rows = max(0, min(RECENT, (past.end - first) // PERIOD))
    total = _sum(column[RECENT - rows :]) if rows else 0.0
    hours = past.hours.get(signal)
    if first < recent_from and hours:
        # The hours that lie wholly before the newest periods.
        last = -(-recent_from // HOUR)
        covered = RECENT * PERIOD - (last * HOUR - recent_from)
        total = _sum(column[RECENT - covered // PERIOD :])
        begin = max(0, KEPT - (hours.end + -first // HOUR))
        end = max(0, KEPT - (hours.end - last))
        total += AN_HOUR * _sum(hours.means[begin:end])
    return total


def usual_share(past: Past, part: Signal, whole: Signal) -> float:
    """The usual share of a part in a whole, over two weeks without incidents."""
    parts, wholes = past.hours.get(part), past.hours.get(whole)
    if parts is None or wholes is None:
        return 0.0
    fine = ~past.failing[-_TWO_WEEKS:]
    some = AN_HOUR * _sum(parts.means[-_TWO_WEEKS:][fine])
    every = AN_HOUR * _sum(wholes.means[-_TWO_WEEKS:][fine])
    return some / (every + _PRIOR) if every else 0.0


def calls_a_day(past: Past) -> float:
    """Calls on an average day of two weeks."""
    hours = past.hours.get(Signal.INVOCATIONS)
    if hours is None:
        return since(past, Signal.INVOCATIONS, past.now - _DAY)
    known = hours.means[-_TWO_WEEKS:]
    known = known[~np.isnan(known)]
    return AN_HOUR * 24 * float(known.mean()) if len(known) else 0.0


def days_before(past: Past, signal: Signal, days: int) -> list[float]:
    """Sums of the days before the newest one, the newest first, as far as they are known."""
    hours = past.hours.get(signal)
    if hours is None:
        return []
    mask = past.failing if signal is Signal.ERRORS else past.spoilt
    means = np.where(mask, np.nan, hours.means)
    found = []
    for day in range(1, days + 1):
        stop = KEPT - 24 * day
        some = means[stop - 24 : stop] if stop >= 24 else means[:0]
        if len(some) and (~np.isnan(some)).sum() >= 20:
            found.append(AN_HOUR * _sum(some))
    return found


def failures_in_a_row(past: Past, usual: float) -> int:
    """So many failures in a row are no chance, given how often a function runs and fails."""
    a_day = min(max(calls_a_day(past), 1 / 7), _PERIODS_A_DAY)
    rate = min(max(usual, _LEAST_RATE), 0.9)
    return max(1, ceil(log(_WRONG_A_DAY / a_day) / log(rate)))


def bad_in_a_row(past: Past, bad: Signal, good_at: int) -> float:
    """How many were bad since the last good one ended, in seconds since 1970."""
    start = max(good_at, past.began)
    return since(past, bad, datetime.fromtimestamp(start, UTC))


def _sum(values: Floats) -> float:
    return float(zeroed(values).sum())
