"""The anomaly-detector's rules: how functions behave, alone and all together."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import About, Explains, Metric, Part, Rule
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="abnormal-behaviour",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Unusual behaviour",
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
    Rule(
        id="account-runaway",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="The whole account runs away",
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
        id="durable-execution-failed",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Durable executions fail",
        metrics=(
            Metric("DurableExecutionFailed", "Sum"),
            Metric("DurableExecutionTimedOut", "Sum"),
            Metric("DurableExecutionStarted", "Sum"),
        ),
        log_query=views.FAILURES,
    ),
    Rule(
        id="error-rate",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Many invocations fail",
        metrics=(views.INVOCATIONS, views.ERRORS),
        log_query=views.FAILURES,
    ),
    Rule(
        id="events-lost",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Failed events are lost",
        metrics=(
            Metric("DeadLetterErrors", "Sum"),
            Metric("DestinationDeliveryFailures", "Sum"),
            Metric("AsyncEventsDropped", "Sum"),
            views.ERRORS,
        ),
        log_query=views.FAILURES,
    ),
    Rule(
        id="health-notice",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="AWS gave notice about a function",
        severity=Severity.HIGH,
        metrics=(views.INVOCATIONS, Metric("RecursiveInvocationsDropped", "Sum")),
    ),
    Rule(
        id="near-concurrency-limit",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Reserved concurrency is nearly used up",
        severity=Severity.MEDIUM,
        metrics=(views.CONCURRENCY, views.THROTTLES, views.INVOCATIONS, views.DURATION),
        log_query=views.LOAD,
    ),
    Rule(
        id="near-memory-limit",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Memory is nearly used up",
        severity=Severity.MEDIUM,
        metrics=(
            Metric("memory_utilization", "Maximum", "LambdaInsights", "function_name"),
            views.ERRORS,
        ),
        log_query=views.LARGEST,
    ),
    Rule(
        id="near-storage-limit",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Temporary storage is nearly full",
        severity=Severity.MEDIUM,
        metrics=(
            Metric("tmp_used", "Maximum", "LambdaInsights", "function_name"),
            views.ERRORS,
        ),
    ),
    Rule(
        id="near-timeout",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Invocations run into the timeout",
        severity=Severity.MEDIUM,
        metrics=(views.DURATION, views.LONGEST),
        log_query=views.SLOWEST,
    ),
    Rule(
        id="provisioned-spillover",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Provisioned concurrency does not suffice",
        severity=Severity.MEDIUM,
        metrics=(
            Metric("ProvisionedConcurrencySpilloverInvocations", "Sum"),
            views.INVOCATIONS,
            views.CONCURRENCY,
        ),
    ),
    Rule(
        id="recursion-stopped",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="AWS stopped a recursive loop",
        severity=Severity.HIGH,
        metrics=(
            Metric("RecursiveInvocationsDropped", "Sum"),
            views.INVOCATIONS,
        ),
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
        metrics=(views.INVOCATIONS, views.THROTTLES, views.CONCURRENCY),
        log_query=views.FAILURES,
    ),
    Rule(
        id="trace-faults",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Traced requests end in faults",
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
        metrics=(views.INVOCATIONS, views.THROTTLES, views.ERRORS),
        log_query=views.LOAD,
    ),
)
