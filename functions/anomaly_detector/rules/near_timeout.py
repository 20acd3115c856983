"""The slowest invocations take nearly as long as the function may run. Pure."""

from datetime import timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.episode import KEY
from functions.anomaly_detector.watch.hours import Floats
from functions.anomaly_detector.watch.past import RECENT, Past
from functions.anomaly_detector.watch.shifts import DURATIONS
from functions.anomaly_detector.watch.standing import continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "near-timeout"

_NEWEST: Final = 12
_OFTEN: Final = 4
_FEW_RUNS: Final = 3
# What has always taken so long is known; it is reported when it takes longer than it used to.
_LONGER: Final = 1.25
_BACK: Final = 0.9
_PATIENCE: Final = timedelta(hours=6)


def check(view: View) -> Judged:
    """Fail when the slowest calls come near the timeout repeatedly, until they no longer do."""
    past, before = view.past, view.standing(RULE)
    if view.limits is None or Signal.DURATION_P99 not in past.recent:
        return Judged(Verdict(RULE, certain=False), {RULE: before})
    timeout = view.limits.timeout_seconds * 1000
    bar = view.policy.duration_share_of_timeout * timeout
    newest, _ = _newest(past)
    standing = before
    if before is None or not before.is_open:
        share = share_of(view)
        if share and not _is_known(past):
            standing = opened(
                before,
                since=past.now,
                now=past.now,
                severity=Severity.MEDIUM,
                measure=share,
            )
    elif len(newest) and newest.max() < _BACK * bar:
        standing = receding(before, now=past.now, measure=0.0, patience=_PATIENCE)
    else:
        standing = continued(before, now=past.now, severity=Severity.MEDIUM, measure=before.measure)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    shown = float(newest.max()) if len(newest) else 0.0
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="Most invocations finish; AWS ends those that reach the timeout.",
        function=view.function,
        title=f"p99 duration is {_seconds(shown)} of the {_seconds(timeout)} allowed",
        reason=f"1 of 100 invocations takes {_seconds(shown)} or longer; the timeout is "
        f"{_seconds(timeout)}. It began at {standing.since:%Y-%m-%d %H:%M} UTC.",
        remedy="Find what the function waits for; raise the timeout only if the work needs it.",
        evidence={"since": standing.since.isoformat(), "share": round(standing.measure, 3)},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,)), {RULE: standing})


def share_of(view: View) -> float:
    """The share of its timeout that the slowest calls take repeatedly; 0 where they do not."""
    past = view.past
    if view.limits is None or Signal.DURATION_P99 not in past.recent:
        return 0.0
    timeout = view.limits.timeout_seconds * 1000
    newest, needed = _newest(past)
    near = newest[newest >= view.policy.duration_share_of_timeout * timeout]
    if len(near) < needed:
        return 0.0
    value = float(np.median(near))
    return value / timeout if _is_new(past, value) else 0.0


def _is_known(past: Past) -> bool:
    """Whether the open incident of its behaviour tells of its durations already."""
    one = past.standing.get(KEY)
    if one is None or not one.is_open:
        return False
    return any(signal in DURATIONS and not d.ended for signal, d in past.deviations.items())


def _newest(past: Past) -> tuple[Floats, int]:
    """The slowest of the newest periods with calls, or of the newest runs of a seldom one."""
    values = past.newest(Signal.DURATION_P99, RECENT)
    values = values[~np.isnan(values)][-_NEWEST:]
    if len(values) >= _OFTEN:
        return values, _OFTEN
    hours = past.hours.get(Signal.DURATION_P99)
    known = hours.highs[~np.isnan(hours.highs)] if hours else values[:0]
    return np.concatenate([known, values])[-_FEW_RUNS:], _FEW_RUNS


def _is_new(past: Past, value: float) -> bool:
    hours = past.hours.get(Signal.DURATION_P99)
    known = hours.means[~np.isnan(hours.means)] if hours else np.empty(0)
    return len(known) < _OFTEN or value >= _LONGER * float(np.median(known))


def _seconds(milliseconds: float) -> str:
    return f"{number(milliseconds / 1000)} s"
