"""The metrics that the detector reads for each function, in one table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from functions.shared.config import SignalGroup

Statistic = Literal["SampleCount", "Sum", "Average", "Maximum", "p50", "p99"]

LAMBDA: Final = "AWS/Lambda"
INSIGHTS: Final = "LambdaInsights"
DERIVED: Final = ""


class Signal(StrEnum):
    """A metric and statistic of one function, named as people speak of it."""

    INVOCATIONS = "invocations"
    ERRORS = "errors"
    THROTTLES = "throttles"
    DURATION = "duration"
    DURATION_P50 = "duration p50"
    DURATION_P99 = "duration p99"
    DURATION_MAX = "longest duration"
    CONCURRENCY = "concurrency"
    ITERATOR_AGE = "iterator age"
    ASYNC_AGE = "age of queued events"
    DEAD_LETTER_ERRORS = "dead-letter errors"
    DESTINATION_FAILURES = "destination failures"
    ASYNC_DROPPED = "dropped events"
    RECURSION_DROPPED = "stopped recursive calls"
    DURABLE_STARTED = "durable executions"
    DURABLE_FAILED = "failed durable executions"
    DURABLE_TIMED_OUT = "durable executions out of time"
    SPILLOVER = "provisioned spillover"
    TMP_USED = "temporary storage"
    TMP_MAX = "size of temporary storage"
    MEMORY = "memory"
    CPU = "CPU time"
    RECEIVED = "bytes received"
    SENT = "bytes sent"
    INIT = "init duration"
    COST = "cost"
    LOAD = "load"
    GAP = "minutes since a call"


@dataclass(frozen=True, slots=True)
class Metric:
    """Where a signal comes from and what its absence means.

    Attributes:
        name: CloudWatch metric.
        statistic: How its samples are summed up over a period.
        absent_means_zero: Counts are not published when nothing happened; other values have no
            meaning then and stay gaps.
        least: Values below it mean nothing, however unusual: one error at night is no incident.
        unit: Printed behind a value.
        judged: Whether its shape over time is judged, or only its relation to others.
        followed: Whether what is usual is remembered; whatever is judged is.
        needs: Invocations in a period below which its value there means nothing.
        at_once: So many times the usual is told at once; less only if it lasts for ten minutes.
        namespace: CloudWatch namespace; empty for what is computed from the others.
        group: Part of the settings that switches it on; None for what is always read.
    """

    name: str
    statistic: Statistic
    absent_means_zero: bool
    least: float = 0.0
    unit: str = ""
    judged: bool = True
    followed: bool = True
    needs: int = 0
    at_once: float = 0.0
    namespace: str = LAMBDA
    group: SignalGroup | None = None

    @property
    def dimension(self) -> str:
        """The dimension that holds the function's name."""
        return "function_name" if self.namespace == INSIGHTS else "FunctionName"


def _unjudged_count(name: str, group: SignalGroup) -> Metric:
    """A count that rules look at as it is; its shape over time means nothing."""
    return Metric(name, "Sum", absent_means_zero=True, judged=False, group=group)


