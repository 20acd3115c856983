"""Whether a function uses far more than it usually does, judged by what that costs. Pure.

Calls, their duration and the memory together make the cost, and the average number of executions at
once; neither calls nor durations alone say whether anything is at stake.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.hours import HOUR, Floats, zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, PERIOD, Past
from functions.shared.core.severity import Severity

LEAST: Final = 0.015
"""USD an hour, some ten dollars a month: what costs less is nobody's incident."""
SERIOUS: Final = 0.10
"""USD an hour, some seventy dollars a month."""
_ALARMING: Final = 5.0
_ALARMING_LOAD: Final = 100.0
RUNAWAY: Final = 5.0
"""So many times what was ever usual at such a time."""

_OUT: Final = 2.0
_STILL_OUT: Final = 1.3
_LONG: Final = 3 * AN_HOUR
_SHIFTED: Final = 2.0
_SHIFTED_SOON: Final = 4.0
_MORE_CALLS: Final = 3.0
_SOMEWHAT_MORE_CALLS: Final = 1.8
_HALF_A_DAY: Final = 6 * AN_HOUR
"""Half of a working day."""
_STILL_SHIFTED: Final = 1.5
_MANY_CALLS: Final = 50.0
_SOME_CALLS: Final = 5.0
_A_QUARTER: Final = 0.25
_QUICKLY, _SLOWLY = 3, AN_HOUR
_NOT_FALLING: Final = 0.5
_GROWING, _GROWN = AN_HOUR // 2, 4.0
_RISES, _FEWEST_OF_A_LOOP = 1.3, 20.0
_DEAR: Final = 1.0
_STEADY: Final = 1.3
# A function without a past may use so many executions at once, and so much money.
_NEW_LOAD: Final = 2.0
_NEW_COST: Final = 0.01
_NO_PAST: Final = 24


