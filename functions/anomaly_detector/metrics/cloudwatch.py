"""Reading the detector's signals from CloudWatch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from functions.anomaly_detector.metrics.series import Series, regular
from functions.anomaly_detector.metrics.signals import (
    DERIVED,
    INSIGHTS,
    LAMBDA,
    METRICS,
    Signal,
    by_metric,
)
from functions.shared.aws.metrics import (
    IncompleteMetricsError,
    Points,
    Statistic,
    read_metrics,
)
from functions.shared.core.arn import is_function_name

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

# Asks whose starts lie within this share a request: what is read too much costs nothing.
_RECENT: Final = timedelta(hours=6)
_READ: Final = frozenset(s for s, metric in METRICS.items() if metric.namespace == LAMBDA)


@dataclass(frozen=True, slots=True)
class Ask:
    """One metric of one function.

    Attributes:
        name: The function's name.
        signals: Statistics of one and the same metric.
        start: From when on, aware.
    """

    name: str
    signals: tuple[Signal, ...]
    start: datetime


@dataclass(slots=True)
class Answer:
    """What CloudWatch told.

    Attributes:
        points: Values by the start of their period, by function and signal; only what was asked.
        incomplete: Functions of which a part of the answer is missing, with the status code.
    """

    points: dict[tuple[str, Signal], Points] = field(default_factory=dict)
    incomplete: dict[str, str] = field(default_factory=dict)


def active_functions(client: "CloudWatchClient") -> list[str]:
    """Names of the functions that were called, or refused, within the last three hours.

    A refused call is no invocation: a function may be refused entirely, and then publishes nothing
    but Throttles.

    Replicas of Lambda@Edge functions, whose names start with another region, are not among them:
    their settings and their bill are that region's.
    """
    return sorted(
        publishers(client, LAMBDA, "Invocations") | publishers(client, LAMBDA, "Throttles")
    )


def publishers(client: "CloudWatchClient", namespace: str, metric: str) -> set[str]:
    """Names of the functions of which a metric was published within the last three hours."""
    dimension = "function_name" if namespace == INSIGHTS else "FunctionName"
    pages = client.get_paginator("list_metrics").paginate(
        Namespace=namespace, MetricName=metric, RecentlyActive="PT3H"
    )
    names = {
        dimensions[0].get("Value", "")
        for page in pages
        for found in page["Metrics"]
        if len(dimensions := found.get("Dimensions", [])) == 1
        and dimensions[0].get("Name") == dimension
    }
    return set(filter(is_function_name, names))


def read_signals(
    client: "CloudWatchClient",
    names: Sequence[str],
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> dict[str, dict[Signal, Series]]:
    """Read every signal that Lambda itself publishes of some functions on a regular grid.

    Args:
        client: CloudWatch.
        names: Function names.
        start: First period, aware.
        end: End of the last complete period, aware.
        period_seconds: Grid width; CloudWatch aligns its periods to it.

    Returns:
        For each function its series by signal; empty series where CloudWatch knows nothing.

    Raises:
        IncompleteMetricsError: An answer was marked as failed or stayed partial.
    """
    asks = [Ask(name, signals, start) for name in names for signals in by_metric(_READ)]
    answer = read_points(client, asks, end=end, period_seconds=period_seconds)
    if answer.incomplete:
        codes = ", ".join(sorted(set(answer.incomplete.values())))
        raise IncompleteMetricsError(f"GetMetricData ended with {codes}")
    return {
        name: {
            signal: regular(
                answer.points[name, signal] if signal in _READ else {},
                start=start,
                end=end,
                period_seconds=period_seconds,
                absent_means_zero=metric.absent_means_zero,
            )
            for signal, metric in METRICS.items()
        }
        for name in names
    }


def read_points(
    client: "CloudWatchClient", asks: Iterable[Ask], *, end: datetime, period_seconds: int
) -> Answer:
    """Read some metrics of some functions, with as few requests as CloudWatch allows.

    A function of which a part of the answer is missing is named in the answer, and its points,
    which would make missing data look quiet, are to be left alone; the others are whole.

    Args:
        client: CloudWatch.
        asks: What to read.
        end: End of the last complete period, aware.
        period_seconds: Width of the periods.

    Raises:
        ClientError: CloudWatch does not answer, or refuses.
    """
    answer = Answer()
    for start, together in _by_start(asks, end).items():
        _fetch(client, together, start, end, period_seconds, answer=answer)
    return answer


def _by_start(asks: Iterable[Ask], end: datetime) -> dict[datetime, list[Ask]]:
    recent: list[Ask] = []
    groups: dict[datetime, list[Ask]] = {}
    for ask in asks:
        if ask.start >= end:
            continue
        (recent if ask.start >= end - _RECENT else groups.setdefault(ask.start, [])).append(ask)
    if recent:
        groups.setdefault(min(ask.start for ask in recent), []).extend(recent)
    return groups


def _fetch(
    client: "CloudWatchClient",
    asks: Sequence[Ask],
    start: datetime,
    end: datetime,
    period_seconds: int,
    *,
    answer: Answer,
) -> None:
    asked = {
        (ask.name, signal): _statistic(ask.name, signal) for ask in asks for signal in ask.signals
    }
    period = timedelta(seconds=period_seconds)
    reported = read_metrics(client, asked.values(), start=start, end=end, period=period)
    for key, statistic in asked.items():
        answer.points[key] = reported[statistic].points
        if not reported[statistic].is_whole:
            answer.incomplete.setdefault(key[0], reported[statistic].status)


def _statistic(name: str, signal: Signal) -> Statistic:
    metric = METRICS[signal]
    if metric.namespace == DERIVED:
        raise ValueError(f"{metric.name!r} is computed, CloudWatch does not know it")
    return Statistic(metric.namespace, metric.name, metric.statistic, ((metric.dimension, name),))
