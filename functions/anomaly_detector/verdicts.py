"""From signals to verdicts: unusual behaviour, nearness to own limits, faults in traces. Pure."""

from collections.abc import Mapping
from math import isnan
from typing import Final

from functions.anomaly_detector.explain import number, sentences
from functions.anomaly_detector.incident import Incident
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import Signal
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.config import DetectorPolicy
from functions.shared.severity import Severity
from functions.shared.text import listed, plain

ANOMALY: Final = "abnormal-behaviour"
NEAR_TIMEOUT: Final = "near-timeout"
ERRORS: Final = "error-rate"
THROTTLES: Final = "throttled"
FAULTS: Final = "trace-faults"

_RUNAWAY: Final = frozenset({Signal.INVOCATIONS, Signal.CONCURRENCY})
_RUNAWAY_FACTOR: Final = 5.0


def anomaly(
    function: FunctionArn,
    incident: Incident | None,
    signals: Mapping[Signal, Series],
    *,
    limits: Limits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
    braked: str,
    news: str = "",
) -> Verdict:
    """One finding for everything unusual about a function.

    Args:
        function: The function.
        incident: What is unusual, None when nothing is.
        signals: All its signals.
        limits: Its own limits, None while unknown.
        deployment: Its last change, None while unknown.
        period_seconds: Width of the signals' periods.
        braked: Why the guard does not know of it; empty when it does.
        news: A change of it is told again. Signals that join or leave an incident are not.
    """
    if incident is None:
        return Verdict(ANOMALY)
    reason = sentences(
        incident, signals, limits=limits, deployment=deployment, period_seconds=period_seconds
    )
    runaway = is_runaway(incident)
    names = sorted(deviation.signal.value for deviation in incident.deviations)
    finding = Finding(
        rule=ANOMALY,
        kind=Kind.ANOMALY,
        severity=Severity.CRITICAL if runaway else Severity.HIGH,
        function=function,
        title=f"Runaway: {listed(names)}" if runaway else f"Unusual {listed(names)}",
        reason=f"{reason} {braked}".strip(),
        remedy="Look at who calls the function and at its last deployment. To stop it now: "
        "aws lambda put-function-concurrency --reserved-concurrent-executions 0.",
        evidence={
            "since": incident.since.isoformat(),
            **{
                f"{d.signal.value.replace(' ', '_')}_{field}": value
                for d in incident.deviations
                for field, value in (
                    ("current", d.current),
                    ("usual", d.usual),
                    ("peak", d.peak),
                    ("score", round(d.score, 3)),
                )
            },
        },
        news=news,
    )
    return Verdict(ANOMALY, (finding,))


def is_runaway(incident: Incident) -> bool:
    """Whether invocations or concurrency, which drive the bill, are far above usual."""
    return any(
        deviation.signal in _RUNAWAY and deviation.factor >= _RUNAWAY_FACTOR
        for deviation in incident.deviations
    )


def own_limits(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> list[Verdict]:
    """Thresholds relative to the function's own limits; they need no history."""
    latest = {signal: series.latest for signal, series in signals.items()}
    return [
        _near_timeout(function, latest, limits, policy),
        _error_rate(function, latest, policy),
        _throttled(function, latest, policy),
    ]


def _near_timeout(
    function: FunctionArn,
    latest: Mapping[Signal, float],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    if limits is None:
        return Verdict(NEAR_TIMEOUT, certain=False)
    p99, timeout = latest[Signal.DURATION_P99], limits.timeout_seconds * 1000
    if not p99 >= policy.duration_share_of_timeout * timeout:
        return Verdict(NEAR_TIMEOUT)
    return _one(
        NEAR_TIMEOUT,
        function,
        Severity.MEDIUM,
        title="Invocations run into the timeout",
        reason=f"The slowest percent of invocations takes {number(p99)} ms of the "
        f"{number(timeout)} ms that the function may run.",
        remedy="Find what the function waits for; raise the timeout only if the work needs it.",
    )


def _error_rate(
    function: FunctionArn, latest: Mapping[Signal, float], policy: DetectorPolicy
) -> Verdict:
    invocations = latest[Signal.INVOCATIONS]
    if not invocations >= policy.minimum_invocations:
        return Verdict(ERRORS)
    share = latest[Signal.ERRORS] / invocations
    if not share >= policy.error_share:
        return Verdict(ERRORS)
    return _one(
        ERRORS,
        function,
        Severity.HIGH,
        title="Many invocations fail",
        reason=f"{number(latest[Signal.ERRORS])} of {number(invocations)} "
        f"invocations failed in the last period, {share:.0%}.",
        remedy="Read the function's log; if it began with a deployment, roll that back.",
    )


def _throttled(
    function: FunctionArn, latest: Mapping[Signal, float], policy: DetectorPolicy
) -> Verdict:
    # What was throttled does not count as an invocation, and may leave none.
    throttles, invocations = latest[Signal.THROTTLES], latest[Signal.INVOCATIONS]
    calls = throttles + (0.0 if isnan(invocations) else invocations)
    if not calls >= policy.minimum_invocations or not throttles >= policy.error_share * calls:
        return Verdict(THROTTLES)
    return _one(
        THROTTLES,
        function,
        Severity.MEDIUM,
        title="Invocations are throttled",
        reason=f"{number(throttles)} invocations were refused in the last period, "
        f"{throttles / calls:.0%} of all.",
        remedy="Compare its reserved concurrency, and the account's, with what the callers need.",
    )


def faults(
    function: FunctionArn, traces: int, causes: list[str], example: str, policy: DetectorPolicy
) -> Verdict:
    """Faulty X-Ray traces through a function, with where X-Ray saw the root of the fault."""
    if traces < policy.trace_faults:
        return Verdict(FAULTS)
    shown = [plain(cause, 80) for cause in causes]
    where = f" X-Ray sees the root in {listed(shown)}." if shown else ""
    return _one(
        FAULTS,
        function,
        Severity.MEDIUM,
        title="Traced requests end in faults",
        reason=f"{traces} traces through the function ended in a fault since the last look.{where}",
        remedy=f"Open trace {plain(example, 60)} and follow it to the segment that failed.",
    )


def _one(
    rule: str, function: FunctionArn, severity: Severity, *, title: str, reason: str, remedy: str
) -> Verdict:
    finding = Finding(
        rule=rule,
        kind=Kind.ANOMALY,
        severity=severity,
        function=function,
        title=title,
        reason=reason,
        remedy=remedy,
    )
    return Verdict(rule, (finding,))
