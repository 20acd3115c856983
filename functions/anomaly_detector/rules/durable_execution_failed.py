"""Durable executions of a function failed or ran out of time. Pure."""

from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.counted import counted, known
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.watch.counting import since
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "durable-execution-failed"
_SIGNALS: Final = (Signal.DURABLE_FAILED, Signal.DURABLE_TIMED_OUT)
_MOST: Final = 0.5


def check(view: View) -> Judged:
    """Fail when durable executions end badly, until a day without.

    Their single invocations may all succeed: what failed is the whole.
    """
    standing, counts = counted(view, RULE, _SIGNALS, Severity.MEDIUM)
    certain = all(known(view, _SIGNALS))
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE, certain=certain), {RULE: standing})
    failed, timed_out = counts
    started = since(view.past, Signal.DURABLE_STARTED, standing.since)
    is_most = started > 0 and failed + timed_out >= _MOST * started
    of = f" of {number(started)} that started" if started else ""
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH if is_most else Severity.MEDIUM,
        severity_reason="Half of them or more do not come to their end."
        if is_most
        else "Most of them come to their end.",
        function=view.function,
        title=f"{number(failed + timed_out)} durable executions failed",
        reason=f"{number(failed)} durable executions failed and {number(timed_out)} ran out of "
        f"their time{of} since {standing.since:%Y-%m-%d %H:%M} UTC. Their single invocations need "
        "not fail for that.",
        remedy="Look at one that failed: aws lambda list-durable-executions-by-function "
        f"--region {view.function.region} --function-name {view.function.name} --statuses FAILED",
        evidence={"failed": failed, "timed_out": timed_out, "started": started},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,), certain=certain), {RULE: standing})