# The statistics of one metric bill as one metric, up to five of them. Every invocation leaves one
# sample of Duration: their number is the number of invocations, at no price of its own.
# What a durable execution that a person stopped leaves (DurableExecutionStopped) is no failure.
# A quantile of fewer samples than it takes to have one is the extreme of a few calls.
# Sources, read on 2026-12-01: AWS Lambda developer guide, "Types of metrics for Lambda functions"
# and "Monitoring durable functions"; CloudWatch user guide, "Metrics collected by Lambda Insights".
METRICS: Final[dict[Signal, Metric]] = {
    Signal.INVOCATIONS: Metric("Duration", "SampleCount", absent_means_zero=True, least=20),
    Signal.DURATION: Metric(
        "Duration", "Average", absent_means_zero=False, unit="ms", judged=False
    ),
    Signal.DURATION_P50: Metric(
        "Duration", "p50", absent_means_zero=False, least=100, unit="ms", needs=10, at_once=3.0
    ),
    Signal.DURATION_P99: Metric(
        "Duration", "p99", absent_means_zero=False, least=100, unit="ms", needs=100, at_once=3.0
    ),
    Signal.DURATION_MAX: Metric(
        "Duration", "Maximum", absent_means_zero=False, unit="ms", judged=False, followed=False
    ),
    Signal.ERRORS: Metric("Errors", "Sum", absent_means_zero=True, least=5),
    Signal.THROTTLES: Metric(
        "Throttles", "Sum", absent_means_zero=True, least=5, group=SignalGroup.THROTTLES
    ),
    Signal.CONCURRENCY: Metric(
        "ConcurrentExecutions",
        "Maximum",
        absent_means_zero=True,
        least=5,
        group=SignalGroup.CONCURRENCY,
    ),
    Signal.ITERATOR_AGE: Metric(
        "IteratorAge",
        "Maximum",
        absent_means_zero=False,
        least=60_000,
        unit="ms",
        group=SignalGroup.STREAMS,
    ),
    Signal.ASYNC_AGE: Metric(
        "AsyncEventAge",
        "Maximum",
        absent_means_zero=False,
        least=60_000,
        unit="ms",
        group=SignalGroup.ASYNC,
    ),
    Signal.DEAD_LETTER_ERRORS: _unjudged_count("DeadLetterErrors", SignalGroup.ASYNC),
    Signal.DESTINATION_FAILURES: _unjudged_count("DestinationDeliveryFailures", SignalGroup.ASYNC),
    Signal.ASYNC_DROPPED: _unjudged_count("AsyncEventsDropped", SignalGroup.ASYNC),
    Signal.RECURSION_DROPPED: _unjudged_count("RecursiveInvocationsDropped", SignalGroup.ASYNC),
    Signal.DURABLE_STARTED: _unjudged_count("DurableExecutionStarted", SignalGroup.DURABLE),
    Signal.DURABLE_FAILED: _unjudged_count("DurableExecutionFailed", SignalGroup.DURABLE),
    Signal.DURABLE_TIMED_OUT: _unjudged_count("DurableExecutionTimedOut", SignalGroup.DURABLE),
    Signal.SPILLOVER: _unjudged_count(
        "ProvisionedConcurrencySpilloverInvocations", SignalGroup.CONCURRENCY
    ),
    Signal.TMP_USED: Metric(
        "tmp_used",
        "Maximum",
        absent_means_zero=False,
        judged=False,
        unit="bytes",
        namespace=INSIGHTS,
        group=SignalGroup.STORAGE,
    ),
    Signal.TMP_MAX: Metric(
        "tmp_max",
        "Maximum",
        absent_means_zero=False,
        judged=False,
        unit="bytes",
        namespace=INSIGHTS,
        group=SignalGroup.STORAGE,
    ),
    Signal.MEMORY: Metric(
        "memory_utilization",
        "Maximum",
        absent_means_zero=False,
        least=50,
        unit="%",
        namespace=INSIGHTS,
        group=SignalGroup.MEMORY,
    ),
    Signal.CPU: Metric(
        "cpu_total_time",
        "Average",
        absent_means_zero=False,
        least=100,
        unit="ms",
        needs=10,
        namespace=INSIGHTS,
        group=SignalGroup.CPU,
    ),
    Signal.RECEIVED: Metric(
        "rx_bytes",
        "Sum",
        absent_means_zero=True,
        least=10_000_000,
        unit="bytes",
        namespace=INSIGHTS,
        group=SignalGroup.NETWORK,
    ),
    Signal.SENT: Metric(
        "tx_bytes",
        "Sum",
        absent_means_zero=True,
        least=10_000_000,
        unit="bytes",
        namespace=INSIGHTS,
        group=SignalGroup.NETWORK,
    ),
    Signal.INIT: Metric(
        "init_duration",
        "Maximum",
        absent_means_zero=False,
        least=1000,
        unit="ms",
        namespace=INSIGHTS,
        group=SignalGroup.INIT,
    ),
    Signal.COST: Metric(
        "", "Average", absent_means_zero=True, judged=False, namespace=DERIVED, unit="USD/h"
    ),
    Signal.LOAD: Metric(
        "",
        "Average",
        absent_means_zero=True,
        judged=False,
        namespace=DERIVED,
        unit="executions at once on average",
    ),
    Signal.GAP: Metric(
        "", "Maximum", absent_means_zero=False, judged=False, namespace=DERIVED, unit="min"
    ),
}

ALWAYS: Final = frozenset(signal for signal, metric in METRICS.items() if metric.group is None)
"""What is read of every function whatever the settings say, and what is computed from it."""

ON_SIGHT: Final = frozenset({Signal.THROTTLES, Signal.CONCURRENCY})
"""What is read only of functions that are busy, limited or suspicious."""

IF_PUBLISHED: Final = frozenset(
    signal
    for signal, metric in METRICS.items()
    if metric.group is not None and signal not in ON_SIGHT
)
"""What is read only of functions that CloudWatch lists it for, and once an hour at most."""


def chosen(groups: Iterable[SignalGroup]) -> frozenset[Signal]:
    """The signals that some parts of the settings stand for, those always read included."""
    wanted = set(groups)
    return ALWAYS | {signal for signal, metric in METRICS.items() if metric.group in wanted}


def by_metric(signals: Iterable[Signal]) -> Iterator[tuple[Signal, ...]]:
    """Group signals that are statistics of one metric: together they cost as much as one."""
    wanted = set(signals)
    groups: dict[tuple[str, str], list[Signal]] = {}
    for signal, metric in METRICS.items():
        if signal in wanted and metric.namespace != DERIVED:
            groups.setdefault((metric.namespace, metric.name), []).append(signal)
    yield from map(tuple, groups.values())
