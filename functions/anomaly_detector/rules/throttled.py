"""So many invocations are refused that it is no chance. Pure."""

from collections.abc import Mapping
from typing import Final

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.watch.shares import too_large_share
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity

RULE: Final = "throttled"


def check(
    function: FunctionArn, signals: Mapping[Signal, Series], policy: DetectorPolicy
) -> Verdict:
    """Fail when surely too large a share of the attempts was refused."""
    throttles = signals.get(Signal.THROTTLES)
    if throttles is None:
        return Verdict(RULE, certain=False)
    # What was throttled does not count as an invocation, and may leave none.
    invocations = signals.get(Signal.INVOCATIONS, Series.empty())
    calls = Series(throttles.values + invocations.beside(throttles), throttles.timestamps)
    found = too_large_share(throttles, calls, policy.error_share, policy.minimum_invocations)
    if found is None:
        return Verdict(RULE)
    refused, attempts, when = found
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="Asynchronous events are tried again; other callers got an error.",
        function=function,
        title="Invocations are throttled",
        reason=f"{number(refused)} invocations were refused {when}, "
        f"{refused / attempts:.0%} of all.",
        remedy="Compare its reserved concurrency, and the account's, with what the callers need.",
    )
    return Verdict(RULE, (finding,))
