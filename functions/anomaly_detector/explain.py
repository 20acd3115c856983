"""Putting an incident into words: what, how much, since when, after what, at which cost. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite, isnan
from typing import Final

from functions.anomaly_detector.incident import Deviation, Incident
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import METRICS, Signal
from functions.shared.pricing import hourly_cost
from functions.shared.text import plain

_CENT: Final = 0.01
_DEPLOYMENT_MATTERS: Final = timedelta(hours=6)


def sentences(
    incident: Incident,
    signals: Mapping[Signal, Series],
    *,
    limits: Limits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
) -> str:
    """The reason of an incident's alert.

    Args:
        incident: What is unusual.
        signals: All signals of the function.
        limits: For the cost estimate; without them no cost is named.
        deployment: The function's last change, named if it came shortly before.
        period_seconds: Width of the signals' periods.
    """
    parts = [_deviation(deviation, period_seconds) for deviation in incident.deviations]
    head = f"{'; '.join(parts)}. Since {incident.since:%Y-%m-%d %H:%M} UTC"
    head += f"{_after(deployment, incident.since)}."
    cost = _cost(incident, signals, limits, period_seconds)
    return f"{head[0].upper()}{head[1:]}{cost}"


def number(value: float) -> str:
    """A value as people write it: `12,400`, `3.2`."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _deviation(deviation: Deviation, period_seconds: int) -> str:
    metric = METRICS[deviation.signal]
    unit = f" {metric.unit}" if metric.unit else ""
    per = f" in {period_seconds // 60} min" if metric.statistic == "Sum" else ""
    shown = f"{deviation.signal.value} {number(deviation.current)}{unit}{per}"
    if not isfinite(deviation.factor):
        return f"{shown}, usually none"
    return f"{shown}, {number(deviation.factor)} times the usual {number(deviation.usual)}{unit}"


def _after(deployment: LastDeployment | None, since: datetime) -> str:
    if deployment is None or not timedelta(0) <= since - deployment.at <= _DEPLOYMENT_MATTERS:
        return ""
    minutes = (since - deployment.at) // timedelta(minutes=1)
    return f", {minutes} minutes after a deployment by {plain(deployment.by, 80)}"


def _cost(
    incident: Incident,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    period_seconds: int,
) -> str:
    invocations, duration = signals[Signal.INVOCATIONS], signals[Signal.DURATION]
    if limits is None or not len(invocations) or not len(duration) or isnan(duration.latest):
        return ""
    deviation = incident.of(Signal.INVOCATIONS)
    usual = deviation.usual if deviation else invocations.latest
    per_hour = 3600 / period_seconds
    now, before = (
        hourly_cost(
            count * per_hour,
            duration.latest,
            memory_mib=limits.memory_mib,
            architecture=limits.architecture,
        )
        for count in (invocations.latest, usual)
    )
    if now < _CENT:
        return ""
    if now < 2 * before:
        return f" About ${now:,.2f} an hour."
    return f" About ${now:,.2f} an hour instead of ${before:,.2f}."
