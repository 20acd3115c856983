"""An invocation uses nearly all the memory that it may, or will soon. Pure."""

from datetime import timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.past import RECENT, Past
from functions.anomaly_detector.watch.standing import continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "near-memory-limit"

_HIGH_ENOUGH: Final = 60.0
_GROWN: Final = 1.2
_DAYS: Final = 7
_FEWEST_DAYS: Final = 3
_SOON: Final = 3.0
_BACK: Final = 0.8
# A leak falls back with each restart.
_PATIENCE: Final = timedelta(hours=24)


def check(view: View) -> Judged:
    """Fail when memory is nearly used up, or its highest of each day will be within days."""
    past, before = view.past, view.standing(RULE)
    if Signal.MEMORY not in past.recent:
        return Judged(Verdict(RULE, certain=False), {RULE: before})
    bar = view.policy.memory_share * 100
    recent = past.newest(Signal.MEMORY, RECENT)
    newest = recent[~np.isnan(recent)][-3:]
    value = float(newest.max()) if len(newest) else 0.0
    left = _days_left(past, value)
    standing = before
    if before is None or not before.is_open:
        if value >= bar or left is not None:
            standing = opened(
                before,
                since=past.now,
                now=past.now,
                severity=Severity.MEDIUM,
                measure=value,
                facts={"left": left if left is not None else 0.0},
            )
    elif len(newest) and value < _BACK * min(bar, before.worst):
        standing = receding(before, now=past.now, measure=value, patience=_PATIENCE)
    elif len(newest):
        standing = continued(before, now=past.now, severity=Severity.MEDIUM, measure=value)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    whole = f" of {view.limits.memory_mib:,} MiB" if view.limits else ""
    days = standing.facts.get("left", 0.0)
    forecast = (
        f" Its use grows; at this rate all of it will be used in {number(days)} days."
        if days
        else ""
    )
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="The function still works; a little more memory use ends an invocation.",
        function=view.function,
        title=f"Memory will be used up in {number(days)} days"
        if days
        else f"Memory use reached {number(standing.worst)}%{whole}",
        reason=f"An invocation used {number(standing.worst)}% of its memory{whole}.{forecast} AWS "
        "ends an invocation that needs more than that.",
        remedy="Look for a leak that began with a deployment; give it more memory if the work "
        "needs it.",
        evidence={"since": standing.since.isoformat(), "highest": standing.worst},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,)), {RULE: standing})


def _days_left(past: Past, value: float) -> float | None:
    """Days until the highest of each day reaches the limit; None while that is not near."""
    hours = past.hours.get(Signal.MEMORY)
    if hours is None or value < _HIGH_ENOUGH:
        return None
    days = hours.highs[-24 * _DAYS :].reshape(_DAYS, 24)
    highest = np.where(np.isnan(days), -np.inf, days).max(axis=1)
    known = highest[np.isfinite(highest)]
    if len(known) < _FEWEST_DAYS or max(value, known[-1]) < _GROWN * known.min():
        return None
    known = np.append(known[:-1], max(known[-1], value))
    slope = float(np.median(np.diff(known)))
    if slope <= 0:
        return None
    left = (100.0 - float(known[-1])) / slope
    return max(left, 0.1) if left <= _SOON else None
