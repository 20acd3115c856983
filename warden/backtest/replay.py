"""What would have been sent about a function, had it been watched: looks replayed over history.

Every look is the live one: the same functions follow each signal, put deviations together and
word the verdicts, from what was known then; what a person would have heard of follows from the
same life cycle of alerts. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.anomaly_detector.metrics.cost import cost_series, newest_cost
from functions.anomaly_detector.metrics.own_limits import LastDeployment, Limits
from functions.anomaly_detector.metrics.schedule import PERIOD
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.rules import abnormal_behaviour
from functions.anomaly_detector.rules.own_limits import own_limits
from functions.anomaly_detector.watch.episode import Watch, advance, usual
from functions.anomaly_detector.watch.incident import (
    Incident,
    accustomed,
    apart_from_cap,
    incident_of,
    meaningful,
)
from functions.anomaly_detector.watch.tally import Tally, tallied
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Verdict
from functions.shared.alerting.lifecycle import transitions
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn

_SCOPE: Final = "anomaly"
# What counts as new in the live rules is so many minutes old, of periods that are this long.
_LIVE_PERIOD: Final = int(PERIOD.total_seconds())


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
    limits: Limits | None = None
    deployment: LastDeployment | None = None
    capped_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a person would have heard after one look.

    Attributes:
        at: The look.
        alert: The alert as it would have been sent.
        incident: The incident behind it; None for limits, and for what is over.
    """

    at: datetime
    alert: Alert
    incident: Incident | None


@dataclass(slots=True)
class _Look:
    """What is known between two looks."""

    until: datetime
    watches: dict[Signal, Watch] = field(default_factory=dict)
    told_until: datetime | None = None
    tally: Tally | None = None


def replay(
    subject: Subject,
    signals: Mapping[Signal, Series],
    policy: DetectorPolicy,
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> Iterator[News]:
    """Look at every interval of busy functions between two times, and at the end.

    Args:
        subject: The function.
        signals: Its signals, with the history that the first look learns from.
        policy: How often to look, and what is too much.
        start: The first look, at or after this time, learns what came before.
        end: The last look; none if it is before `start`.
        period_seconds: Width of the signals' periods.

    Yields:
        What would have been sent, in order.
    """
    periods = -(-policy.looks.active_minutes * 60 // period_seconds)
    every = timedelta(seconds=max(periods, 1) * period_seconds)
    priced = _priced(subject, signals, period_seconds)
    series = _followed(meaningful(priced))
    known: dict[str, Alert] = {}
    look = _Look(until=max(start, min(_at_or_after(start, every), end)))
    _follow(look, series, datetime.min.replace(tzinfo=UTC))
    while look.until <= end:
        read = _read(priced, look.told_until or look.until - every, look.until)
        judged, incident = _judged(subject, policy, look, read, period_seconds)
        for change in transitions(known.values(), judged, scope=_SCOPE, now=look.until):
            known[change.alert.finding.fingerprint] = change.alert
            if change.news:
                anomalous = change.alert.finding.rule == abnormal_behaviour.RULE
                yield News(look.until, change.alert, incident if anomalous else None)
        seen = look.told_until = look.until
        look.until = seen + every if seen == end else min(seen + every, end)
        _follow(look, series, seen)


def _priced(
    subject: Subject, signals: Mapping[Signal, Series], period_seconds: int
) -> Mapping[Signal, Series]:
    """The signals, with the cost that follows from them."""
    calls, lasting = signals.get(Signal.INVOCATIONS), signals.get(Signal.DURATION)
    if not subject.limits or not calls or not lasting or len(calls) != len(lasting):
        return signals
    cost = cost_series(calls, lasting, subject.limits, period_seconds=period_seconds)
    return {**signals, Signal.COST: cost}


def _followed(signals: Mapping[Signal, Series]) -> dict[Signal, Series]:
    """The signals that have points and of which what is usual is remembered."""
    return {s: one for s, one in signals.items() if METRICS[s].followed and len(one)}


def _read(
    signals: Mapping[Signal, Series], since: datetime, until: datetime
) -> dict[Signal, Series]:
    """What a look reads. Throttles are a share of all calls: without them they say nothing."""
    return {
        signal: series.since(since).until(until)
        for signal, series in signals.items()
        if signal is not Signal.THROTTLES or Signal.INVOCATIONS in signals
    }


def _follow(look: _Look, signals: Mapping[Signal, Series], seen: datetime) -> None:
    """Feed each signal what came since the last look."""
    for signal, series in signals.items():
        new = series.until(look.until)
        new = new if signal not in look.watches else new.since(seen)
        if len(new) or signal in look.watches:
            look.watches[signal] = advance(look.watches.get(signal), signal, new, until=look.until)


def _judged(
    subject: Subject,
    policy: DetectorPolicy,
    look: _Look,
    read: Mapping[Signal, Series],
    period_seconds: int,
) -> tuple[list[Verdict], Incident | None]:
    """The verdicts of one look."""
    deployment = subject.deployment
    # The newest of longer periods is as new as a live one when it is over.
    as_live = look.until - timedelta(seconds=max(period_seconds - _LIVE_PERIOD, 0))
    found = incident_of(look.watches, as_live, told_until=look.told_until)
    incident = apart_from_cap(found, subject.capped_since)
    cost = look.watches.get(Signal.COST)
    anomaly = abnormal_behaviour.check(
        subject.function,
        incident,
        limits=subject.limits,
        deployment=deployment if deployment and deployment.at <= look.until else None,
        period_seconds=period_seconds,
        braked="",
        accustomed=accustomed(look.watches, look.until),
        cost=newest_cost(read),
        usual_cost=usual(cost, look.until) if cost else None,
    )
    look.tally = tallied(look.tally, read, policy, look.told_until or look.until)
    limits = own_limits(
        subject.function,
        read,
        subject.limits,
        policy,
        capped_since=subject.capped_since,
        tally=look.tally,
    )
    return [anomaly, *limits], incident


def _at_or_after(start: datetime, every: timedelta) -> datetime:
    """The first multiple of an interval, counted from 1970, that is not before a time."""
    seconds = every.total_seconds()
    return datetime.fromtimestamp(-(-start.timestamp() // seconds) * seconds, UTC)
