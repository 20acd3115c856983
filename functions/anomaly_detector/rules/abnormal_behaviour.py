"""A function does what it usually does not: one finding for everything unusual about it. Pure."""

from math import isnan
from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import error_rate, near_timeout, throttled, went_silent
from functions.anomaly_detector.rules.explain import number, sentences
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.episode import (
    IN_TERMS_OF_MONEY,
    KEY,
    follow,
    incident_of,
)
from functions.anomaly_detector.watch.hours import zeroed
from functions.anomaly_detector.watch.incident import Incident
from functions.anomaly_detector.watch.past import PERIOD
from functions.anomaly_detector.watch.shifts import DURATIONS
from functions.anomaly_detector.watch.standing import Standing
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.guarding.by_hand import limit_by_hand

RULE: Final = KEY
_CENT: Final = 0.01
# From this factor on, a title says how many times the usual something is.
_CLEARLY: Final = 1.5


def check(view: View) -> Judged:
    """One finding for everything unusual about a function."""
    past = view.past
    explained = any(
        view.is_open(rule) for rule in (error_rate.RULE, throttled.RULE, went_silent.RULE)
    )
    standing = follow(
        past,
        at_once=view.at_once,
        risen_at=view.risen_at,
        explained=explained,
        near_timeout=near_timeout.share_of(view) > 0,
    )
    past.standing.pop(RULE, None)
    if standing:
        past.standing[RULE] = standing
    incident = incident_of(past)
    if standing is None or incident is None:
        return Judged(Verdict(RULE), {RULE: standing})
    return Judged(Verdict(RULE, (finding(view, standing, incident),)), {RULE: standing})


def finding(view: View, standing: Standing, incident: Incident) -> Finding:
    """The finding of an incident."""
    past = view.past
    priced = Signal.DURATION in past.recent or Signal.DURATION_P50 in past.recent
    cost = float(zeroed(past.newest(Signal.COST, 1))[-1]) if priced else None
    cost = cost if view.cost is None else view.cost
    usual_cost = _zero(past.usual(Signal.COST).typical)
    reason = sentences(
        incident,
        limits=view.limits,
        deployment=view.deployment,
        period_seconds=PERIOD,
        cost=cost,
        usual_cost=usual_cost,
        at_least=view.limits is None,
    )
    if any(one.signal in DURATIONS for one in incident.deviations) and (
        share := near_timeout.share_of(view)
    ):
        reason += f" The slowest invocations take {share:.0%} of the time that it may run."
    runs_away = incident.runs_away
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=standing.severity,
        severity_reason=_severity_reason(standing.severity, incident),
        function=view.function,
        title=_title(incident),
        reason=reason,
        remedy=_remedy(view, runs_away=runs_away),
        evidence={
            "since": incident.since.isoformat(),
            "state": incident.trend,
            **_stakes(view, standing, incident),
            **({"ended": incident.ended.isoformat()} if incident.ended else {}),
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
        update_key=standing.update_key,
    )


def _stakes(view: View, standing: Standing, incident: Incident) -> dict[str, float]:
    """What was at stake at most, for who decides how urgent that is; absent where not measured.

    What gets cheaper does not become less severe before it is over.
    """
    past = view.past
    worst = standing.worst / IN_TERMS_OF_MONEY if standing.facts.get("load") else 0.0
    extra = max(incident.extra, worst)
    known = {} if extra <= 0 else {"extra_usd_an_hour": round(extra, 4)}
    peaks = [one.peak for s in (Signal.LOAD, Signal.CONCURRENCY) if (one := incident.of(s))]
    if Signal.LOAD in past.recent or view.at_once:
        newest = float(zeroed(past.newest(Signal.LOAD, 1))[-1])
        known["executions_at_once"] = round(max(view.at_once, newest, *peaks), 2)
    return known


def _remedy(view: View, *, runs_away: bool) -> str:
    if not runs_away:
        return (
            "Compare its log before and after the change, and look at its last deployment and at "
            "what it calls; roll back if it began with a deployment."
        )
    return (
        "Look at who calls the function and at its last deployment. To stop it now: "
        f"{limit_by_hand(view.function, view.reserved)}"
    )


def _title(incident: Incident) -> str:
    """What is unusual, with how far the first of it is from its usual value."""
    first, *others = incident.deviations
    lead = "Runaway" if incident.runs_away else "Unusual"
    factor = first.current / first.usual if first.usual > 0 else 0.0
    if factor < _CLEARLY:
        return f"{lead}: {listed([one.signal.value for one in incident.deviations])}"
    more = f", {listed([one.signal.value for one in others])} too" if others else ""
    return f"{lead}: {first.signal.value} {number(factor)} times the usual{more}"


def _severity_reason(severity: Severity, incident: Incident) -> str:
    money = f"It costs about ${incident.extra:,.2f} an hour more than usual"
    if severity is Severity.CRITICAL:
        return (
            f"{money}, or uses as much capacity, and exceeds five times all that was usual."
            if incident.extra >= _CENT
            else "It uses far more than was ever usual, and costs money."
        )
    if incident.extra >= _CENT:
        return f"{money}."
    return "It never did this at this time before; hardly any money is at stake."


def _zero(value: float) -> float:
    return 0.0 if isnan(value) else value
