"""So many invocations fail that it is no chance. Pure."""

from collections.abc import Mapping
from typing import Final

from functions.anomaly_detector.explain import number
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.shares import too_large_share
from functions.anomaly_detector.signals import Signal
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.config import DetectorPolicy
from functions.shared.severity import Severity

RULE: Final = "error-rate"


def check(
    function: FunctionArn, signals: Mapping[Signal, Series], policy: DetectorPolicy
) -> Verdict:
    """Fail when surely too large a share of the invocations failed."""
    invocations, errors = signals.get(Signal.INVOCATIONS), signals.get(Signal.ERRORS)
    if invocations is None or errors is None:
        return Verdict(RULE, certain=False)
    found = too_large_share(errors, invocations, policy.error_share, policy.minimum_invocations)
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
