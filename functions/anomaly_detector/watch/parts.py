"""A part of all calls that is too large: failures, refusals. From its opening to its end. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import log
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.counting import (
    bad_in_a_row,
    days_before,
    failures_in_a_row,
    since,
    usual_share,
)
from functions.anomaly_detector.watch.hours import zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, PERIOD, RECENT, Past
from functions.anomaly_detector.watch.shares import is_surely
from functions.anomaly_detector.watch.standing import Standing, continued, opened, receding
from functions.shared.core.severity import Severity

_WINDOWS: Final = tuple(timedelta(minutes=m) for m in (15, 60, 360, 1440))
_BACK_WINDOWS: Final = tuple(timedelta(minutes=m) for m in (30, 60, 120, 240, 480, 1440))
_ENOUGH_TO_END: Final = 40
_PATIENCE: Final = timedelta(minutes=30)
_CHANCE: Final = 0.01
_NEARLY_ALL: Final = 0.9
_MANY_AN_HOUR: Final = 100
_MORE: Final = 3.0
_FEW_AN_HOUR, _FEW_A_DAY = 10, 12
_LEAST_OF_AN_HOUR, _LEAST_OF_A_DAY = 0.01, 0.002
_FEWEST_DAYS: Final = 3
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Bad:
    """What goes wrong with calls.

    Attributes:
        signal: Calls that went wrong.
        counts_as_call: Whether they are part of the invocations; refused calls are not.
        share: The share of all attempts that is too large.
        least: Attempts below which a share means nothing.
        rises: Whether more than usual is told, though the share is small.
    """

    signal: Signal
    counts_as_call: bool
    share: float
    least: int
    rises: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Too large a part.

    Attributes:
        bad: How many.
        all: Of how many.
        start: Since when.
        severity: How bad that is.
        bar: The share below half of which it looks over.
        in_a_row: Whether it is about all attempts since the last good one.
    """

    bad: float
    all: float
    start: datetime
    severity: Severity
    bar: float
    in_a_row: bool = False


def judge(past: Past, how: Bad, before: Standing | None) -> tuple[Standing | None, Found | None]:
    """The incident as of the newest periods, and what is found now."""
    now = past.now
    after = before.closed if before and before.closed else None
    found = _found(past, how, after)
    if before is None or not before.is_open:
        if found is None:
            return before, None
        began = _first_bad(past, how, found.start)
        one = opened(
            before,
            since=began,
            now=now,
            severity=found.severity,
            measure=found.bad / found.all,
            facts={"bar": found.bar, "share": found.bad / found.all},
        )
        return one, found
    share, over = _is_over(past, how, before)
    if over:
        return receding(before, now=now, measure=share, patience=_PATIENCE), found
    severity = found.severity if found else before.severity
    measure = share if share else before.measure
    one = continued(before, now=now, severity=severity, measure=measure)
    facts = {**before.facts, "share": max(before.facts.get("share", 0.0), share)}
    return replace(one, facts=facts), found


def _all_since(past: Past, how: Bad, start: datetime) -> tuple[float, float]:
    bad = since(past, how.signal, start)
    calls = since(past, Signal.INVOCATIONS, start)
    return bad, calls if how.counts_as_call else calls + bad


def _found(past: Past, how: Bad, after: datetime | None) -> Found | None:
    now = past.now
    found = None
    if past.end - past.bad_at.get(how.signal, 0) > _WINDOWS[-1].total_seconds():
        return None
    for window in _WINDOWS:
        start = now - window if after is None else max(now - window, after)
        bad, every = _all_since(past, how, start)
        if every >= how.least and is_surely(bad, every, how.share):
            found = Found(bad, every, start, _severity(past, how), how.share)
            break
    return found or _in_a_row(past, how, after) or (_rise(past, how, after) if how.rises else None)


def _severity(past: Past, how: Bad) -> Severity:
    """Critical where nearly every caller of a busy function gets nothing."""
    bad, every = _all_since(past, how, past.now - _WINDOWS[0])
    if every * 4 >= _MANY_AN_HOUR and bad >= _NEARLY_ALL * every and _lasts(past, how):
        return Severity.CRITICAL
    return Severity.HIGH


