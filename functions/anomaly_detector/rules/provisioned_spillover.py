"""Calls find no provisioned execution all through an hour: they may start cold. Pure."""

from datetime import timedelta
from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.counted import known
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.hours import zeroed
from functions.anomaly_detector.watch.past import AN_HOUR
from functions.anomaly_detector.watch.standing import continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "provisioned-spillover"
_SIGNAL: Final = Signal.SPILLOVER
_SHARE, _BACK = 0.1, 0.02
_FEWEST, _PERIODS = 20.0, 6
_PATIENCE: Final = timedelta(hours=24)


def check(view: View) -> Judged:
    """Fail when a tenth of an hour's calls, in half of its periods, spill over."""
    past, before = view.past, view.standing(RULE)
    certain = all(known(view, (_SIGNAL,)))
    spilled = zeroed(past.newest(_SIGNAL, AN_HOUR))
    calls = max(past.total(Signal.INVOCATIONS, AN_HOUR), 1.0)
    share = float(spilled.sum()) / calls
    standing = before
    if before is None or not before.is_open:
        if share >= _SHARE and spilled.sum() >= _FEWEST and (spilled > 0).sum() >= _PERIODS:
            standing = opened(
                before,
                since=past.start_of(AN_HOUR - 1),
                now=past.now,
                severity=Severity.MEDIUM,
                measure=share,
            )
    elif share < _BACK:
        standing = receding(before, now=past.now, measure=share, patience=_PATIENCE)
    else:
        standing = continued(before, now=past.now, severity=Severity.MEDIUM, measure=share)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE, certain=certain), {RULE: standing})
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="Every call is answered; those that spill over may start cold, and are "
        "paid for besides what is provisioned.",
        function=view.function,
        title=f"{share:.0%} of the calls found no provisioned execution",
        reason=f"{number(float(spilled.sum()))} of the {number(calls)} calls of the last hour "
        f"found no provisioned execution. Since {standing.since:%Y-%m-%d %H:%M} UTC.",
        remedy="Provision more, let it scale with use, or see who calls more than was planned.",
        evidence={"since": standing.since.isoformat(), "share": round(share, 3)},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,), certain=certain), {RULE: standing})
