"""Calls and failures of a function that is called too seldom for one look to say much. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.shares import is_surely
from functions.shared.config import DetectorPolicy

_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one look or several in a row saw together.

    Attributes:
        since: Start of the first period.
        calls: Invocations since then.
        failed: How many of them failed.
        failing: Whether too many failed in the tally before, which had enough to be judged by.
    """

    since: datetime
    calls: float
    failed: float
    failing: bool = False


def tallied(
    before: Tally | None, signals: Mapping[Signal, Series], policy: DetectorPolicy, start: datetime
) -> Tally | None:
    """The tally after a look; None before the first call.

    A tally that had enough was judged, and one that is a week old says little of today: both begin
    anew.

    Args:
        before: The tally so far.
        signals: What the look read.
        policy: How many calls are enough to judge by, and which share of failures is too large.
        start: Start of what the look read.
    """
    invocations, errors = signals.get(Signal.INVOCATIONS), signals.get(Signal.ERRORS)
    if invocations is None or errors is None:
        return before
    calls, failed = float(np.nansum(invocations.values)), float(np.nansum(errors.values))
    if not calls:
        return before
    if before is None or not timedelta(0) <= start - before.since < _KEPT:
        return Tally(start, calls, failed)
    if before.calls >= policy.minimum_invocations:
        failing = is_surely(before.failed, before.calls, policy.error_share)
        return Tally(start, calls, failed, failing)
    return Tally(before.since, before.calls + calls, before.failed + failed, before.failing)