def _lasts(past: Past, how: Bad) -> bool:
    bad = zeroed(past.newest(how.signal, 2))
    calls = zeroed(past.newest(Signal.INVOCATIONS, 2))
    every = calls if how.counts_as_call else calls + bad
    return bool((every > 0).all() and (bad >= _NEARLY_ALL * every).all())


def _in_a_row(past: Past, how: Bad, after: datetime | None) -> Found | None:
    good_at = past.good_at.get(how.signal, past.began)
    if after:
        good_at = max(good_at, int(after.timestamp()))
    bad = bad_in_a_row(past, how.signal, good_at)
    usual = usual_share(past, how.signal, Signal.INVOCATIONS) if how.counts_as_call else 0.0
    if bad < 1 or bad < failures_in_a_row(past, usual):
        return None
    start = datetime.fromtimestamp(good_at, UTC)
    return Found(bad, bad, start, _severity(past, how), how.share, in_a_row=True)


def _rise(past: Past, how: Bad, after: datetime | None) -> Found | None:
    """Many times as many as usual, in an hour or in a day, though most calls succeed."""
    now = past.now
    start = max(now - _WINDOWS[-1], after) if after else now - _WINDOWS[-1]
    if since(past, how.signal, start) < _FEW_AN_HOUR:
        return None
    usual = usual_share(past, how.signal, Signal.INVOCATIONS)
    start = max(now - _WINDOWS[1], after) if after else now - _WINDOWS[1]
    bad, every = _all_since(past, how, start)
    known = past.usual(how.signal)
    if known.days >= 1 and bad >= max(_FEW_AN_HOUR, _MORE * AN_HOUR * known.level):
        least = max(_MORE * usual, _LEAST_OF_AN_HOUR)
        if bad >= least * every:
            return Found(bad, every, start, Severity.MEDIUM, max(2 * usual, least / 2))
    start = max(now - _WINDOWS[-1], after) if after else now - _WINDOWS[-1]
    bad, every = _all_since(past, how, start)
    days = sorted(days_before(past, how.signal, _WEEK), reverse=True)
    if len(days) >= _FEWEST_DAYS and bad >= max(
        _FEW_A_DAY, _MORE * days[1], _MORE * usual * every + _FEW_A_DAY / 2
    ):
        least = max(_MORE * usual, _LEAST_OF_A_DAY)
        if bad >= least * every:
            return Found(bad, every, start, Severity.MEDIUM, max(2 * usual, least / 2))
    return None


def _is_over(past: Past, how: Bad, one: Standing) -> tuple[float, bool]:
    """The newest share, and whether it is too small for the incident to last."""
    now, bar = past.now, one.facts.get("bar", how.share)
    share = 0.0
    for window in _BACK_WINDOWS:
        start = max(now - window, one.since)
        bad, every = _all_since(past, how, start)
        # A small share takes more calls to be seen again.
        enough = max(_ENOUGH_TO_END, 5.0 / bar)
        if every >= enough or (window == _BACK_WINDOWS[-1] and every >= _ENOUGH_TO_END):
            share = bad / every
            return share, share < bar / 2
    bad_until = _last_bad(past, how)
    good = since(past, Signal.INVOCATIONS, bad_until) - (
        since(past, how.signal, bad_until) if how.counts_as_call else 0.0
    )
    share = one.facts.get("share", 1.0)
    if good < 1:
        return share, False
    return share, share >= 1.0 or good * log(1.0 - share) < log(_CHANCE)


def _last_bad(past: Past, how: Bad) -> datetime:
    """End of the last period in which something went wrong; where that is long ago, its hour."""
    column = zeroed(past.newest(how.signal, RECENT))
    rows = np.flatnonzero(column > 0)
    if len(rows):
        return datetime.fromtimestamp(past.end - (RECENT - 1 - int(rows[-1])) * PERIOD, UTC)
    return datetime.fromtimestamp(past.bad_at.get(how.signal, past.began), UTC)


def _first_bad(past: Past, how: Bad, start: datetime) -> datetime:
    """Start of the first period since a time in which something went wrong."""
    column = zeroed(past.newest(how.signal, RECENT))
    for row in np.flatnonzero(column > 0).tolist():
        at = datetime.fromtimestamp(past.end - (RECENT - row) * PERIOD, UTC)
        if at >= start:
            return at
    return start
