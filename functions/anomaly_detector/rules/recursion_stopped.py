"""AWS stopped a function that invoked itself in a circle. Pure."""

from typing import Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.counted import counted, known
from functions.anomaly_detector.rules.explain import number
from functions.anomaly_detector.rules.view import Judged, View
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity

RULE: Final = "recursion-stopped"
_SIGNALS: Final = (Signal.RECURSION_DROPPED,)


def check(view: View) -> Judged:
    """Fail when AWS dropped invocations of a recursive loop, until a day without."""
    standing, counts = counted(view, RULE, _SIGNALS, Severity.HIGH)
    certain = all(known(view, _SIGNALS))
    if standing is None or not standing.is_open:
        return Judged(Verdict(RULE, certain=certain), {RULE: standing})
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="The work of these events is not done, and where AWS does not see the "
        "circle it goes on and is billed.",
        function=view.function,
        title=f"AWS stopped a recursive loop: {number(counts[0])} invocations dropped",
        reason=f"AWS dropped {number(counts[0])} invocations since "
        f"{standing.since:%Y-%m-%d %H:%M} UTC, because the function was invoked some 16 times in a "
        "circle that it is part of.",
        remedy="Let the function write to another queue, topic, bucket or prefix than the one that "
        "invokes it. If the circle is intended and ends by itself: aws lambda "
        f"put-function-recursion-config --region {view.function.region} "
        f"--function-name {view.function.name} --recursive-loop Allow; undo it with Terminate.",
        evidence={"since": standing.since.isoformat(), "dropped": counts[0]},
        update_key=standing.update_key,
    )
    return Judged(Verdict(RULE, (finding,), certain=certain), {RULE: standing})
