"""The anomaly-detector's rules: how functions behave, alone and all together."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import About, Explains, Metric, Rule
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="abnormal-behaviour",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Unusual behaviour",
        measured=True,
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
    Rule(
        id="account-runaway",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="The whole account runs away",
        measured=True,
        about=About.ACCOUNT,
        filed_under=Part.ANOMALY_DETECTOR,
        metrics=views.ACCOUNT_LOAD,
        explains=(
            Explains(
                rules=frozenset({"abnormal-behaviour"}),
                why="It is a suspect of an incident of the whole account.",
                among="suspects",
            ),
        ),
    ),
    Rule(
        id="error-rate",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Many invocations fail",
        callers=True,
        measured=True,
        metrics=(views.INVOCATIONS, views.ERRORS),
        log_query=views.FAILURES,
    ),
    Rule(
        id="events-lost",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Failed events are lost",
        measured=True,
        severity=Severity.HIGH,
        metrics=(
            Metric("DeadLetterErrors", "Sum"),
            Metric("DestinationDeliveryFailures", "Sum"),
            views.ERRORS,
        ),
        log_query=views.FAILURES,
    ),
    Rule(
        id="near-concurrency-limit",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Reserved concurrency is nearly used up",
        measured=True,
        severity=Severity.MEDIUM,
        metrics=(views.CONCURRENCY, views.THROTTLES, views.INVOCATIONS, views.DURATION),
        log_query=views.LOAD,
    ),
    Rule(
        id="near-memory-limit",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Memory is nearly used up",
        measured=True,
        severity=Severity.MEDIUM,
        metrics=(
            Metric("memory_utilization", "Maximum", "LambdaInsights", "function_name"),
            views.ERRORS,
        ),
        log_query=views.LARGEST,
    ),
    Rule(
        id="near-timeout",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Invocations run into the timeout",
        measured=True,
        severity=Severity.MEDIUM,
        metrics=(views.DURATION, views.LONGEST),
        log_query=views.SLOWEST,
    ),
    Rule(
        id="signal-missing",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.COVERAGE,
        title="A source gives nothing",
        about=About.WARDEN,
        filed_under=Part.ANOMALY_DETECTOR,
        log_query=views.OWN_LOG,
    ),
    Rule(
        id="throttled",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Invocations are throttled",
        callers=True,
        measured=True,
        metrics=(views.INVOCATIONS, views.THROTTLES, views.CONCURRENCY),
        log_query=views.FAILURES,
    ),
    Rule(
        id="trace-faults",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Traced requests end in faults",
        measured=True,
        severity=Severity.MEDIUM,
        metrics=(views.INVOCATIONS, views.ERRORS, views.DURATION),
        log_query=views.FAILURES,
    ),
    Rule(
        id="traces-unread",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.COVERAGE,
        title="Traces could not be read",
        about=About.WARDEN,
        filed_under=Part.ANOMALY_DETECTOR,
        severity=Severity.MEDIUM,
        log_query=views.OWN_LOG,
    ),
    Rule(
        id="went-silent",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Calls that always come do not come",
        measured=True,
        metrics=(views.INVOCATIONS, views.THROTTLES, views.ERRORS),
        log_query=views.LOAD,
    ),
)
