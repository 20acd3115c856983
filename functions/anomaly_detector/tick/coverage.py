"""What the detector could not look at: one finding for the estate, not one for each function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from functions.anomaly_detector.page.gaps import NO_INSIGHTS, NO_LIMITS, NO_TRAIL, NOT_TRACED
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

TRACES_UNREAD: Final = "traces-unread"
MISSING: Final = "signal-missing"

ACCOUNT: Final = "account"
LISTING: Final = "listing"


def traces_unread(detector: FunctionArn, cause: str) -> Verdict:
    """Say that X-Ray refuses to tell of faults; an empty cause: it tells.

    Args:
        detector: Warden's own function that was refused; the finding is about it.
        cause: Why, empty where nothing is wrong.
    """
    if not cause:
        return Verdict(TRACES_UNREAD)
    finding = Finding(
        rule=TRACES_UNREAD,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="Metrics still show errors and throttling; their causes are not seen.",
        function=detector,
        title="Traces could not be read",
        reason=f"Faults that only traces show go unseen in the whole estate ({cause}).",
        remedy="Let the anomaly-detector's role call xray:GetTraceSummaries.",
        evidence={"cause": cause},
        update_key=cause,
    )
    return Verdict(TRACES_UNREAD, (finding,))


@dataclass(frozen=True, slots=True)
class _Source:
    severity: Severity
    severity_reason: str
    title: str
    unseen: str
    remedy: str


_SOURCES: Final = {
    NO_INSIGHTS: _Source(
        Severity.LOW,
        "Calls, errors and durations are watched all the same.",
        "Lambda Insights gives nothing",
        "the settings ask for memory, CPU, network or init duration, which only Lambda Insights "
        "publishes; leaks and unusual network traffic go unseen there",
        "Add the Lambda Insights extension to these functions, or take the signals out of "
        "detector.signals.",
    ),
    NOT_TRACED: _Source(
        Severity.INFO,
        "Tracing is a choice, and metrics are watched all the same.",
        "Tracing is off",
        "their faults, callers and downstream calls do not show in X-Ray",
        "Switch active tracing on where you want to know, or leave this alert out of your "
        "subscription.",
    ),
    NO_TRAIL: _Source(
        Severity.MEDIUM,
        "An alert cannot name the deployment that caused the problem.",
        "No CloudTrail events: deployments cannot be attributed",
        "they were changed and no CloudTrail event reported it; incidents cannot be tied to the "
        "deployment that caused them",
        "Have a CloudTrail trail log management events in this region.",
    ),
    NO_LIMITS: _Source(
        Severity.MEDIUM,
        "Whatever is unusual for them is told all the same.",
        "Limits of functions are unknown",
        "their configuration or reserved concurrency could not be read; nearness to their timeout, "
        "memory or concurrency goes unseen there, and their cost is not known",
        "Let the anomaly-detector's role call lambda:GetFunctionConfiguration and "
        "lambda:GetFunctionConcurrency on them.",
    ),
    ACCOUNT: _Source(
        Severity.MEDIUM,
        "A runaway is seen later than it could be, and is billed meanwhile.",
        "The account's own metrics show nothing",
        "CloudWatch has no metric of Lambda over all functions; a runaway is seen only when its "
        "own function is looked at",
        "Let the anomaly-detector's role call cloudwatch:GetMetricData; see whether metrics are "
        "late in this region.",
    ),
    LISTING: _Source(
        Severity.MEDIUM,
        "Lost events and late streams go unseen in the whole estate.",
        "It is not known what functions publish",
        "CloudWatch refused to list the metrics that only some functions publish; iterator age, "
        "queued events, dead letters and Lambda Insights go unseen",
        "Let the anomaly-detector's role call cloudwatch:ListMetrics.",
    ),
}


def missing(
    detector: FunctionArn,
    gaps: Mapping[str, list[str]],
    *,
    functions: int,
    causes: Mapping[str, str],
    certain: bool = True,
) -> Verdict:
    """Say, once for each source, which signals are asked for and cannot be had.

    Args:
        detector: Warden's own function, which the findings are about.
        gaps: Functions that lack a source, by source.
        functions: How many functions were looked at.
        causes: What could not be read for the whole estate, with its cause.
        certain: Whether all was looked at; otherwise nothing is taken back.
    """
    findings = [
        _finding(detector, source, names, functions) for source, names in gaps.items() if names
    ]
    findings += [_finding(detector, source, [], 0, cause) for source, cause in causes.items()]
    return Verdict(MISSING, tuple(findings), certain=certain)


def _finding(
    detector: FunctionArn, source: str, names: list[str], functions: int, cause: str = ""
) -> Finding:
    about = _SOURCES[source]
    whose = f"Of {len(names)} of {functions} active functions" if names else "In the whole estate"
    shown = f" ({cause})" if cause else f": {listed(names)}" if names else ""
    return Finding(
        rule=MISSING,
        kind=Kind.COVERAGE,
        severity=about.severity,
        severity_reason=about.severity_reason,
        function=detector,
        title=about.title,
        reason=f"{whose}{shown}: {about.unseen}.",
        remedy=about.remedy,
        subject=source,
        evidence={"functions": names, "cause": cause},
    )
