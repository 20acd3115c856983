"""The concurrency that is reserved for a function is nearly used up. Pure."""

from datetime import timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.standing import continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "near-concurrency-limit"
_SMALLEST_RESERVATION: Final = 2
_NEWEST, _OFTEN = 6, 2
_BACK: Final = 0.85
_PATIENCE: Final = timedelta(hours=2)


def check(view: View) -> Judged:
    """Fail when nearly all reserved executions ran at once, more than once."""
    past, limits, before = view.past, view.limits, view.standing(RULE)
    if limits is None or limits.reserved_unknown or Signal.CONCURRENCY not in past.recent:
        return Judged(Verdict(RULE, certain=False), {RULE: before})
    reserved = limits.reserved
    # A reservation of 0 switches a function off on purpose, and one of 1 is used up by any call.
    if reserved is None or reserved < _SMALLEST_RESERVATION:
        return Judged(Verdict(RULE), {RULE: None})
    bar = view.policy.concurrency_share * reserved
    newest = past.newest(Signal.CONCURRENCY, _NEWEST)
    newest = newest[~np.isnan(newest)]
    value = float(newest.max()) if len(newest) else 0.0
    standing = before
    if before is None or not before.is_open:
        if (newest >= bar).sum() >= _OFTEN:
            standing = opened(
                before,
                since=past.now,
                now=past.now,
                severity=Severity.MEDIUM,
                measure=value,
            )
    elif len(newest) and value < _BACK * bar:
        standing = receding(before, now=past.now, measure=value, patience=_PATIENCE)
    else:
        standing = continued(before, now=past.now, severity=Severity.MEDIUM, measure=before.measure)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    most = number(max(value, standing.worst))
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="No call is refused yet; with a little more traffic some will be.",
        function=view.function,
        title=f"{most} of {reserved:,} reserved executions are in use",
        reason=f"{most} of {reserved:,} reserved executions ran at "
        f"once. It began at {standing.since:%Y-%m-%d %H:%M} UTC. Calls beyond that are refused.",
        remedy="Find out whether the callers need more than was reserved, or call too often.",
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,)), {RULE: standing})
