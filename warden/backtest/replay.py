"""What would have been sent about a function, had it been watched: looks replayed over history.

Every look is the live one: the same rules judge the same kind of past, from what was known then;
what a person would have heard of follows from the same life cycle of alerts. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.schedule import PERIOD
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.rules import abnormal_behaviour, went_silent
from functions.anomaly_detector.rules.judging import judge
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.episode import incident_of
from functions.anomaly_detector.watch.incident import Incident
from functions.anomaly_detector.watch.load import is_pending
from functions.anomaly_detector.watch.past import Past
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.lifecycle import transitions
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn

_SCOPE: Final = "anomaly"
_LIVE_PERIOD: Final = int(PERIOD.total_seconds())
# A past that is shorter, or that begins without calls, is that of a new function.
_SUSPICION: Final = timedelta(hours=1)
_SHORT: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Subject:
    """The function whose history is replayed.

    Attributes:
        function: Its name.
        limits: Its own limits, None while unknown.
        deployment: Its last change, None while unknown.
        capped_since: When Warden itself capped it, None where it did not.
    """

    function: FunctionArn
    limits: FunctionLimits | None = None
    deployment: LastDeployment | None = None
    capped_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertChange:
    """What a person would have heard after one look.

    Attributes:
        at: The look.
        alert: The alert as it would have been sent.
        incident: The incident behind it; None for limits, and for what is over.
    """

    at: datetime
    alert: Alert
    incident: Incident | None


def replay(
    subject: Subject,
    signals: Mapping[Signal, Series],
    policy: DetectorPolicy,
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> Iterator[AlertChange]:
    """Look at every interval of busy functions between two times, and at the end.

    A function under suspicion, or in the first hour of an incident, is looked at after each period.

    Args:
        subject: The function.
        signals: Its signals, with the history that the first look learns from.
        policy: How often to look, and what is too much.
        start: The first look, at or after this time, learns what came before. Of a new function,
            what needs no past is judged before it.
        end: The last look; none if it is before `start`.
        period_seconds: Width of the signals' periods.

    Yields:
        What would have been sent, in order.
    """
    signals = in_live_periods(signals, period_seconds)
    signals = {**signals, **derived(signals, subject.limits, period_seconds=_LIVE_PERIOD)}
    # The newest of longer periods is known when it is over.
    width = max(period_seconds, _LIVE_PERIOD)
    every = timedelta(seconds=max(-(-policy.looks.active_minutes * 60 // width), 1) * width)
    begin = min((when(one.timestamps[0]) for one in signals.values() if len(one)), default=start)
    past = Past(is_young=_is_young(signals, begin, end))
    first = _first_look(past, begin, start, every)
    look = min(first, end)
    known: dict[str, Alert] = {}
    fed = datetime.min.replace(tzinfo=UTC)
    while look <= end:
        read = _between(signals, fed, look)
        past.feed(read, look)
        # A period that is not over at this look is read whole by the next one.
        fed = past.now if past.end else look
        view = View(
            function=subject.function,
            past=past,
            policy=policy,
            limits=subject.limits,
            deployment=_before(subject.deployment, look),
            read=read,
            capped_since=subject.capped_since,
        )
        verdicts = judge(view)
        if look < start and not past.is_young:
            verdicts = []
        incident = incident_of(past)
        for change in transitions(known.values(), verdicts, scope=_SCOPE, now=look):
            known[change.alert.finding.fingerprint] = change.alert
            if change.is_change:
                anomalous = change.alert.finding.rule == abnormal_behaviour.RULE
                yield AlertChange(look, change.alert, incident if anomalous else None)
        if look == end:
            break
        pending = is_pending(past) or went_silent.is_pending(past)
        suspected = pending or any(
            one.is_open and look - one.opened < _SUSPICION for one in past.standing.values()
        )
        step = timedelta(seconds=width) if suspected else _until_next(look, every)
        look = min(look + step, end)


def _until_next(look: datetime, every: timedelta) -> timedelta:
    """To the next look on the grid of all of them."""
    seconds = every.total_seconds()
    return timedelta(seconds=seconds - look.timestamp() % seconds)


def _first_look(
    past: Past,
    begin: datetime,
    start: datetime,
    every: timedelta,
) -> datetime:
    if past.is_young:
        return _at_or_after(begin + every, every)
    return max(start, _at_or_after(start, every))


def _is_young(signals: Mapping[Signal, Series], begin: datetime, end: datetime) -> bool:
    """Whether the function is new in this past, as far as it can be told."""
    calls = signals.get(Signal.INVOCATIONS)
    if calls is None or not len(calls):
        return False
    return end - begin < _SHORT


def in_live_periods(
    signals: Mapping[Signal, Series], period_seconds: int
) -> Mapping[Signal, Series]:
    """Shorter periods put together as CloudWatch does, longer ones spread evenly."""
    if period_seconds == _LIVE_PERIOD:
        return signals
    if period_seconds > _LIVE_PERIOD:
        return {s: _spread(s, series, period_seconds) for s, series in signals.items()}
    return {signal: _together(signal, series, signals) for signal, series in signals.items()}


def _spread(signal: Signal, series: Series, period_seconds: int) -> Series:
    if not len(series):
        return series
    first = int(series.timestamps[0].astype(np.int64)) // _LIVE_PERIOD * _LIVE_PERIOD
    end = int(series.timestamps[-1].astype(np.int64)) + period_seconds
    starts = np.arange(first, end - _LIVE_PERIOD + 1, _LIVE_PERIOD)
    rows = (starts - int(series.timestamps[0].astype(np.int64))) // period_seconds
    values = series.values[np.clip(rows, 0, len(series) - 1)]
    if METRICS[signal].statistic in {"Sum", "SampleCount"}:
        values = values * _LIVE_PERIOD / period_seconds
    return Series(values, starts.astype("datetime64[s]"))


def _together(signal: Signal, series: Series, signals: Mapping[Signal, Series]) -> Series:
    starts = series.timestamps.astype(np.int64) // _LIVE_PERIOD * _LIVE_PERIOD
    first = np.flatnonzero(np.diff(starts, prepend=starts[:1] - 1))
    if not len(first):
        return series
    statistic = METRICS[signal].statistic
    values = series.values
    known = ~np.isnan(values)
    counts = np.add.reduceat(known.astype(np.float64), first)
    if statistic in {"Sum", "SampleCount"}:
        joined = np.add.reduceat(np.nan_to_num(values), first)
    elif statistic in {"Maximum", "p99"}:
        joined = np.maximum.reduceat(np.where(known, values, -np.inf), first)
    else:
        calls = signals.get(Signal.INVOCATIONS, Series.empty()).beside(series)
        weights = np.where(known, np.maximum(calls, 1e-9), 0.0)
        total = np.add.reduceat(np.nan_to_num(values) * weights, first)
        joined = total / np.maximum(np.add.reduceat(weights, first), 1e-12)
    joined = np.where(counts > 0, joined, np.nan)
    return Series(joined, starts[first].astype("datetime64[s]"))


def _between(
    signals: Mapping[Signal, Series], since: datetime, until: datetime
) -> dict[Signal, Series]:
    """What a look reads."""
    return {signal: series.between(since, until) for signal, series in signals.items()}


def _before(deployment: LastDeployment | None, at: datetime) -> LastDeployment | None:
    return deployment if deployment and deployment.at <= at else None


def _at_or_after(start: datetime, every: timedelta) -> datetime:
    """The first multiple of an interval, counted from 1970, that is not before a time."""
    seconds = every.total_seconds()
    return datetime.fromtimestamp(-(-start.timestamp() // seconds) * seconds, UTC)
