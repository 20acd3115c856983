"""Following the load and the other signals of one function from look to look. Pure.

What is unusual opens one incident; what joins it is part of it. It is over when its signals are
back, by a lower bar than the one that opened it, for half an hour. What came and went within twelve
hours is learnt, so that a job that comes back the next night, or the next week, is known. What
lasted longer teaches nothing until a person accepts it: nobody said that it is usual.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import epoch
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.hours import HOUR
from functions.anomaly_detector.watch.incident import Deviation, Incident
from functions.anomaly_detector.watch.load import Load, extra_now, load_of, still
from functions.anomaly_detector.watch.past import Past
from functions.anomaly_detector.watch.shifts import (
    AGES,
    DURATIONS,
    KEPT_FOR,
    NEARLY_EXPIRED,
    Shift,
    is_measured,
    shifts,
)
from functions.anomaly_detector.watch.standing import Standing, continued, opened, receding
from functions.shared.core.severity import Severity

KEY: Final = "abnormal-behaviour"

_PATIENCE: Final = timedelta(minutes=30)
# A level that shifted shows by day only: its quiet nights do not end it.
_A_DAY: Final = timedelta(hours=24)
SPOILS_AFTER: Final = timedelta(hours=3)
_TEACHES_UP_TO: Final = timedelta(hours=12)
_NOTABLE: Final = 1.5
_SEVERE: Final = 5.0
_BUSY: Final = 100.0
IN_TERMS_OF_MONEY: Final = 1000.0
_OF_LOAD: Final = (Signal.INVOCATIONS, Signal.DURATION, Signal.LOAD, Signal.CONCURRENCY)


def follow(
    past: Past,
    *,
    at_once: float = 0.0,
    risen_at: datetime | None = None,
    explained: bool = False,
    near_timeout: bool = False,
) -> Standing | None:
    """The incident as of the newest periods; `incident_of` says what it consists of.

    Args:
        past: The function.
        at_once: Executions at once that the newest minutes reached, where they were read.
        risen_at: The first of those minutes.
        explained: Whether another rule tells why calls and durations are not what they were.
        near_timeout: Whether its slowest calls come near the timeout.
    """
    before = past.standing.get(KEY)
    after = before.closed if before else None
    load = load_of(past, at_once=at_once, risen_at=risen_at, after=after)
    known = frozenset(past.deviations) if after is None else frozenset()
    found = [] if explained else list(shifts(past, known=known, after=after))
    if before is None or not before.is_open:
        past.deviations.clear()
        if explained and load and load.severity < Severity.CRITICAL:
            load = None  # what is refused or fails is tried again: that is told already
        if load is None and not found:
            return before
        _note(past, load, found)
        return opened(
            before,
            since=min(one.since for one in past.deviations.values()),
            now=past.now,
            severity=_severity(past, load, found, near_timeout=near_timeout),
            measure=_measure(load, found),
            facts={"load": float(load is not None), "shift": float(bool(load and load.is_shift))},
        )
    of_load = load is not None or (bool(before.facts.get("load")) and still(past))
    if not of_load and not found and not explained and _is_undecided(past):
        return before
    _note(past, load, found, of_load=of_load)
    if not of_load and not found:
        patience = _A_DAY if before.facts.get("shift") else _PATIENCE
        one = receding(before, now=past.now, measure=before.measure, patience=patience)
        if one.closed:
            _learn(past, one, one.closed)
        return one
    severity = before.severity
    if load or found:
        severity = _severity(past, load, found, near_timeout=near_timeout)
    measure = _measure(load, found) if load or found else before.measure
    one = continued(
        before,
        now=past.now,
        severity=severity,
        measure=measure,
        steady=load is None or load.steady,
    )
    if past.now - one.since > SPOILS_AFTER and not one.is_accepted:
        past.mark(past.spoilt, one.since)
    return replace(one, facts={**before.facts, "load": float(of_load or before.facts["load"] > 0)})


def incident_of(past: Past) -> Incident | None:
    """What is told of now; None where nothing is."""
    standing = past.standing.get(KEY)
    if standing is None or not standing.is_open or not past.deviations:
        return None
    known = sorted(
        past.deviations.values(), key=lambda one: (one.ended is not None, -one.score, one.signal)
    )
    loaded = bool(standing.facts.get("load"))
    extra = extra_now(past) if loaded else 0.0
    return Incident(tuple(known), loaded and standing.severity is Severity.CRITICAL, extra)


def _is_undecided(past: Past) -> bool:
    """Whether what is out was not seen often enough since to say whether it is back."""
    out = {signal for signal, one in past.deviations.items() if one.ended is None}
    families = [family for family in (DURATIONS, AGES) if out & family]
    return any(not is_measured(past, family) for family in families)


def _severity(
    past: Past, load: Load | None, found: Sequence[Shift], *, near_timeout: bool
) -> Severity:
    calls = past.total(Signal.INVOCATIONS, 12)
    expires = any(one.value >= NEARLY_EXPIRED * KEPT_FOR.get(one.signal, inf) for one in found)
    others = [one for one in found if one.signal not in AGES]
    slow = any(one.value >= _SEVERE * one.usual > 0 for one in others) and calls >= _BUSY
    cut_off = near_timeout and any(one.signal in DURATIONS for one in others)
    shifted = Severity.HIGH if slow or cut_off or expires else Severity.MEDIUM
    severities = [load.severity] if load else []
    return max([*severities, *([shifted] if found else [])], default=Severity.MEDIUM)


def _measure(load: Load | None, found: Sequence[Shift]) -> float:
    if load:
        return max(IN_TERMS_OF_MONEY * load.extra, 1e-3)
    return max((one.value / max(one.usual, 1e-9) for one in found), default=0.0)


def _learn(past: Past, one: Standing, closed: datetime) -> None:
    """What came and went teaches what may come again."""
    if closed - one.since > _TEACHES_UP_TO:
        return
    hours = past.folded - epoch(one.since) // HOUR
    if hours > 0:
        past.spoilt[-hours:] = False
        past.forget_usual()


def _note(
    past: Past, load: Load | None, found: Iterable[Shift], *, of_load: bool | None = None
) -> None:
    """Note which signals are out, and how far."""
    known = past.deviations
    out = {one.signal: _noted(past, known.get(one.signal), one) for one in found}
    if load or of_load:
        since = load.since if load else None
        out |= {one.signal: one for one in _of_load(past, since) if one.signal not in out}
    for signal, one in known.items():
        if signal not in out:
            current = _newest(past, signal)
            out[signal] = replace(one, current=current, ended=one.ended or past.start_of(0))
    known.clear()
    known.update(out)


def _of_load(past: Past, since: datetime | None) -> Iterable[Deviation]:
    """The signals that make the load; the cost where no other stands out."""
    found: list[Deviation] = []
    for signal in (*_OF_LOAD, Signal.COST):
        known = past.deviations.get(signal)
        if signal is Signal.COST and found and known is None:
            continue
        if signal not in past.recent:
            continue
        value, usual = _newest(past, signal), _zero(past.usual(signal).typical)
        notable = value > 0 and value >= _NOTABLE * usual
        if known is None and (since is None or not (notable or signal is Signal.COST)):
            continue
        if known is None and signal in {Signal.LOAD} and found:
            continue
        seen = Shift(signal, since or past.start_of(0), value, usual)
        found.append(_noted(past, known, seen))
    return found


def _noted(past: Past, known: Deviation | None, seen: Shift) -> Deviation:
    signal, value, usual = seen.signal, seen.value, seen.usual
    at = past.start_of(0)
    ratio = max(value, usual) / max(min(value, usual), 1e-9) if value > 0 else 1.0
    score = 1.0 - 0.5 / max(ratio, 1.0)
    if known is None:
        return Deviation(signal, seen.since, value, value, usual, score, seen.since)
    farther = value > known.peak if value >= usual else value < known.peak
    return replace(
        known,
        current=value,
        usual=usual,
        peak=value if farther else known.peak,
        peak_at=at if farther else known.peak_at,
        score=max(score, known.score),
        ended=None,
    )


def _newest(past: Past, signal: Signal) -> float:
    values = past.newest(signal, 3)
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else 0.0


def _zero(value: float) -> float:
    return 0.0 if np.isnan(value) else value
