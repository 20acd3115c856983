"""So many invocations are refused that it is no chance. Pure."""

from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import counted, number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.parts import Bad, Found, judge
from functions.anomaly_detector.watch.standing import Standing
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "throttled"


def check(view: View) -> Judged:
    """Fail when surely too large a share of the attempts is refused, or all of them in a row.

    A refused attempt is no invocation: a function may be refused entirely and show no call at all.
    """
    past = view.past
    if (
        view.capped_since is not None
        or Signal.THROTTLES not in past.recent
        or Signal.INVOCATIONS not in past.recent
    ):
        # Who else throttles it cannot be told while Warden caps it.
        return Judged(Verdict(RULE, certain=False), {RULE: view.standing(RULE)})
    how = Bad(
        Signal.THROTTLES,
        counts_as_call=False,
        share=view.policy.error_share,
        least=view.policy.minimum_invocations,
        rises=False,
    )
    standing, found = judge(past, how, view.standing(RULE))
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    past.mark(past.spoilt, standing.since)
    return Judged(Verdict(RULE, (_finding(view, standing, found),)), {RULE: standing})


def _finding(view: View, standing: Standing, found: Found | None) -> Finding:
    share = max(standing.measure, standing.facts.get("share", 0.0))
    figures = f"Up to {share:.0%} of the attempts to invoke it were refused."
    if found:
        figures = (
            f"All of the last {number(found.bad)} attempts to invoke it were refused."
            if found.in_a_row
            else f"{number(found.bad)} of {number(found.all)} attempts to invoke it were refused "
            f"since {found.start:%m-%d %H:%M} UTC, {found.bad / found.all:.0%}."
        )
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=standing.severity,
        severity_reason="Nearly all callers of a busy function are refused."
        if standing.severity is Severity.CRITICAL
        else "AWS retries asynchronous events for up to 6 hours; all other callers get an error.",
        function=view.function,
        title=counted(found, share, "invocations were refused"),
        reason=f"{figures} It began at {standing.since:%Y-%m-%d %H:%M} UTC.",
        remedy="Compare what the callers need with the function's reserved concurrency, which may "
        "be 0, and with the account's limit.",
        evidence={"since": standing.since.isoformat(), "share": round(share, 4)},
        update_key=standing.update_key,
    )
