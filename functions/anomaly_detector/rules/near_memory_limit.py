"""An invocation uses nearly all the memory that it may. Pure."""

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

RULE: Final = "near-memory-limit"


def check(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    """Fail when an invocation used nearly all of its memory."""
    series = signals.get(Signal.MEMORY)
    if series is None:
        return Verdict(RULE, certain=False)
    if not (reached := series.newest_from(policy.memory_share * 100)):
        return Verdict(RULE)
    value, at = reached
    whole = f" of {limits.memory_mib:,} MiB" if limits else ""
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="It still works; an invocation that needs a little more is ended.",
        function=function,
        title="Memory is nearly used up",
        reason=f"An invocation used {number(value)} % of its memory{whole} at {at:%H:%M} UTC. "
        "One that needs more than all of it is ended.",
        remedy="Look for a leak that began with a deployment; give it more memory if the work "
        "needs it.",
    )
    return Verdict(RULE, (finding,))
