"""A function is called no longer, or far less, at a time at which it always is. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import throttled
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.hours import A_WEEK, HOUR, KEPT, zeroed
from functions.anomaly_detector.watch.past import AN_HOUR, PERIOD, RECENT, Past
from functions.anomaly_detector.watch.standing import Standing, continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "went-silent"

_FIRST_DAYS: Final = 48
# Metrics may be late by twenty minutes: what is younger is no silence.
_LEAST_MINUTES: Final = 25
_SUSPICIOUS_MINUTES: Final = 10
# So many calls at least, by the lowest of the days or weeks before, were to be expected: none
# coming is no chance. Of a schedule, each run that is missing counts as much as five.
_EXPECTED: Final = 10.0
_OF_A_SCHEDULE: Final = 5.0
_LONGER: Final = 2.0
# Calls at random times make long pauses by chance, those of a job do not.
_MUCH_LONGER, _FIXED_HOURS = 3.0, 3
_LONGER_BY: Final = 30
_A_WEEK_AND_A_DAY: Final = A_WEEK + 24
_FEWEST_RUNS: Final = 5
_BUSY_AN_HOUR: Final = 100.0
_WINDOW: Final = 3 * AN_HOUR
_FALLEN, _BELOW_LOWEST, _FEWEST = 0.5, 0.65, 100.0
_BACK, _CLEARLY_BACK, _AS_BUSY = 0.8, 0.65, 0.5
_PATIENCE: Final = timedelta(minutes=60)
_SOON: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Missing:
    since: datetime
    expected: float
    came: float
    severity: Severity
    words: str


def check(view: View) -> Judged:
    """Fail when calls that were sure to come do not come."""
    past, before = view.past, view.standing(RULE)
    if Signal.INVOCATIONS not in past.recent or past.known_hours < _FIRST_DAYS:
        return Judged(Verdict(RULE, certain=False))
    if view.is_open(throttled.RULE) or view.capped_since:
        # Refused, not silent: that is told by its own rule.
        return Judged(Verdict(RULE), {RULE: None})
    found = _silent(past) or _fallen(past)
    standing = _next(past, before, found)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    if not standing.is_accepted:
        past.mark(past.spoilt, standing.since)
    return Judged(Verdict(RULE, (_finding(view, standing, found),)), {RULE: standing})


def _next(past: Past, before: Standing | None, found: _Missing | None) -> Standing | None:
    now = past.now
    if before is None or not before.is_open:
        if found is None:
            return before
        return opened(
            before,
            since=found.since,
            now=now,
            severity=found.severity,
            measure=1.0,
            facts={"silent": float(found.came == 0), "expected": found.expected},
        )
    if before.facts.get("silent") and past.called_at >= past.end - RECENT * PERIOD:
        calls = zeroed(past.newest(Signal.INVOCATIONS, RECENT))
        after = calls[RECENT - max(0, (past.end - int(before.opened.timestamp())) // PERIOD) :]
        if after.any() and (found is None or found.came > 0):
            return receding(before, now=now, measure=0.0, patience=_SOON)
    if found is None and _is_back(past, before):
        return receding(before, now=now, measure=0.0, patience=_PATIENCE)
    severity = found.severity if found else before.severity
    return continued(before, now=now, severity=severity, measure=1.0)


def is_missed(past: Past) -> bool:
    """Whether calls that were sure to come do not come."""
    return past.known_hours >= _FIRST_DAYS and _silent(past) is not None


def is_pending(past: Past) -> bool:
    """Whether calls are missing already, though it is too early to tell."""
    gap = past.newest(Signal.GAP, 1)[-1]
    if not _SUSPICIOUS_MINUTES <= gap < _LEAST_MINUTES or past.known_hours < _FIRST_DAYS:
        return False
    return _expected(past, int(gap) * 60 // PERIOD)[0] >= _EXPECTED


def _silent(past: Past) -> _Missing | None:
    gap = past.newest(Signal.GAP, 1)[-1]
    if np.isnan(gap) or gap < _LEAST_MINUTES:
        return None
    periods = int(gap) * 60 // PERIOD
    since = past.start_of(periods - 1)
    expected, runs, busiest = _expected(past, periods)
    severity = Severity.HIGH if busiest >= _BUSY_AN_HOUR else Severity.MEDIUM
    paused = past.hours[Signal.GAP].in_weeks(past.end // HOUR) if Signal.GAP in past.hours else 0.0
    paused = max(paused, _amid_calls(past))
    if expected >= _EXPECTED and gap > _LONGER * paused:
        return _Missing(since, runs, 0.0, severity, "by the same hours of the weeks before")
    longest = _longest_gap(past, periods)
    weekend_known = past.known_hours - gap / 60 >= _A_WEEK_AND_A_DAY
    longer = _LONGER if past.is_scheduled or _at_fixed_hours(past) else _MUCH_LONGER
    if longest and weekend_known and gap > longer * longest + _LONGER_BY:
        words = f"the longest pause of five weeks was {_lasting(longest)}"
        return _Missing(since, 0.0, 0.0, Severity.MEDIUM, words)
    return None


def _expected(past: Past, periods: int) -> tuple[float, float, float]:
    """What was to be expected in the newest periods: weighed, as runs, and in the busiest hour."""
    weighed = runs = busiest = 0.0
    first = past.end - periods * PERIOD
    for hour in range(max(first, past.end - KEPT * HOUR) // HOUR, (past.end - 1) // HOUR + 1):
        usual = past.usual(Signal.INVOCATIONS, hour * HOUR)
        if np.isnan(usual.low):
            continue
        inside = min(past.end, (hour + 1) * HOUR) - max(first, hour * HOUR)
        count = AN_HOUR * usual.low * inside / HOUR
        # A run an hour is due somewhere in the hour: only a whole hour without it misses it.
        scheduled = usual.exact and past.is_scheduled
        if scheduled and count < 1:
            continue
        runs += count
        weighed += count * (_OF_A_SCHEDULE if scheduled else 1.0)
        busiest = max(busiest, AN_HOUR * usual.low)
    return weighed, runs, busiest


def _amid_calls(past: Past) -> float:
    """The longest pause, in minutes, of a week's hours that had calls, as those before them had.

    Periods that are missing at random make such pauses; nights and incidents do not count.
    """
    gaps, calls = past.hours.get(Signal.GAP), past.hours.get(Signal.INVOCATIONS)
    if gaps is None or calls is None:
        return 0.0
    busy = zeroed(calls.means) > 0
    amid = busy[1:] & busy[:-1] & ~past.spoilt[1:]
    return float(zeroed(np.where(amid, gaps.highs[1:], 0.0))[-A_WEEK:].max())


def _longest_gap(past: Past, periods: int) -> float:
    """The longest pause between two calls before this one, in minutes; 0 while few are known."""
    hours, calls = past.hours.get(Signal.GAP), past.hours.get(Signal.INVOCATIONS)
    if hours is None or calls is None:
        return 0.0
    count = KEPT - max(0, periods * PERIOD // HOUR)
    gaps = hours.highs[: max(count, 0)]
    gaps = gaps[~np.isnan(gaps)]
    runs = (zeroed(calls.means) > 0).sum()
    return float(gaps.max()) if len(gaps) and runs >= _FEWEST_RUNS else 0.0


def _at_fixed_hours(past: Past) -> bool:
    """Whether its calls come at a few hours of the day only."""
    calls = past.hours.get(Signal.INVOCATIONS)
    if calls is None:
        return False
    hours = (calls.end - KEPT + np.flatnonzero(zeroed(calls.means) > 0)) % 24
    return len(set(hours.tolist())) <= _FIXED_HOURS


def _fallen(past: Past) -> _Missing | None:
    came, low, typical = _window(past)
    if not low or low < _FEWEST or came > _BELOW_LOWEST * low or came > _FALLEN * typical:
        return None
    words = "by the lowest of the same hours of the weeks before"
    return _Missing(past.start_of(_WINDOW - 1), low, max(came, 1.0), Severity.MEDIUM, words)


def _window(past: Past) -> tuple[float, float, float]:
    """Calls of the newest hours, the fewest that were to be expected, and the usual ones."""
    # Whole hours: what comes at the beginning of one is not missing at its end.
    over = past.end // HOUR
    rest = (past.end - over * HOUR) // PERIOD
    # What is refused came, too.
    column = zeroed(past.newest(Signal.INVOCATIONS, _WINDOW + rest))
    column = column + zeroed(past.newest(Signal.THROTTLES, _WINDOW + rest))
    came = float(column[:_WINDOW].sum())
    usual = [past.usual(Signal.INVOCATIONS, (over - back) * HOUR) for back in (3, 2, 1)]
    low = AN_HOUR * sum(one.low for one in usual)
    return came, 0.0 if np.isnan(low) else low, AN_HOUR * sum(one.typical for one in usual)


def _is_back(past: Past, one: Standing) -> bool:
    """Whether an hour looks as it should.

    Nothing is known while nothing is expected, or far less than when it began: a quiet night does
    not end what goes on in the morning.
    """
    usual = past.usual(Signal.INVOCATIONS, past.end - HOUR + 1)
    low, typical = AN_HOUR * usual.low, AN_HOUR * usual.typical
    came = past.total(Signal.INVOCATIONS, AN_HOUR) + past.total(Signal.THROTTLES, AN_HOUR)
    fallen_from = one.facts.get("expected", 0.0) * AN_HOUR / _WINDOW
    if not low > 0 or low < _AS_BUSY * fallen_from:
        return False
    return came > 0 and came >= max(_BACK * min(low, _BACK * typical), _CLEARLY_BACK * typical)


def _finding(view: View, standing: Standing, found: _Missing | None) -> Finding:
    silent = bool(standing.facts.get("silent"))
    title = "No calls any more" if silent else "Far fewer calls than usual"
    if found is None:
        figures = "Calls that always came at this time did not come."
    elif found.came == 0 and found.expected:
        figures = (
            f"No call since {found.since:%Y-%m-%d %H:%M} UTC; {number(found.expected)} at least "
            f"were expected, {found.words}."
        )
    elif found.came == 0:
        figures = f"No call since {found.since:%Y-%m-%d %H:%M} UTC; {found.words}."
    else:
        figures = (
            f"{number(found.came)} calls in three hours; {number(found.expected)} at least were "
            f"expected, {found.words}."
        )
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=standing.severity,
        severity_reason="It was busy: whoever relies on it waits now."
        if standing.severity is Severity.HIGH
        else "It costs nothing meanwhile, but its work is not done.",
        function=view.function,
        title=title,
        reason=figures,
        remedy="Check whether its schedule, event source, route or caller was removed, disabled or "
        "fails; acknowledge the alert if that was on purpose.",
        evidence={"since": standing.since.isoformat()},
        update_key=standing.update_key,
    )


def _lasting(minutes: float) -> str:
    return f"{number(minutes / 60)} hours" if minutes >= 120 else f"{number(minutes)} minutes"
