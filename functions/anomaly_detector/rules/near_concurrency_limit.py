"""The concurrency that is reserved for a function is nearly used up. Pure."""

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

RULE: Final = "near-concurrency-limit"
_SMALLEST_RESERVATION: Final = 2


def check(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    """Fail when nearly all reserved executions ran at once."""
    series = signals.get(Signal.CONCURRENCY)
    if limits is None or limits.reserved_unknown or series is None:
        return Verdict(RULE, certain=False)
    reserved = limits.reserved
    # A reservation of 0 switches a function off on purpose, and one of 1 is used up by any call.
    if reserved is None or reserved < _SMALLEST_RESERVATION:
        return Verdict(RULE)
    if not (reached := series.newest_from(policy.concurrency_share * reserved)):
        return Verdict(RULE)
    value, at = reached
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="Calls are still taken; a few more at once and some are refused.",
        function=function,
        title="Reserved concurrency is nearly used up",
        reason=f"{number(value)} of {reserved:,} reserved executions ran at once at {at:%H:%M} "
        "UTC. Calls beyond that are refused.",
        remedy="Find out whether the callers need more than was reserved, or call too often.",
    )
    return Verdict(RULE, (finding,))
