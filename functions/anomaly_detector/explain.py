"""Putting an incident into words: what, how much, since when, after what, at which cost. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite, isnan
from typing import Final

import numpy as np

from functions.anomaly_detector.cost import hourly_cost
from functions.anomaly_detector.incident import Deviation, Incident
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import METRICS, Signal
from functions.shared.text import plain

_CENT: Final = 0.01
_DEPLOYMENT_MATTERS: Final = timedelta(hours=6)
_COUNTED: Final = frozenset({"Sum", "SampleCount"})
_SPOKEN: Final = {"bytes": (1_000_000, "MB")}


def sentences(
    incident: Incident,
    signals: Mapping[Signal, Series],
    *,
    limits: Limits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
    usual_cost: float | None = None,
) -> str:
    """The reason of an incident's alert.

    Args:
        incident: What is unusual.
        signals: The newest values of the function's signals.
        limits: What values are compared with, and for the cost estimate; None while unknown.
        deployment: The function's last change, named if it came shortly before.
        period_seconds: Width of the periods that counts are of.
        usual_cost: USD an hour that it costs otherwise at this time of day, None while unknown.
    """
    parts = [_deviation(deviation, limits, period_seconds) for deviation in incident.deviations]
    head = f"{'; '.join(parts)}. Since {incident.since:%Y-%m-%d %H:%M} UTC"
    head += _after(deployment, incident.since)
    if ended := incident.ended:
        head += f", over since {ended + timedelta(seconds=period_seconds):%H:%M}"
    cost = _cost(incident, signals, limits, period_seconds, usual_cost=usual_cost)
    return f"{head[0].upper()}{head[1:]}.{cost}"


def number(value: float) -> str:
    """A value as people write it: `12,400`, `3.2`."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def newest(series: Series | None) -> float:
    """The newest value that there is; NaN where there is none."""
    if series is None:
        return float("nan")
    present = series.values[~np.isnan(series.values)]
    return float(present[-1]) if present.size else float("nan")


def _deviation(deviation: Deviation, limits: Limits | None, period_seconds: int) -> str:
    metric = METRICS[deviation.signal]
    per = f" in {period_seconds // 60} min" if metric.statistic in _COUNTED else ""
    value = deviation.peak if deviation.ended else deviation.current
    shown = f"{deviation.signal.value} {_with_unit(value, metric.unit)}"
    shown += f"{_of_limit(deviation.signal, limits)}{per}"
    if not isfinite(deviation.factor):
        shown += ", usually none"
    else:
        usual = _with_unit(deviation.usual, metric.unit)
        shown += f", {number(deviation.factor)} times the usual {usual}"
    if deviation.trend == "falling" and deviation.peak_at:
        peak = _with_unit(deviation.peak, metric.unit)
        shown += f" (peak {peak} at {deviation.peak_at:%H:%M})"
    return shown


def _with_unit(value: float, unit: str) -> str:
    divisor, spoken = _SPOKEN.get(unit, (1, unit))
    text = number(value / divisor)
    return f"{text} {spoken}" if spoken else text


def _of_limit(signal: Signal, limits: Limits | None) -> str:
    if limits is None:
        return ""
    if signal is Signal.CONCURRENCY and limits.reserved is not None:
        return f" of {limits.reserved:,}"
    if signal in {Signal.DURATION_P50, Signal.DURATION_P99}:
        return f" of at most {limits.timeout_seconds * 1000:,}"
    if signal is Signal.MEMORY:
        return f" of {limits.memory_mib:,} MiB"
    return ""


def _after(deployment: LastDeployment | None, since: datetime) -> str:
    if deployment is None or not timedelta(0) <= since - deployment.at <= _DEPLOYMENT_MATTERS:
        return ""
    minutes = (since - deployment.at) // timedelta(minutes=1)
    by = f" by {plain(deployment.by, 80)}" if deployment.by else ""
    code = f" of {plain(deployment.code, 12)}" if deployment.code else ""
    return f", {minutes} minutes after a deployment{code}{by}"


def _cost(
    incident: Incident,
    signals: Mapping[Signal, Series],
    limits: Limits | None,
    period_seconds: int,
    *,
    usual_cost: float | None,
) -> str:
    invocations = newest(signals.get(Signal.INVOCATIONS))
    duration = newest(signals.get(Signal.DURATION))
    if limits is None or isnan(invocations) or isnan(duration) or incident.ended:
        return ""
    deviation = incident.of(Signal.INVOCATIONS)
    usual = deviation.usual if deviation else invocations
    per_hour = 3600 / period_seconds
    now, before = (
        hourly_cost(
            count * per_hour,
            duration,
            memory_mib=limits.memory_mib,
            architecture=limits.architecture,
        )
        for count in (invocations, usual)
    )
    before = before if usual_cost is None else usual_cost
    if now < _CENT:
        return ""
    if now < 2 * before:
        return f" About ${now:,.2f} an hour."
    return f" About ${now:,.2f} an hour instead of ${before:,.2f}."
