"""What should not happen at all, counted: an incident from the first one to a day without. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.counting import since
from functions.anomaly_detector.watch.hours import zeroed
from functions.anomaly_detector.watch.past import Past
from functions.anomaly_detector.watch.standing import Standing, continued, opened, receding
from functions.shared.core.severity import Severity

_LATELY: Final = timedelta(hours=2)
_PATIENCE: Final = timedelta(hours=24)


def counted(
    view: View, key: str, signals: Sequence[Signal], severity: Severity
) -> tuple[Standing | None, list[float]]:
    """The incident as of the newest periods, and how often each happened since it began.

    Args:
        view: The function.
        key: What the incident is remembered by.
        signals: What should not happen.
        severity: How bad it is now.
    """
    past, before = view.past, view.standing(key)
    begin = past.now - _LATELY
    if before and before.closed:
        begin = max(begin, before.closed)
    count = sum(since(past, signal, begin) for signal in signals)
    standing = before
    if before is None or not before.is_open:
        if count >= 1:
            standing = opened(
                before,
                since=_first(past, signals) or past.now,
                now=past.now,
                severity=severity,
                measure=count,
            )
    elif count >= 1:
        standing = continued(before, now=past.now, severity=severity, measure=before.measure)
    else:
        standing = receding(before, now=past.now, measure=0.0, patience=_PATIENCE)
    if standing is None or not standing.is_open:
        return standing, []
    return standing, [since(past, signal, standing.since) for signal in signals]


def known(view: View, signals: Sequence[Signal]) -> list[bool]:
    """Of each signal, whether it was read; an empty series is known to show nothing."""
    return [signal in view.past.recent or signal in view.read for signal in signals]


def _first(past: Past, signals: Sequence[Signal]) -> datetime | None:
    rows = [np.flatnonzero(zeroed(past.newest(signal, 24))) for signal in signals]
    firsts = [int(found[0]) for found in rows if len(found)]
    return past.start_of(23 - min(firsts)) if firsts else None
