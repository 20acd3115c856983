"""So many invocations fail that it is no chance. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.watch.shares import is_surely, too_large_share
from functions.anomaly_detector.watch.tally import Tally
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity

RULE: Final = "error-rate"


def check(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    policy: DetectorPolicy,
    tally: Tally | None = None,
) -> Verdict:
    """Fail when surely too large a share of the invocations failed.

    Args:
        function: The function.
        signals: What was read since the last look.
        policy: The share, and how many calls it takes to have one.
        tally: What the looks before saw together with this one, where each has too few calls.
    """
    invocations, errors = signals.get(Signal.INVOCATIONS), signals.get(Signal.ERRORS)
    if invocations is None or errors is None:
        return Verdict(RULE, certain=False)
    enough = policy.minimum_invocations
    found = too_large_share(errors, invocations, policy.error_share, enough)
    if found is None and 0 < np.nansum(invocations.values) < enough:
        if tally is None or tally.calls < enough:
            return Verdict(RULE, certain=not (tally and tally.failing))
        if is_surely(tally.failed, tally.calls, policy.error_share):
            found = tally.failed, tally.calls, f"since {tally.since:%Y-%m-%d %H:%M} UTC"
    if found is None:
        return Verdict(RULE)
    failed, calls, when = found
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason=f"At least {policy.error_share:.0%} of the callers get no result.",
        function=function,
        title="Many invocations fail",
        reason=f"{number(failed)} of {number(calls)} invocations failed {when}, "
        f"{failed / calls:.0%}.",
        remedy="Read the function's log; if it began with a deployment, roll that back.",
    )
    return Verdict(RULE, (finding,))