@dataclass(frozen=True, slots=True)
class Load:
    """What a function uses beyond what is usual.

    Attributes:
        since: Start of the first period out of what is usual.
        severity: By the money, and by how many times the usual.
        extra: USD an hour beyond the usual.
        steady: Whether it has stopped growing.
        is_shift: Whether it is the level that shifted: what the next day shows belongs to it.
    """

    since: datetime
    severity: Severity
    extra: float
    steady: bool
    is_shift: bool = False


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest periods beside what is usual at their time."""

    values: Floats
    typical: Floats
    high: Floats
    level: Floats

    def mean(self, periods: int) -> tuple[float, float, float]:
        """Cost, usual level and typical cost, over the newest periods."""
        rows = slice(-periods, None)
        return (
            float(self.values[rows].mean()),
            float(self.level[rows].mean()),
            float(self.typical[rows].mean()),
        )


def load_of(
    past: Past,
    *,
    at_once: float = 0.0,
    risen_at: datetime | None = None,
    after: datetime | None = None,
) -> Load | None:
    """What is far beyond the usual now; None where nothing is.

    Args:
        past: The function.
        at_once: Executions at once that the newest minutes reached, where they were read.
        risen_at: The first of those minutes.
        after: End of the incident before; its hours make no new level.
    """
    if Signal.COST not in past.recent:
        return None
    if past.known_hours < _NO_PAST:
        return _of_the_new(past) if past.is_young else None
    newest = _newest(past, Signal.COST)
    excess = newest.values - newest.typical
    out = (newest.values > _OUT * newest.high) & (excess >= LEAST)
    run = _run(out)
    found = [
        one
        for one in (
            _of_minutes(past, at_once, risen_at),
            _of_run(past, newest, excess, run),
            None if run else _of_level(past, newest, after) or _of_growth(past),
        )
        if one
    ]
    return max(found, key=lambda one: (one.severity, one.extra), default=None)


def still(past: Past) -> bool:
    """Whether an incident of the load lasts, by a lower bar than the one that opened it."""
    if past.known_hours < _NO_PAST:
        return float(zeroed(past.newest(Signal.LOAD, _QUICKLY)).mean()) >= _NEW_LOAD / 2
    newest = _newest(past, Signal.COST)
    cost, high = newest.values[-_QUICKLY:].mean(), newest.high[-_QUICKLY:].mean()
    excess = cost - newest.typical[-_QUICKLY:].mean()
    if cost > _STILL_OUT * high and excess >= LEAST / 2:
        return True
    # An hour that began high says nothing of a quarter that is back.
    mean, level, typical = newest.mean(AN_HOUR)
    if min(mean, cost) > _STILL_SHIFTED * level and mean - typical >= LEAST / 2:
        return True
    newest = _newest(past, Signal.INVOCATIONS)
    mean, usual, _ = newest.mean(AN_HOUR)
    calls = min(mean, newest.mean(_QUICKLY)[0])
    return calls > _STILL_SHIFTED * usual and calls >= _SOME_CALLS


def extra_now(past: Past) -> float:
    """USD an hour beyond the usual, over the newest quarter of an hour."""
    cost = float(zeroed(past.newest(Signal.COST, _QUICKLY)).mean())
    return max(cost - _number(past.usual(Signal.COST).typical), 0.0)


def _number(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def _newest(past: Past, signal: Signal, periods: int = _LONG) -> _Newest:
    values = zeroed(past.newest(signal, periods))
    hours = (past.end - PERIOD * np.arange(len(values), 0, -1)) // HOUR
    usual = [past.usual(signal, int(hour) * HOUR) for hour in range(hours[0], hours[-1] + 1)]
    known = zeroed(np.array([[one.typical, one.high, one.level] for one in usual]))
    columns = known[hours - hours[0]].T
    return _Newest(values, *columns)


def _run(out: NDArray[np.bool_]) -> int:
    """Periods at the end that are out, one of three may be missing."""
    length = missing = 0
    for back, is_out in enumerate(reversed(out.tolist()), 1):
        if is_out:
            length, missing = back, 0
        elif length == 0 or missing or length < _QUICKLY:
            break
        else:
            missing += 1
    return length


def _of_run(past: Past, newest: _Newest, excess: Floats, run: int) -> Load | None:
    if not run:
        return None
    extra = float(np.median(excess[-min(run, _QUICKLY) :]))
    loads = past.newest(Signal.LOAD, run)
    more_load = float(zeroed(loads)[-1] - _number(past.usual(Signal.LOAD).high))
    alarming = extra >= _ALARMING or more_load >= _ALARMING_LOAD
    falling = newest.values[-1] < _NOT_FALLING * newest.values[-run:].max()
    quick = extra >= SERIOUS and run >= _QUICKLY and not falling
    runs_away = newest.values[-1] >= RUNAWAY * newest.high[-1]
    runs_away = runs_away and (extra >= _DEAR or _calls_more(past))
    # What doubles every quarter of an hour is told before it is dear.
    grows = runs_away and run >= _GROWING and newest.values[-1] >= _GROWN * newest.values[-_GROWING]
    if not (alarming or quick or grows or run >= _SLOWLY):
        return None
    return Load(
        since=past.start_of(run - 1),
        severity=_severity(extra, runs_away=runs_away and (alarming or quick)),
        extra=extra,
        steady=bool(newest.values[-1] <= _STEADY * newest.values[-_QUICKLY - 1]),
    )


def _calls_more(past: Past) -> bool:
    """Whether it is called more often than ever: calls that only take longer are no runaway."""
    calls = _newest(past, Signal.INVOCATIONS, _QUICKLY)
    return bool(calls.values.mean() >= _OUT * calls.level.mean())


def _of_level(past: Past, newest: _Newest, after: datetime | None) -> Load | None:
    """A level that was never usual at this time, though no period is higher than any before."""
    for periods, factor, least in (
        (AN_HOUR, _SHIFTED_SOON, SERIOUS),
        (_LONG, _SHIFTED, LEAST),
    ):
        if after and past.start_of(periods - 1) < after:
            continue
        mean, level, typical = newest.mean(periods)
        extra = mean - typical
        lasts = _lasts(newest.values[-periods:], factor / 2 * level)
        if mean >= factor * level and extra >= least and lasts:
            runs_away = mean >= RUNAWAY * level and extra >= SERIOUS
            runs_away = runs_away and (extra >= _DEAR or _calls_more(past))
            since = past.start_of(periods - 1)
            severity = _severity(extra, runs_away=runs_away)
            return Load(since, severity, extra, steady=True, is_shift=True)
    for periods, factor in ((_LONG, _MORE_CALLS), (_HALF_A_DAY, _SOMEWHAT_MORE_CALLS)):
        if after and past.start_of(periods - 1) < after:
            continue
        if past.total(Signal.INVOCATIONS, periods) < periods * _MANY_CALLS:
            continue
        calls = _newest(past, Signal.INVOCATIONS, periods)
        mean, level, _ = calls.mean(periods)
        lasts = level > 0 and _lasts(calls.values, factor / 2 * level)
        if mean >= factor * level and lasts:
            cost, _, usual = newest.mean(_LONG)
            since, extra = past.start_of(periods - 1), max(cost - usual, 0.0)
            return Load(since, Severity.MEDIUM, extra, steady=True, is_shift=True)
    return None


def _of_growth(past: Past) -> Load | None:
    """Calls that grow from period to period beyond what was ever usual, however little they cost.

    A loop that feeds itself looks like that long before it is dear; people do not.
    """
    calls = zeroed(past.newest(Signal.INVOCATIONS, _GROWING))
    high = _number(past.usual(Signal.INVOCATIONS).high)
    if calls[-1] < max(_FEWEST_OF_A_LOOP, RUNAWAY * high):
        return None
    # A burst rises once and stays; what feeds itself rises each time.
    for step in (1, 2):
        first, second, last = calls[-1 - 2 * step :: step]
        if first > max(high, _SOME_CALLS) and second >= _RISES * first and last >= _RISES * second:
            since = past.start_of(2 * step)
            return Load(since, Severity.MEDIUM, extra_now(past), steady=False)
    return None


def _lasts(values: Floats, bar: float) -> bool:
    """Whether every hour is above, a quarter of the periods, and the newest half hour.

    Bursts are no level, nor is what is over.
    """
    hours = values.reshape(-1, AN_HOUR).mean(axis=1)
    lasts = values[-AN_HOUR // 2 :].mean() > bar
    return bool(lasts and (hours > bar).all() and (values > bar).mean() >= _A_QUARTER)


def _of_minutes(past: Past, at_once: float, risen_at: datetime | None) -> Load | None:
    """Executions at once in the newest minutes, before their period is whole."""
    high = _number(past.usual(Signal.LOAD).high)
    if at_once < RUNAWAY * high or at_once - high < _SUDDEN_LOAD:
        return None
    return Load(risen_at or past.now, Severity.CRITICAL, extra_now(past), steady=False)


_SUDDEN_LOAD: Final = 20.0


def _of_the_new(past: Past) -> Load | None:
    """A function without a past: what it uses by itself, whatever its usual may become."""
    loads = zeroed(past.newest(Signal.LOAD, _LONG))
    cost = zeroed(past.newest(Signal.COST, _LONG))
    run = _run(loads >= _NEW_LOAD)
    extra = float(np.median(cost[-min(max(run, 1), _QUICKLY) :]))
    if run < _QUICKLY and not (run and extra >= _ALARMING):
        return None
    severity = Severity.CRITICAL if extra >= _NEW_COST else Severity.MEDIUM
    steady = bool(cost[-1] <= _STEADY * cost[-_QUICKLY - 1])
    return Load(past.start_of(run - 1), severity, extra, steady)


def _severity(extra: float, *, runs_away: bool) -> Severity:
    if runs_away:
        return Severity.CRITICAL
    return Severity.HIGH if extra >= SERIOUS else Severity.MEDIUM


def is_pending(past: Past) -> bool:
    """Whether the newest period is out, and is looked at again soon to see whether that lasts."""
    if Signal.COST not in past.recent or (past.known_hours < _NO_PAST and not past.is_young):
        return False
    usual = past.usual(Signal.COST)
    cost = _number(float(past.newest(Signal.COST, 1)[-1]))
    return cost > _OUT * _number(usual.high) and cost - _number(usual.typical) >= LEAST
