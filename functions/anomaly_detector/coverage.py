"""What the detector could not look at: one finding for the estate, not one for each function."""

from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.severity import Severity

RULE: Final = "traces-unread"


def traces_unread(detector: FunctionArn, cause: str) -> Verdict:
    """Say that X-Ray refuses to tell of faults; an empty cause: it tells.

    Args:
        detector: Warden's own function that was refused; the finding is about it.
        cause: Why, empty where nothing is wrong.
    """
    if not cause:
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="Metrics still show errors and throttling; faults behind them go unseen.",
        function=detector,
        title="Traces could not be read",
        reason=f"Faults that only traces show go unseen in the whole estate ({cause}).",
        remedy="Let the anomaly-detector's role call xray:GetTraceSummaries.",
        evidence={"cause": cause},
        news=cause,
    )
    return Verdict(RULE, (finding,))
