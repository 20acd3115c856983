"""Two weeks of metrics of a sample function: days, nights, weekends, noise, maybe a runaway.

Pure: the same function and time always give the same series.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from demo.estate.sample import Traffic
from demo.local_aws.metrics.series import MetricSeries

STEP: Final = timedelta(minutes=5)
_HISTORY: Final = timedelta(days=14)
_RUNAWAY: Final = timedelta(minutes=30)
# The emulator's clock runs on while the demonstration does: the newest period must have data.
_AHEAD: Final = timedelta(minutes=30)
_NIGHT: Final = 0.15
_WEEKEND: Final = 0.55


@dataclass(frozen=True, slots=True)
class Period:
    """What happened in five minutes.

    Attributes:
        invocations: How many there were.
        errors: How many of them failed.
        duration_ms: How long one took on average.
        concurrency: How many ran at once at most.
    """

    invocations: int
    errors: int
    duration_ms: float
    concurrency: int


def runaway_began(now: datetime) -> datetime:
    """When the functions that run away began to."""
    return now - timedelta(seconds=now.timestamp() % STEP.total_seconds()) - _RUNAWAY


def history(name: str, traffic: Traffic, now: datetime) -> list[MetricSeries]:
    """The function's metrics from two weeks ago to shortly after `now`."""
    last = now - timedelta(seconds=now.timestamp() % STEP.total_seconds())
    start = last - _HISTORY
    periods = list(_periods(name, traffic, start, until=last + _AHEAD, runaway=runaway_began(now)))
    counts = [float(period.invocations) for period in periods]
    columns: dict[str, tuple[str, list[float]]] = {
        "Invocations": ("Count", [1.0 for _ in periods]),
        "Errors": ("Count", [p.errors / p.invocations for p in periods]),
        "Throttles": ("Count", [0.0 for _ in periods]),
        "Duration": ("Milliseconds", [p.duration_ms for p in periods]),
        "ConcurrentExecutions": ("Count", [float(p.concurrency) for p in periods]),
    }
    return [
        MetricSeries(
            name=metric,
            start=start,
            step_seconds=int(STEP.total_seconds()),
            values=values,
            dimensions={"FunctionName": name},
            unit=unit,
            counts=counts,
        )
        for metric, (unit, values) in columns.items()
    ]


def whole_account(series: Sequence[MetricSeries]) -> list[MetricSeries]:
    """The same metrics over all functions, as Lambda publishes them without dimensions.

    Args:
        series: Metrics of functions on one and the same grid.
    """
    by_metric: dict[str, list[MetricSeries]] = {}
    for one in series:
        by_metric.setdefault(one.name, []).append(one)
    return [_together(metric, parts) for metric, parts in by_metric.items()]


def _together(metric: str, parts: list[MetricSeries]) -> MetricSeries:
    counts = [sum(column) for column in zip(*(one.counts for one in parts), strict=True)]
    weighed = (
        [(value or 0.0) * count for value, count in zip(one.values, one.counts, strict=True)]
        for one in parts
    )
    totals = [sum(column) for column in zip(*weighed, strict=True)]
    if metric == "ConcurrentExecutions":
        values = [
            sum(value or 0.0 for value in column)
            for column in zip(*(one.values for one in parts), strict=True)
        ]
    else:
        values = [total / count for total, count in zip(totals, counts, strict=True)]
    return replace(parts[0], values=values, counts=counts, dimensions={})


def _periods(
    name: str, traffic: Traffic, start: datetime, *, until: datetime, runaway: datetime
) -> Iterator[Period]:
    noise = random.Random(name)  # noqa: S311 - repeatable noise, no secret
    at = start
    while at < until:
        usual = traffic.per_minute * 5 * busyness(at) * noise.gauss(1, 0.06)
        factor = traffic.runaway_factor if at >= runaway else 1.0
        invocations = max(1, round(usual * factor))
        duration = traffic.duration_ms * max(0.5, noise.gauss(1, 0.04))
        errors = _errors(invocations, traffic.error_share, noise.gauss(0, 1))
        yield Period(invocations, errors, duration, _concurrency(invocations, duration))
        at += STEP


def _errors(invocations: int, share: float, deviation: float) -> int:
    """A binomial count, as the normal distribution approximates it."""
    expected = invocations * share
    return min(invocations, max(0, round(expected + deviation * math.sqrt(expected))))


def busyness(at: datetime) -> float:
    """Share of the busiest time: a wave over the day with its top at 14 h, less on weekends."""
    hour = at.hour + at.minute / 60
    wave = (1 + math.cos((hour - 14) / 24 * 2 * math.pi)) / 2
    day = _WEEKEND if at.weekday() >= 5 else 1.0
    return (_NIGHT + (1 - _NIGHT) * wave) * day


def _concurrency(invocations: int, duration_ms: float) -> int:
    """Little's law, doubled for the bursts within the five minutes."""
    return math.ceil(2 * invocations * duration_ms / 1000 / STEP.total_seconds())
