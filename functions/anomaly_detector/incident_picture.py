"""The picture of one incident: its signals, what is usual for them, and the deployment. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.band import shown_since, usual_band
from functions.anomaly_detector.explain import number
from functions.anomaly_detector.incident import Deviation, Incident
from functions.anomaly_detector.meaningful import meaningful
from functions.anomaly_detector.picture import Limit, Mark, Panel, render
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series, when
from functions.anomaly_detector.signals import METRICS, Signal
from functions.shared.text import plain

_LEAST_BEFORE: Final = timedelta(hours=8)
_MOST_BEFORE: Final = timedelta(days=3)
_BEFORE: Final = 4  # times as long as the incident itself
_MOST_DEVIATIONS: Final = 3
_COUNTED: Final = frozenset({"Sum", "SampleCount"})


def draw(
    function: str,
    incident: Incident,
    signals: Mapping[Signal, Series],
    *,
    limits: Limits | None,
    deployment: LastDeployment | None,
    period_seconds: int,
) -> str:
    """Draw an incident and the time before it.

    Args:
        function: The function's name.
        incident: What is unusual.
        signals: All signals of the function, with their history.
        limits: Its own limits; the timeout is drawn where durations are.
        deployment: Its last change.
        period_seconds: Width of the signals' periods.

    Returns:
        A self-contained SVG document.
    """
    lasted = max(
        (
            when(series.timestamps[-1]) - incident.since
            for series in signals.values()
            if len(series)
        ),
        default=timedelta(0),
    )
    start = incident.since - min(max(_BEFORE * lasted, _LEAST_BEFORE), _MOST_BEFORE)
    known = meaningful(signals)
    told = incident.deviations[:_MOST_DEVIATIONS]
    panels = [
        panel(
            one.signal,
            known[one.signal],
            limits=limits,
            alerts=(_mark(one),),
            shown_from=start,
            learn_until=one.since,
            period_seconds=period_seconds,
        )
        for one in told
        if one.signal in known
    ]
    if all(one.signal is not Signal.INVOCATIONS for one in told) and Signal.INVOCATIONS in known:
        panels.append(
            panel(
                Signal.INVOCATIONS,
                known[Signal.INVOCATIONS],
                limits=limits,
                shown_from=start,
                learn_until=incident.since,
                period_seconds=period_seconds,
            )
        )
    names = ", ".join(one.signal.value for one in told)
    return render(
        panels,
        title=f"{function}: unusual {names}",
        subtitle=f"Since {incident.since:%Y-%m-%d %H:%M} UTC, and the time before it.",
        deployments=deployed(deployment),
    )


def panel(
    signal: Signal,
    series: Series,
    *,
    limits: Limits | None,
    period_seconds: int,
    alerts: tuple[Mark, ...] = (),
    shown_from: datetime | None = None,
    learn_until: datetime | None = None,
) -> Panel:
    """One signal with its usual band.

    Args:
        signal: Which one.
        series: Its values.
        limits: The function's own limits.
        period_seconds: Width of its periods.
        alerts: What was told of it.
        shown_from: Draw from here; the history before it only teaches what is usual.
        learn_until: See `usual_band`.
    """
    band = usual_band(series, learn_until=learn_until)
    shown, low, high = shown_since(series, band, shown_from) if shown_from else (series, *band)
    return Panel(
        name=named(signal, period_seconds),
        series=shown,
        low=low,
        high=high,
        alerts=alerts,
        limit=_limit(signal, limits),
    )


def named(signal: Signal, period_seconds: int) -> str:
    """A signal with its unit: `invocations in 5 min`, `duration p99, ms`."""
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
    return Mark(deviation.since, text, lasts=True)


def _limit(signal: Signal, limits: Limits | None) -> Limit | None:
    if limits is None or METRICS[signal].name != "Duration" or METRICS[signal].unit != "ms":
        return None
    return Limit(limits.timeout_seconds * 1000, f"timeout, {limits.timeout_seconds} s")
