"""The temporary storage of a function, /tmp, is nearly full. Pure."""

from datetime import timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.past import RECENT
from functions.anomaly_detector.watch.standing import continued, opened, receding
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "near-storage-limit"
_MIB: Final = 2**20
_NEWEST: Final = 3
_BACK: Final = 0.8
_PATIENCE: Final = timedelta(hours=24)


def check(view: View) -> Judged:
    """Fail when an invocation used nearly all of /tmp, until a day clearly below that."""
    past, before = view.past, view.standing(RULE)
    if not {Signal.TMP_USED, Signal.TMP_MAX} <= past.recent.keys():
        return Judged(Verdict(RULE, certain=False), {RULE: before})
    used, size = past.newest(Signal.TMP_USED, RECENT), past.newest(Signal.TMP_MAX, RECENT)
    both = ~np.isnan(used) & (size > 0)
    shares = (used[both] / size[both])[-_NEWEST:]
    share = float(shares.max()) if len(shares) else 0.0
    bar = view.policy.memory_share
    standing = before
    if before is None or not before.is_open:
        if share >= bar:
            standing = opened(
                before,
                since=past.now,
                now=past.now,
                severity=Severity.MEDIUM,
                measure=share,
            )
    elif len(shares) and share < _BACK * bar:
        standing = receding(before, now=past.now, measure=share, patience=_PATIENCE)
    elif len(shares):
        standing = continued(before, now=past.now, severity=Severity.MEDIUM, measure=share)
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE), {RULE: standing})
    whole = float(size[both][-1]) if both.any() else 0.0
    of = f" of its {number(whole / _MIB)} MiB" if whole else ""
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="It still works; a write that finds no room fails.",
        function=view.function,
        title=f"Temporary storage was {standing.worst:.0%} full",
        reason=f"An invocation found {standing.worst:.0%}{of} of /tmp used, since "
        f"{standing.since:%Y-%m-%d %H:%M} UTC. Files there stay for the next invocations of the "
        "same execution environment.",
        remedy="Let the function delete what it wrote there, or give it more ephemeral storage.",
        evidence={"since": standing.since.isoformat(), "highest": round(standing.worst, 3)},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,)), {RULE: standing})
