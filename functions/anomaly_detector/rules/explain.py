"""Putting an incident into words: what, how much, since when, after what, at which cost. Pure."""

from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.watch.incident import Deviation, Incident
from functions.anomaly_detector.watch.parts import Found
from functions.anomaly_detector.watch.shifts import HOUR_MS, KEPT_FOR
from functions.shared.core.text import plain

_CENT: Final = 0.01
_DEPLOYMENT_MATTERS: Final = timedelta(hours=6)
_COUNTED: Final = frozenset({"Sum", "SampleCount"})
_LONG_MS: Final = 900_000
"""What takes longer than an invocation may is spoken of in minutes."""
_SPOKEN: Final = {"bytes": (1_000_000, "MB")}


def sentences(
    incident: Incident,
    *,
    limits: FunctionLimits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
    cost: float | None = None,
    usual_cost: float | None = None,
    at_least: bool = False,
) -> str:
    """The reason of an incident's alert.

    Args:
        incident: What is unusual.
        limits: What values are compared with; None while unknown.
        deployment: The function's last change, named if it came shortly before.
        period_seconds: Width of the periods that counts are of.
        cost: USD an hour that it costs now, None while unknown.
        usual_cost: USD an hour that it costs otherwise at this time of day, None while unknown.
        at_least: Whether the memory is unknown, so that it costs at least so much.
    """
    parts = [_deviation(deviation, limits, period_seconds) for deviation in incident.deviations]
    head = f"{'; '.join(parts)}. It began at {incident.since:%Y-%m-%d %H:%M} UTC"
    head += _after(deployment, incident.since, period_seconds)
    if ended := incident.ended:
        head += f", over since {ended + timedelta(seconds=period_seconds):%H:%M}"
    price = "" if incident.ended else _price(cost, usual_cost, incident, at_least=at_least)
    return f"{head[0].upper()}{head[1:]}.{price}"


def number(value: float) -> str:
    """A value as people write it: `12,400`, `3.2`."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def counted(found: Found | None, share: float, what: str) -> str:
    """A title that says how many: `412 of 1,600 invocations failed (26%)`.

    Args:
        found: What is found now, None where it is not the case at present.
        share: The largest share so far.
        what: Whom it happened to, and what: `invocations failed`.
    """
    if found is None:
        return f"Up to {share:.0%} of the {what}"
    if found.in_a_row:
        return f"All of the last {number(found.bad)} {what}"
    return f"{number(found.bad)} of {number(found.all)} {what} ({share:.0%})"


def _deviation(deviation: Deviation, limits: FunctionLimits | None, period_seconds: int) -> str:
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
    if unit == "ms" and value >= _LONG_MS:
        minutes = value / 60_000
        return f"{number(minutes / 60)} hours" if minutes >= 120 else f"{number(minutes)} minutes"
    divisor, spoken = _SPOKEN.get(unit, (1, unit))
    text = number(value / divisor)
    return f"{text} {spoken}" if spoken else text


def _of_limit(signal: Signal, limits: FunctionLimits | None) -> str:
    if signal in KEPT_FOR:
        return f" of the {number(KEPT_FOR[signal] / HOUR_MS)} hours for which it is kept by default"
    if limits is None:
        return ""
    if signal is Signal.CONCURRENCY and limits.reserved is not None:
        return f" of {limits.reserved:,}"
    if signal in {Signal.DURATION_P50, Signal.DURATION_P99}:
        return f" of at most {limits.timeout_seconds * 1000:,}"
    if signal is Signal.MEMORY:
        return f" of {limits.memory_mib:,} MiB"
    return ""


def _after(deployment: LastDeployment | None, since: datetime, period_seconds: int) -> str:
    """What was deployed before, or in the period in which it began."""
    if deployment is None:
        return ""
    # A close look knows the minute.
    width = timedelta(seconds=period_seconds if since.minute % 5 == 0 else 60)
    later = since - deployment.at
    if not -width < later <= _DEPLOYMENT_MATTERS:
        return ""
    by = f" by {plain(deployment.by, 80)}" if deployment.by else ""
    code = f" of {plain(deployment.code, 12)}" if deployment.code else ""
    minutes = later // timedelta(minutes=1)
    if minutes < 1:
        return f", just after a deployment{code}{by} at {deployment.at:%H:%M}"
    after = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f", {after} after a deployment{code}{by}"


def _price(
    cost: float | None, usual_cost: float | None, incident: Incident, *, at_least: bool
) -> str:
    if cost is None or cost < _CENT:
        return ""
    before = usual_cost
    if before is None:
        calls = incident.of(Signal.INVOCATIONS)
        before = cost / calls.factor if calls and calls.factor > 0 else cost
    about = "At least" if at_least else "About"
    if cost < 2 * before:
        return f" {about} ${cost:,.2f} an hour."
    return f" It costs {about.lower()} ${cost:,.2f} an hour; usual is ${before:,.2f}."
