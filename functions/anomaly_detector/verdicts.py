"""From signals to verdicts: unusual behaviour, nearness to own limits, faults in traces. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.explain import number, sentences
from functions.anomaly_detector.incident import Incident
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series, when
from functions.anomaly_detector.signals import Signal
from functions.shared.alerting.finding import Evidence, Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.config import DetectorPolicy
from functions.shared.severity import Severity
from functions.shared.text import listed, plain

ANOMALY: Final = "abnormal-behaviour"
NEAR_TIMEOUT: Final = "near-timeout"
ERRORS: Final = "error-rate"
THROTTLES: Final = "throttled"
FAULTS: Final = "trace-faults"
MEMORY: Final = "near-memory-limit"
CONCURRENCY: Final = "near-concurrency-limit"
EVENTS_LOST: Final = "events-lost"

_RUNAWAY: Final = frozenset({Signal.INVOCATIONS, Signal.CONCURRENCY})
_RUNAWAY_FACTOR: Final = 5.0
_SMALLEST_RESERVATION: Final = 2
# Of a normal distribution, one twentieth lies above it.
_Z95: Final = 1.645


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
    usual_cost: float | None = None,
    picture: str = "",
) -> Verdict:
    """One finding for everything unusual about a function.

    Args:
        function: The function.
        incident: What is unusual, None when nothing is.
        signals: The newest values of its signals.
        limits: Its own limits, None while unknown.
        deployment: Its last change, None while unknown.
        period_seconds: Width of the signals' periods.
        braked: Why the guard does not know of it; empty when it does.
        news: A change of it is told again. Signals that join or leave an incident are not.
        usual_cost: USD an hour that it costs otherwise, None while unknown.
        picture: Where its picture lies, as `s3://bucket/key`; empty where there is none.
    """
    if incident is None:
        return Verdict(ANOMALY)
    reason = sentences(
        incident,
        signals,
        limits=limits,
        deployment=deployment,
        period_seconds=period_seconds,
        usual_cost=usual_cost,
    )
    runaway = is_runaway(incident)
    names = [deviation.signal.value for deviation in incident.deviations]
    finding = Finding(
        rule=ANOMALY,
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
    return Verdict(ANOMALY, (finding,))


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
            f"Invocations or concurrency, which drive the bill, are at least "
            f"{number(_RUNAWAY_FACTOR)} times the usual."
        )
    return (
        "The function does what it never did at this time of day; its load has not reached "
        f"{number(_RUNAWAY_FACTOR)} times the usual."
    )


def is_runaway(incident: Incident) -> bool:
    """Whether invocations or concurrency, which drive the bill, are far above usual."""
    return any(
        deviation.signal in _RUNAWAY
        and deviation.ended is None
        and deviation.factor >= _RUNAWAY_FACTOR
        for deviation in incident.deviations
    )


def own_limits(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
    *,
    capped_since: datetime | None = None,
) -> list[Verdict]:
    """Thresholds relative to the function's own limits; they need no history.

    Args:
        function: The function.
        signals: What was read since the last look; a signal that was not read is absent, and one
            that is known to show nothing is empty.
        limits: Its own limits, None while unknown.
        policy: The shares from which on they speak.
        capped_since: When Warden itself capped the function, None where it did not. Who else
            throttles it cannot be told from then on: that opens no alert and resolves none.
    """
    return [
        _near_timeout(function, signals, limits, policy),
        _error_rate(function, signals, policy),
        Verdict(THROTTLES, certain=False)
        if capped_since
        else _throttled(function, signals, policy),
        _near_memory(function, signals, limits, policy),
        _near_concurrency(function, signals, limits, policy),
        _events_lost(function, signals),
    ]


def _near_timeout(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    series = signals.get(Signal.DURATION_P99)
    if limits is None or series is None:
        return Verdict(NEAR_TIMEOUT, certain=False)
    timeout = limits.timeout_seconds * 1000
    if not (reached := _last_from(series, policy.duration_share_of_timeout * timeout)):
        return Verdict(NEAR_TIMEOUT)
    value, at = reached
    return _one(
        NEAR_TIMEOUT,
        function,
        Severity.MEDIUM,
        severity_reason="Most invocations finish well; the slowest are about to be cut off.",
        title="Invocations run into the timeout",
        reason=f"The slowest percent of invocations took {number(value)} ms at {at:%H:%M} UTC, of "
        f"the {number(timeout)} ms that the function may run.",
        remedy="Find what the function waits for; raise the timeout only if the work needs it.",
    )


def _error_rate(
    function: FunctionArn, signals: Mapping[Signal, Series], policy: DetectorPolicy
) -> Verdict:
    invocations, errors = signals.get(Signal.INVOCATIONS), signals.get(Signal.ERRORS)
    if invocations is None or errors is None:
        return Verdict(ERRORS, certain=False)
    found = _share(errors, invocations, policy.error_share, policy.minimum_invocations)
    if found is None:
        return Verdict(ERRORS)
    failed, calls, when_ = found
    return _one(
        ERRORS,
        function,
        Severity.HIGH,
        severity_reason=f"At least {policy.error_share:.0%} of the callers get no result.",
        title="Many invocations fail",
        reason=f"{number(failed)} of {number(calls)} invocations failed {when_}, "
        f"{failed / calls:.0%}.",
        remedy="Read the function's log; if it began with a deployment, roll that back.",
    )


def _throttled(
    function: FunctionArn, signals: Mapping[Signal, Series], policy: DetectorPolicy
) -> Verdict:
    throttles = signals.get(Signal.THROTTLES)
    if throttles is None:
        return Verdict(THROTTLES, certain=False)
    # What was throttled does not count as an invocation, and may leave none.
    invocations = signals.get(Signal.INVOCATIONS, Series.empty())
    calls = Series(throttles.values + _beside(invocations, throttles), throttles.timestamps)
    found = _share(throttles, calls, policy.error_share, policy.minimum_invocations)
    if found is None:
        return Verdict(THROTTLES)
    refused, attempts, when_ = found
    return _one(
        THROTTLES,
        function,
        Severity.MEDIUM,
        severity_reason="Asynchronous events are tried again; other callers got an error.",
        title="Invocations are throttled",
        reason=f"{number(refused)} invocations were refused {when_}, "
        f"{refused / attempts:.0%} of all.",
        remedy="Compare its reserved concurrency, and the account's, with what the callers need.",
    )


def _near_memory(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    series = signals.get(Signal.MEMORY)
    if series is None:
        return Verdict(MEMORY, certain=False)
    if not (reached := _last_from(series, policy.memory_share * 100)):
        return Verdict(MEMORY)
    value, at = reached
    whole = f" of {limits.memory_mib:,} MiB" if limits else ""
    return _one(
        MEMORY,
        function,
        Severity.MEDIUM,
        severity_reason="It still works; an invocation that needs a little more is ended.",
        title="Memory is nearly used up",
        reason=f"An invocation used {number(value)} % of its memory{whole} at {at:%H:%M} UTC. "
        "One that needs more than all of it is ended.",
        remedy="Look for a leak that began with a deployment; give it more memory if the work "
        "needs it.",
    )


def _near_concurrency(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    policy: DetectorPolicy,
) -> Verdict:
    series = signals.get(Signal.CONCURRENCY)
    if limits is None or limits.reserved_unknown or series is None:
        return Verdict(CONCURRENCY, certain=False)
    reserved = limits.reserved
    # A reservation of 0 switches a function off on purpose, and one of 1 is used up by any call.
    if reserved is None or reserved < _SMALLEST_RESERVATION:
        return Verdict(CONCURRENCY)
    if not (reached := _last_from(series, policy.concurrency_share * reserved)):
        return Verdict(CONCURRENCY)
    value, at = reached
    return _one(
        CONCURRENCY,
        function,
        Severity.MEDIUM,
        severity_reason="Calls are still taken; a few more at once and some are refused.",
        title="Reserved concurrency is nearly used up",
        reason=f"{number(value)} of {reserved:,} reserved executions ran at once at {at:%H:%M} "
        "UTC. Calls beyond that are refused.",
        remedy="Find out whether the callers need more than was reserved, or call too often.",
    )


def _events_lost(function: FunctionArn, signals: Mapping[Signal, Series]) -> Verdict:
    kinds = (Signal.DEAD_LETTER_ERRORS, Signal.DESTINATION_FAILURES)
    series = [signals.get(kind) for kind in kinds]
    if all(one is None for one in series):
        return Verdict(EVENTS_LOST, certain=False)
    letters, deliveries = (0.0 if one is None else float(np.nansum(one.values)) for one in series)
    if letters + deliveries < 1:
        return Verdict(EVENTS_LOST)
    return _one(
        EVENTS_LOST,
        function,
        Severity.HIGH,
        severity_reason="What is lost cannot be tried again, by nobody.",
        title="Failed events are lost",
        reason=f"{number(letters)} events could not be written to its dead-letter queue and "
        f"{number(deliveries)} not to its destination since the last look. They are gone.",
        remedy="Let its execution role write there, and see that queue or topic still exists.",
    )


def _last_from(series: Series, least: float) -> tuple[float, datetime] | None:
    """The newest value of at least so much, with its period; None where there is none."""
    found = np.flatnonzero(series.values >= least)
    if not found.size:
        return None
    return float(series.values[found[-1]]), when(series.timestamps[found[-1]])


def _share(
    part: Series, whole: Series, least_share: float, least: int
) -> tuple[float, float, str] | None:
    """The newest period in which a part of a whole was too large, else all periods together.

    Four failures of twenty calls are chance where one in thirty fails anyway; so the share must be
    too large with 95 % confidence.

    Returns:
        Part, whole, and which time it is about; None where there is no such time.
    """
    counts = _beside(whole, part)
    with np.errstate(invalid="ignore"):
        found = np.flatnonzero((counts >= least) & (_surely(part.values, counts) >= least_share))
    if found.size:
        index = found[-1]
        at = when(part.timestamps[index])
        return float(part.values[index]), float(counts[index]), f"in the period of {at:%H:%M} UTC"
    parts, all_ = float(np.nansum(part.values)), float(np.nansum(counts))
    if all_ >= least and _surely(np.array(parts), np.array(all_)) >= least_share:
        return parts, all_, f"since {when(part.timestamps[0]):%H:%M} UTC"
    return None


def _surely(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least share that is behind these counts with 95 % confidence; 1 where all of them are.

    Not a number where there are none.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    1927: the lower end of the score interval, one-sided.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share, extra = part / whole, _Z95**2 / whole
    spread = _Z95 * np.sqrt(share * np.clip(1 - share, 0, None) / whole + (extra / whole) / 4)
    least = (share + extra / 2 - spread) / (1 + extra)
    return np.where(part >= whole, 1.0, least)


def _beside(series: Series, other: Series) -> NDArray[np.float64]:
    """The values of a series at the periods of another one, 0 where it has none."""
    values = np.zeros(len(other))
    _, here, there = np.intersect1d(
        series.timestamps, other.timestamps, assume_unique=True, return_indices=True
    )
    values[there] = np.nan_to_num(series.values[here])
    return values


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
        severity_reason="Only a sample of the requests is traced; how many fail is not known.",
        title="Traced requests end in faults",
        reason=f"{traces} traces through the function ended in a fault since the last look.{where}",
        remedy=f"Open trace {plain(example, 60)} and follow it to the segment that failed.",
        evidence={"trace": example, "traces": traces, "causes": shown},
    )


def _one(
    rule: str,
    function: FunctionArn,
    severity: Severity,
    *,
    severity_reason: str,
    title: str,
    reason: str,
    remedy: str,
    evidence: Evidence | None = None,
) -> Verdict:
    finding = Finding(
        rule=rule,
        kind=Kind.ANOMALY,
        severity=severity,
        severity_reason=severity_reason,
        function=function,
        title=title,
        reason=reason,
        remedy=remedy,
        evidence=evidence or {},
    )
    return Verdict(rule, (finding,))
