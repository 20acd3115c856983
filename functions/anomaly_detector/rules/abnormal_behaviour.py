"""A function does what it usually does not: one finding for everything unusual about it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from functions.anomaly_detector.metrics.own_limits import LastDeployment, Limits
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import become_usual, number, sentences
from functions.anomaly_detector.watch.incident import Deviation, Incident
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

RULE: Final = "abnormal-behaviour"

_RUNAWAY: Final = frozenset({Signal.INVOCATIONS, Signal.CONCURRENCY})
_RUNAWAY_FACTOR: Final = 5.0


def check(
    function: FunctionArn,
    incident: Incident | None,
    *,
    limits: Limits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
    braked: str,
    news: str = "",
    accustomed: Sequence[Deviation] = (),
    cost: float | None = None,
    usual_cost: float | None = None,
    picture: str = "",
) -> Verdict:
    """One finding for everything unusual about a function.

    Args:
        function: The function.
        incident: What is unusual, None when nothing is.
        limits: Its own limits, None while unknown.
        deployment: Its last change, None while unknown.
        period_seconds: Width of the signals' periods.
        braked: Why the guard does not know of it; empty when it does.
        news: A change of it is told again. Signals that join or leave an incident are not.
        accustomed: What was unusual for so long that it is what is usual now.
        cost: USD an hour that it costs now, None while unknown.
        usual_cost: USD an hour that it costs otherwise, None while unknown.
        picture: Where its picture lies, as `s3://bucket/key`; empty where there is none.
    """
    if incident is None:
        return Verdict(RULE, ending=become_usual(accustomed, period_seconds))
    reason = sentences(
        incident,
        limits=limits,
        deployment=deployment,
        period_seconds=period_seconds,
        cost=cost,
        usual_cost=usual_cost,
    )
    runaway = was_runaway(incident)
    names = [deviation.signal.value for deviation in incident.deviations]
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.CRITICAL if runaway else Severity.HIGH,
        severity_reason=_severity_reason(runaway=runaway),
        function=function,
        title=f"Runaway: {listed(names)}" if runaway else f"Unusual {listed(names)}",
        reason=f"{reason} {braked}".strip(),
        remedy=_remedy(function, runaway=runaway),
        evidence={
            "since": incident.since.isoformat(),
            "state": incident.trend,
            **({"ended": incident.ended.isoformat()} if incident.ended else {}),
            **({"picture": picture} if picture else {}),
            **{
                f"{d.signal.value.replace(' ', '_')}_{field}": value
                for d in incident.deviations
                for field, value in (
                    ("current", d.current),
                    ("usual", d.usual),
                    ("peak", d.peak),
                    ("peak_at", d.peak_at.isoformat() if d.peak_at else ""),
                    ("score", round(d.score, 3)),
                )
            },
        },
        news=news,
    )
    return Verdict(RULE, (finding,))


def _remedy(function: FunctionArn, *, runaway: bool) -> str:
    if not runaway:
        return (
            "Compare its log before and after the change, and look at its last deployment and at "
            "what it calls; roll back if it began with a deployment."
        )
    return (
        "Look at who calls the function and at its last deployment. To stop it now: aws lambda "
        f"put-function-concurrency --region {function.region} --function-name {function.name} "
        "--reserved-concurrent-executions 0"
    )


def _severity_reason(*, runaway: bool) -> str:
    if runaway:
        return (
            f"Invocations or concurrency, which drive the bill, reached "
            f"{number(_RUNAWAY_FACTOR)} times the usual or more."
        )
    return (
        "The function does what it never did at this time of day; its load has not reached "
        f"{number(_RUNAWAY_FACTOR)} times the usual."
    )


def is_runaway(incident: Incident) -> bool:
    """Whether invocations or concurrency, which drive the bill, are far above usual now."""
    return any(one.factor >= _RUNAWAY_FACTOR for one in _driving(incident))


def was_runaway(incident: Incident) -> bool:
    """Whether they were so at any time of an incident that lasts: it does not flicker."""
    worst = (max(one.factor, one.worst) for one in _driving(incident))
    return any(factor >= _RUNAWAY_FACTOR for factor in worst)


def _driving(incident: Incident) -> Iterator[Deviation]:
    for deviation in incident.deviations:
        if deviation.signal in _RUNAWAY and deviation.ended is None:
            yield deviation
