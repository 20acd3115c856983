"""Faulty X-Ray traces through a function, with where X-Ray saw the root of the fault. Pure."""

from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "trace-faults"


def check(
    function: FunctionArn, traces: int, causes: list[str], example: str, policy: DetectorPolicy
) -> Verdict:
    """Fail when at least so many traces ended in a fault as policy names."""
    if traces < policy.trace_faults:
        return Verdict(RULE)
    shown = [plain(cause, 80) for cause in causes]
    where = f" X-Ray sees the root in {listed(shown)}." if shown else ""
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.MEDIUM,
        severity_reason="X-Ray traces only a sample of the requests; how many fail is unknown.",
        function=function,
        title=f"{traces} traced requests ended in a fault",
        reason=f"{traces} traces through the function ended in a fault since the last "
        f"check.{where}",
        remedy=f"Open trace {plain(example, 60)} and follow it to the segment that failed.",
        evidence={"trace": example, "traces": traces, "causes": shown},
    )
    return Verdict(RULE, (finding,))
