"""So many invocations fail that it is no chance. Pure."""

from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import counted, number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.parts import Bad, Found, judge
from functions.anomaly_detector.watch.standing import Standing
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "error-rate"


def check(view: View) -> Judged:
    """Fail when surely too many invocations fail, until they surely no longer do.

    Too many are: a large share of enough calls; as many in a row as never happen by chance, however
    seldom the function runs; or, of a small share, several times as many as on any day.
    """
    past = view.past
    if Signal.INVOCATIONS not in past.recent or Signal.ERRORS not in past.recent:
        return Judged(Verdict(RULE, certain=False))
    policy = view.policy
    how = Bad(
        Signal.ERRORS,
        counts_as_call=True,
        share=policy.error_share,
        least=policy.minimum_invocations,
        rises=True,
    )
    standing, found = judge(past, how, view.standing(RULE))
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    past.mark(past.failing, standing.since)
    return Judged(Verdict(RULE, (_finding(view, standing, found),)), {RULE: standing})


def _finding(view: View, standing: Standing, found: Found | None) -> Finding:
    share = max(standing.measure, standing.facts.get("share", 0.0))
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=standing.severity,
        severity_reason=_why(standing.severity, view.policy.error_share),
        function=view.function,
        title=counted(found, share, "invocations failed"),
        reason=f"{_figures(found, share)} It began at {standing.since:%Y-%m-%d %H:%M} UTC.",
        remedy="Read the errors in the function's log. If it began with a deployment, roll back.",
        evidence={"since": standing.since.isoformat(), "share": round(share, 4)},
        update_key=standing.update_key,
    )


def _figures(found: Found | None, share: float) -> str:
    if found is None:
        return f"Up to {share:.1%} of its invocations failed; too few succeeded since."
    if found.in_a_row:
        return f"All of the last {number(found.bad)} invocations failed."
    return (
        f"{number(found.bad)} of {number(found.all)} invocations failed since "
        f"{found.start:%m-%d %H:%M} UTC, {found.bad / found.all:.1%}."
    )


def _why(severity: Severity, share: float) -> str:
    if severity is Severity.CRITICAL:
        return "Nearly all callers of a busy function get no result."
    if severity is Severity.HIGH:
        return f"At least {share:.0%} of the callers, or all of the last runs, get no result."
    return "Most calls succeed; several times as many fail as on any day of the last week."
