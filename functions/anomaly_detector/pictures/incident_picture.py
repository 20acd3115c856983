"""The picture of one incident: its signals, what is usual for them, and the deployment. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.pictures.band import Band
from functions.anomaly_detector.pictures.picture import Limit, Mark, Panel, render
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.watch.incident import Deviation, Incident
from functions.shared.core.text import plain

_LEAST_BEFORE: Final = timedelta(hours=8)
_MOST_BEFORE: Final = timedelta(days=3)
_BEFORE: Final = 4  # times as long as the incident itself
_MOST_DEVIATIONS: Final = 3
_COUNTED: Final = frozenset({"Sum", "SampleCount"})
_OF_TIMEOUT: Final = frozenset({Signal.DURATION_P50, Signal.DURATION_P99, Signal.DURATION_MAX})


def drawn_signals(incident: Incident) -> tuple[Signal, ...]:
    """The signals of an incident's picture: the most telling ones, and how often it is called."""
    reported = [one.signal for one in incident.deviations[:_MOST_DEVIATIONS]]
    return tuple(dict.fromkeys([*reported, Signal.INVOCATIONS]))


def drawn_from(incident: Incident, now: datetime) -> datetime:
    """Where an incident's picture begins: some hours, or several times as long, before it did."""
    lasted = max(now - incident.since, timedelta(0))
    return incident.since - min(max(_BEFORE * lasted, _LEAST_BEFORE), _MOST_BEFORE)


def draw(
    function: str,
    incident: Incident,
    signals: Mapping[Signal, tuple[Series, Band]],
    *,
    limits: FunctionLimits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
) -> str:
    """Draw an incident and the time before it.

    Args:
        function: The function's name.
        incident: What is unusual.
        signals: What to draw, each with what is usual for it.
        limits: Its own limits; the timeout is drawn where durations are.
        deployment: Its last change.
        period_seconds: Width of the signals' periods.

    Returns:
        A self-contained SVG document.
    """
    panels = [
        panel(
            signal,
            *signals[signal],
            limits=limits,
            alerts=tuple(_mark(one) for one in incident.deviations if one.signal is signal),
            period_seconds=period_seconds,
        )
        for signal in drawn_signals(incident)
        if signal in signals
    ]
    names = ", ".join(one.signal.value for one in incident.deviations[:_MOST_DEVIATIONS])
    return render(
        panels,
        title=f"{function}: unusual {names}",
        subtitle=f"Since {incident.since:%Y-%m-%d %H:%M} UTC, and the time before it.",
        deployments=deployed(deployment),
    )


def panel(
    signal: Signal,
    series: Series,
    band: Band,
    *,
    limits: FunctionLimits | None,
    period_seconds: int,
    alerts: tuple[Mark, ...] = (),
    shown_from: datetime | None = None,
) -> Panel:
    """One signal with its usual band.

    Args:
        signal: Which one.
        series: Its values.
        band: What is usual at each of them.
        limits: The function's own limits.
        period_seconds: Width of its periods.
        alerts: What was told of it.
        shown_from: Draw from here on only.
    """
    first = series.count_before(shown_from) if shown_from else 0
    return Panel(
        name=named(signal, period_seconds),
        series=Series(series.values[first:], series.timestamps[first:]),
        low=band[0][first:],
        high=band[1][first:],
        alerts=alerts,
        limit=_limit(signal, limits),
    )


def named(signal: Signal, period_seconds: int) -> str:
    """A signal with its unit: `Invocations in 5 min`, `Duration p99, ms`."""
    metric = METRICS[signal]
    text = signal.value[0].upper() + signal.value[1:]
    if metric.statistic in _COUNTED:
        return f"{text} in {period_seconds // 60} min"
    return f"{text}, {metric.unit}" if metric.unit else text


def deployed(deployment: LastDeployment | None) -> Sequence[Mark]:
    """The mark of the last deployment."""
    if deployment is None:
        return ()
    by = f" by {plain(deployment.by, 40)}" if deployment.by else ""
    return (Mark(deployment.at, f"deployed{by}"),)


def _mark(deviation: Deviation) -> Mark:
    unit = METRICS[deviation.signal].unit
    usual = number(deviation.usual)
    text = f"{number(deviation.peak)} instead of {usual} {unit}".strip()
    return Mark(deviation.since, text, until=deviation.ended, lasts=deviation.ended is None)


def _limit(signal: Signal, limits: FunctionLimits | None) -> Limit | None:
    if limits is None:
        return None
    if signal in _OF_TIMEOUT:
        return Limit(limits.timeout_seconds * 1000, f"timeout, {limits.timeout_seconds} s")
    if signal is Signal.CONCURRENCY and limits.reserved:
        return Limit(limits.reserved, "reserved concurrency")
    return None
