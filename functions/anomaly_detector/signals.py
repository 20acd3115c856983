"""The metrics that the detector reads for each function, in one table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

Statistic = Literal["Sum", "Average", "Maximum", "p99"]


class Signal(StrEnum):
    """A metric and statistic of one function, named as people speak of it."""

    INVOCATIONS = "invocations"
    ERRORS = "errors"
    THROTTLES = "throttles"
    DURATION = "duration"
    DURATION_P99 = "duration p99"
    CONCURRENCY = "concurrency"


@dataclass(frozen=True, slots=True)
class Metric:
    """Where a signal comes from and what its absence means.

    Attributes:
        name: CloudWatch metric in the namespace `AWS/Lambda`.
        statistic: How its samples are summed up over a period.
        absent_means_zero: Counts are not published when nothing happened; other values have no
            meaning then and stay gaps.
        least: Values below it mean nothing, however unusual: one error at night is no incident.
        unit: Printed behind a value.
        judged: Whether its shape over time is judged, or only its relation to others.
    """

    name: str
    statistic: Statistic
    absent_means_zero: bool
    least: float = 0.0
    unit: str = ""
    judged: bool = True


NAMESPACE: Final = "AWS/Lambda"

# Source: AWS Lambda developer guide, "Types of metrics for Lambda functions".
METRICS: Final[dict[Signal, Metric]] = {
    Signal.INVOCATIONS: Metric("Invocations", "Sum", absent_means_zero=True, least=20),
    Signal.ERRORS: Metric("Errors", "Sum", absent_means_zero=True, least=5),
    Signal.THROTTLES: Metric("Throttles", "Sum", absent_means_zero=True, least=5),
    Signal.DURATION: Metric(
        "Duration", "Average", absent_means_zero=False, unit="ms", judged=False
    ),
    Signal.DURATION_P99: Metric("Duration", "p99", absent_means_zero=False, least=100, unit="ms"),
    Signal.CONCURRENCY: Metric("ConcurrentExecutions", "Maximum", absent_means_zero=True, least=5),
}
