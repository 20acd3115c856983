"""Failed events could not be kept for anybody to try again. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules.explain import number
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity

RULE: Final = "events-lost"


def check(function: FunctionArn, signals: Mapping[Signal, Series]) -> Verdict:
    """Fail when an event could not be written to its dead-letter queue or its destination."""
    kinds = (Signal.DEAD_LETTER_ERRORS, Signal.DESTINATION_FAILURES)
    series = [signals.get(kind) for kind in kinds]
    if all(one is None for one in series):
        return Verdict(RULE, certain=False)
    letters, deliveries = (0.0 if one is None else float(np.nansum(one.values)) for one in series)
    if letters + deliveries < 1:
        return Verdict(RULE, certain=all(one is not None for one in series))
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="What is lost cannot be tried again.",
        function=function,
        title="Failed events are lost",
        reason=f"{number(letters)} events could not be written to its dead-letter queue and "
        f"{number(deliveries)} not to its destination since the last look. They are gone.",
        remedy="Let its execution role write there, and see that queue or topic still exists.",
    )
    return Verdict(RULE, (finding,))
