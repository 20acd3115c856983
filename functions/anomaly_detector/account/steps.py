"""Steps of the account: a runaway too small to be the highest of the day, but here to stay. Pure.

The sum over many functions is smooth from minute to minute, whatever its day looks like: where 190
executions run at once, give or take 50 over a day, one minute differs from the next by two. A
runaway of 20 hides in the day; in the minutes it is a step that cannot be overlooked.

What counts is the median of three minutes, so that a burst of one minute is nothing, above what
four of the fifteen minutes before reached, so that the way back from a dip is nothing either. How
large a step must be is learnt from the same day, which the tripwire reads anyway: four times the
noise between minutes, on top of what half of the quarter of an hour before showed (a ramp); and a
quarter more than

- what two of the day's hours showed at this minute of the hour (hourly jobs);
- what yesterday showed at this time (daily ones, and the way into the morning);
- the third largest of the steps that came at odd minutes (an account that is unsteady by nature).

Minutes without a call in an account that always has some are a gap in the metrics: what was known
before it holds on, and after a gap of half an hour there is nothing to compare with for a while.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from functions.anomaly_detector.account.tripwire import ACCOUNT_METRICS, AccountSignal, Floats
from functions.anomaly_detector.metrics.series import Series, when

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_MEDIAN: Final = 3  # minutes
_APART: Final = 5  # minutes between a level and the levels that it is compared with
_BEFORE: Final = 15  # so many of these
_REACHED: Final = 4  # by so many of them
_REST: Final = _APART + _REACHED + _MEDIAN  # minutes for which a step is one: not its own past
_RAMP: Final = 15
_FEWEST: Final = 3 * _HOUR
_NOISY: Final = 4.0
_NOISE_OVER: Final = 2 * _HOUR
# Median absolute difference of two normally distributed values, in their standard deviation.
_DIFFERENCE: Final = 0.954
_UNUSUAL: Final = 1.25
_EARLY: Final = 1  # minutes by which an hourly job may be early or late
_YESTERDAY: Final = 15  # the same for a daily one
_ODD: Final = 3
_SAME: Final = 15  # steps within so many minutes are one
_NEVER_SILENT: Final = 50.0  # calls a minute


@dataclass(frozen=True, slots=True)
class Step:
    """A signal of the account that rose, and stays, by more than its day explains.

    Attributes:
        signal: Which one.
        at: The newest minute.
        value: Median of its newest three minutes.
        before: What four of such medians of the minutes before reached.
        needed: The smallest rise that would have counted.
    """

    signal: AccountSignal
    at: datetime
    value: float
    before: float
    needed: float


def steps(account: Mapping[AccountSignal, Series]) -> list[Step]:
    """What rose in the newest minutes.

    Args:
        account: One day of minutes of each signal, zeros where nothing happened; empty where
            CloudWatch knows nothing.
    """
    calls = account.get(AccountSignal.CALLS, Series.empty()).values
    return [
        step
        for signal, series in account.items()
        if (step := _step(signal, series, calls)) is not None
    ]


def levels(account: Mapping[AccountSignal, Series]) -> dict[AccountSignal, float]:
    """The highest that each signal showed in the newest minutes."""
    return {
        signal: float(series.values[-_MEDIAN:].max())
        for signal, series in account.items()
        if len(series)
    }


def _step(signal: AccountSignal, series: Series, calls: Floats) -> Step | None:
    if len(series) < _FEWEST:
        return None
    known = _known(len(series), calls)
    if known[-_BEFORE - _REST :].sum() < _REST:
        return None
    # In a gap, the last known value.
    values = series.values[np.maximum.accumulate(np.where(known, np.arange(len(known)), 0))]
    medians = np.median(sliding_window_view(values, _MEDIAN), axis=1)
    before = sliding_window_view(medians[:-_APART], _BEFORE)
    before = np.partition(before, -_REACHED, axis=1)[:, -_REACHED]
    rises = medians[-len(before) :] - before
    rise = float(rises[-1])
    least = ACCOUNT_METRICS[signal].least
    needed = max(least, _NOISY * _noise(values) + _ramp(rises))
    if rise < needed:  # as in nearly every minute
        return None
    needed = max(needed, _UNUSUAL * _nothing_new(rises))
    if rise < needed:
        return None
    at = when(series.timestamps[-1])
    return Step(signal, at, float(medians[-1]), float(before[-1]), needed)


def _known(length: int, calls: Floats) -> NDArray[np.bool_]:
    """Whether CloudWatch knew anything, for each of the newest minutes."""
    known = np.ones(length, dtype=bool)
    both = min(length, len(calls))
    if both and np.median(calls) >= _NEVER_SILENT:
        known[length - both :] = calls[len(calls) - both :] > 0
    return known


def _noise(values: Floats) -> float:
    """Standard deviation from minute to minute: of the day or of these hours, if it is larger."""
    differences = np.abs(np.diff(values[:-_REST]))
    recent = float(np.median(differences[-_NOISE_OVER:]))
    return max(recent, float(np.median(differences))) / _DIFFERENCE


def _ramp(rises: Floats) -> float:
    """What the minutes before rose by, as a rule."""
    return max(0.0, float(np.median(rises[-_REST - _RAMP : -_REST])))


def _nothing_new(rises: Floats) -> float:
    """The largest rise that would be nothing new at the newest minute."""
    newest = len(rises) - 1
    day_before = rises[max(0, newest - _DAY - _YESTERDAY) : max(0, newest - _DAY + _YESTERDAY + 1)]
    past = rises.copy()
    past[-_REST:] = -np.inf
    # One row for each hour; the newest minute is the last of the last.
    past = past[-(min(len(past), _DAY) // _HOUR * _HOUR) :]
    hours = _highest_around(past, _EARLY).reshape(-1, _HOUR)
    hourly = np.sort(hours, axis=0)[-2]
    usual = _UNUSUAL * np.maximum(np.tile(hourly, len(hours)), 0.0)
    odd = np.where(past > usual, past, -np.inf)
    return max(
        float(hourly[-1]),
        float(day_before.max(initial=-np.inf)),
        _largest_but(odd, _ODD - 1),
    )


def _highest_around(rises: Floats, minutes: int) -> Floats:
    """The highest of so many minutes on either side of each."""
    padded = np.pad(rises, minutes, constant_values=-np.inf)
    return np.asarray(sliding_window_view(padded, 2 * minutes + 1).max(axis=1))


def _largest_but(rises: Floats, count: int) -> float:
    """The largest rise apart from so many larger ones, with what is next to them."""
    left = rises.copy()
    for _ in range(count):
        at = int(np.argmax(left))
        left[max(0, at - _SAME) : at + _SAME + 1] = -np.inf
    return float(left.max())
