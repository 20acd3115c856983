"""What would have been told about a function, had it been watched: ticks replayed over history.

Every tick is judged as the live detector judges it, by the same functions, from what was known
then; what a person would have heard of follows from the same life cycle of alerts. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.anomaly_detector import verdicts
from functions.anomaly_detector.incident import Incident, Scored, judge_scored, scored
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import METRICS, Signal
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Verdict
from functions.shared.alerting.lifecycle import transitions
from functions.shared.arn import FunctionArn
from functions.shared.config import DetectorPolicy

_SCOPE: Final = "anomaly"
_DAY: Final = timedelta(days=1)


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
    """What a person would have heard at one tick.

    Attributes:
        at: The tick.
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
) -> Iterator[News]:
    """Judge every tick between two times.

    Args:
        subject: The function.
        signals: Its signals, with the history that the first tick is judged against.
        policy: How often to look, how far back, and what is too much.
        start: The first tick is at or after this time.
        end: No tick is after this time.
        period_seconds: Width of the signals' periods.

    Yields:
        What would have been sent, in order. The history reaches back `policy.history_days` from
        the begin of the tick's day, so by up to a day more than live.
    """
    every = timedelta(seconds=max(policy.tick_minutes * 60, period_seconds))
    history = timedelta(days=policy.history_days)
    signals = _complete(signals)
    known: dict[str, Alert] = {}
    day: datetime | None = None
    of_day: dict[Signal, Scored] = {}
    tick = datetime.fromtimestamp(
        -(-start.timestamp() // every.total_seconds()) * every.total_seconds(), UTC
    )
    while tick <= end:
        midnight = tick.replace(hour=0, minute=0, second=0, microsecond=0)
        if midnight != day:
            day = midnight
            of_day = scored(
                {s: one.since(day - history).until(day + _DAY) for s, one in signals.items()}
            )
        now = {signal: one.until(tick) for signal, one in signals.items()}
        incident = judge_scored(
            {signal: one.until(tick) for signal, one in of_day.items()},
            capped_since=subject.capped_since,
        )
        judged = _verdicts(subject, policy, now, incident, tick, period_seconds=period_seconds)
        for change in transitions(known.values(), judged, scope=_SCOPE, now=tick):
            known[change.alert.finding.fingerprint] = change.alert
            if change.notify:
                anomalous = change.alert.finding.rule == verdicts.ANOMALY
                yield News(tick, change.alert, incident if anomalous else None)
        tick += every


def _verdicts(
    subject: Subject,
    policy: DetectorPolicy,
    signals: Mapping[Signal, Series],
    incident: Incident | None,
    now: datetime,
    *,
    period_seconds: int,
) -> list[Verdict]:
    deployment = subject.deployment
    return [
        verdicts.anomaly(
            subject.function,
            incident,
            signals,
            limits=subject.limits,
            deployment=deployment if deployment and deployment.at <= now else None,
            period_seconds=period_seconds,
            braked="",
        ),
        *verdicts.own_limits(
            subject.function, signals, subject.limits, policy, capped_since=subject.capped_since
        ),
    ]


def _at_or_after(start: datetime, every: timedelta) -> datetime:
    """The first multiple of an interval, counted from 1970, that is not before a time."""
    seconds = every.total_seconds()
    return datetime.fromtimestamp(-(-start.timestamp() // seconds) * seconds, UTC)


def _complete(signals: Mapping[Signal, Series]) -> dict[Signal, Series]:
    """All signals; those that nobody has are empty."""
    return {signal: signals.get(signal, Series.empty()) for signal in METRICS}
