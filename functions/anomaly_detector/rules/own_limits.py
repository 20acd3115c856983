"""All rules with thresholds relative to the function's own limits; they need no history. Pure."""

from collections.abc import Mapping
from datetime import datetime

from functions.anomaly_detector.metrics.own_limits import Limits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import (
    error_rate,
    events_lost,
    near_concurrency_limit,
    near_memory_limit,
    near_timeout,
    throttled,
)
from functions.anomaly_detector.watch.tally import Tally
from functions.shared.alerting.finding import Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn


def own_limits(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
    *,
    capped_since: datetime | None = None,
    tally: Tally | None = None,
) -> list[Verdict]:
    """Hold a function to its own limits.

    Args:
        function: The function.
        signals: What was read since the last look; a signal that was not read is absent, and one
            that is known to show nothing is empty.
        limits: Its own limits, None while unknown.
        policy: The shares from which on they speak.
        capped_since: When Warden itself capped the function, None where it did not. Who else
            throttles it cannot be told from then on: that opens no alert and resolves none.
        tally: Calls and failures of several looks, where each has too few.
    """
    return [
        near_timeout.check(function, signals, limits, policy),
        error_rate.check(function, signals, policy, tally),
        Verdict(throttled.RULE, certain=False)
        if capped_since
        else throttled.check(function, signals, policy),
        near_memory_limit.check(function, signals, limits, policy),
        near_concurrency_limit.check(function, signals, limits, policy),
        events_lost.check(function, signals),
    ]
