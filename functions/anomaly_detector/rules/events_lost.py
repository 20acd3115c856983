"""Failed events could not be kept for anybody to try again, or records soon expire. Pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.counted import counted, known
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.episode import KEY
from functions.anomaly_detector.watch.past import Past
from functions.anomaly_detector.watch.shifts import HOUR_MS, KEPT_FOR, NEARLY_EXPIRED
from functions.anomaly_detector.watch.standing import Standing, continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "events-lost"
EXPIRING: Final = "events-lost/expiring"
DROPPED: Final = "events-lost/dropped"

_KINDS: Final = (Signal.DEAD_LETTER_ERRORS, Signal.DESTINATION_FAILURES)
_BACK: Final = 0.6


def check(view: View) -> Judged:
    """Fail when an event could not be written where it would be kept, or is about to expire."""
    past = view.past
    are_known = known(view, _KINDS)
    aged = any(signal in past.recent for signal in KEPT_FOR)
    findings: list[Finding] = []
    standing: dict[str, Standing | None] = {}
    for key, one, finding in (_lost(view), _dropped(view), _expiring(view, past)):
        standing[key] = one
        findings += [finding] if finding else []
    return Judged(
        Verdict(RULE, tuple(findings), certain=all(are_known) or (aged and not any(are_known))),
        standing,
    )


_Part = tuple[str, Standing | None, Finding | None]


def _lost(view: View) -> _Part:
    standing, totals = counted(view, RULE, _KINDS, Severity.HIGH)
    if standing is None or not standing.is_open:
        return RULE, standing, None
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="Lost events cannot be retried.",
        function=view.function,
        title=f"{number(sum(totals))} failed events lost: {_where(totals)} write denied",
        reason=f"{number(totals[0])} events could not be written to its dead-letter queue and "
        f"{number(totals[1])} not to its destination since {standing.since:%Y-%m-%d %H:%M} UTC. "
        "AWS has no copy of them.",
        remedy="Allow the function's execution role to write there, and check that the queue or "
        "topic exists.",
        update_key=standing.update_key,
    )
    return RULE, standing, finding


def _dropped(view: View) -> _Part:
    standing, totals = counted(view, DROPPED, (Signal.ASYNC_DROPPED,), Severity.MEDIUM)
    if standing is None or not standing.is_open:
        return DROPPED, standing, None
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="They are not tried again; whether a dead-letter queue or destination "
        "keeps them, metrics do not show.",
        function=view.function,
        title=f"{number(totals[0])} asynchronous events were given up",
        reason=f"Lambda gave up {number(totals[0])} asynchronous events since "
        f"{standing.since:%Y-%m-%d %H:%M} UTC: they failed too often, waited too long, or nothing "
        "may run (a reserved concurrency of 0). Where no dead-letter queue or destination for "
        "failures is set, they are gone.",
        remedy="See why they fail or wait; set a destination for failures, and send again what it "
        "holds.",
        subject="dropped",
        update_key=standing.update_key,
    )
    return DROPPED, standing, finding


def _expiring(view: View, past: Past) -> _Part:
    before = view.standing(EXPIRING)
    oldest = max(_ages(past), default=None)
    standing = before
    if oldest is None:
        return EXPIRING, before, _old(view, before, None)
    share, signal, age = oldest
    if before is None or not before.is_open:
        if share < NEARLY_EXPIRED or _is_known(past, signal):
            return EXPIRING, before, None
        standing = opened(
            before, since=past.now, now=past.now, severity=Severity.HIGH, measure=share
        )
    elif share < _BACK:
        standing = receding(before, now=past.now, measure=share, patience=timedelta(hours=1))
    else:
        standing = continued(before, now=past.now, severity=Severity.HIGH, measure=share)
    return EXPIRING, standing, _old(view, standing, (signal, age))


def _is_known(past: Past, signal: Signal) -> bool:
    """Whether the open incident of its behaviour tells of the age already."""
    one = past.standing.get(KEY)
    deviation = past.deviations.get(signal)
    return bool(one and one.is_open and deviation and deviation.ended is None)


def _ages(past: Past) -> Iterator[tuple[float, Signal, float]]:
    """The share of its time that the oldest record of each kind has waited, over three periods."""
    for signal, kept in KEPT_FOR.items():
        if signal in past.recent:
            newest = past.newest(signal, 6)
            newest = newest[~np.isnan(newest)][-3:]
            if len(newest) == 3:
                age = float(np.median(newest))
                yield age / kept, signal, age


def _old(
    view: View, standing: Standing | None, seen: tuple[Signal, float] | None
) -> Finding | None:
    if standing is None or not standing.is_open:
        return None
    reason = "Records waited nearly as long as they are kept."
    if seen:
        signal, age = seen
        kept = KEPT_FOR[signal] / HOUR_MS
        what = "events" if signal is Signal.ASYNC_AGE else "records of its stream"
        reason = (
            f"The oldest {what} waited {age / HOUR_MS:.1f} hours; they are kept for "
            f"{kept:.0f} unless you changed that, and are gone then."
        )
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="Expired records are lost, and AWS does not report it.",
        function=view.function,
        title="Records are about to expire",
        reason=reason,
        remedy="Let it read faster: more at once for each shard, larger batches, or shorter work; "
        "keep the records longer until it has caught up.",
        subject="expiring",
        update_key=standing.update_key,
    )


def _where(totals: list[float]) -> str:
    return "dead-letter queue" if totals[0] >= totals[1] else "destination"
