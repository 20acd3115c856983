"""The slowest invocations take nearly as long as the function may run. Pure."""

from collections.abc import Mapping
from typing import Final

from functions.anomaly_detector.metrics.own_limits import Limits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity

RULE: Final = "near-timeout"


def check(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    """Fail when the slowest percent comes near the timeout."""
    series = signals.get(Signal.DURATION_P99)
    if limits is None or series is None:
        return Verdict(RULE, certain=False)
    timeout = limits.timeout_seconds * 1000
    if not (reached := series.newest_from(policy.duration_share_of_timeout * timeout)):
        return Verdict(RULE)
    value, at = reached
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="Most invocations finish well; the slowest are about to be cut off.",
        function=function,
        title="Invocations run into the timeout",
        reason=f"The slowest percent of invocations took {number(value)} ms at {at:%H:%M} UTC, of "
        f"the {number(timeout)} ms that the function may run.",
        remedy="Find what the function waits for; raise the timeout only if the work needs it.",
    )
    return Verdict(RULE, (finding,))
