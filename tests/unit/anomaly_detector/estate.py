"""A simulated estate, minute by minute, that a test may bend and CloudWatch tells of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.cloudwatch import Asked
from tests.unit.conftest import NOW

Floats = NDArray[np.float64]

START = NOW - timedelta(days=15)
MINUTES = 17 * 1440


def minute(at: datetime) -> int:
    """Index of a minute."""
    return int((at - START) // timedelta(minutes=1))


def _zeros() -> Floats:
    return np.zeros(MINUTES)


@dataclass
class Simulated:
    """What one function does in each minute from `START` on."""

    calls: Floats
    duration: Floats
    slowest: Floats
    errors: Floats = field(default_factory=_zeros)
    throttles: Floats = field(default_factory=_zeros)
    concurrency: Floats = field(default_factory=_zeros)
    more: dict[tuple[str, str], Floats] = field(default_factory=dict)

    def from_(self, at: datetime, until: datetime | None = None) -> slice:
        """The minutes from a time on."""
        return slice(minute(at), minute(until) if until else MINUTES)

    def run_away(self, at: datetime, factor: float, until: datetime | None = None) -> None:
        """Call it so many times more often from a time on."""
        span = self.from_(at, until)
        self.calls[span] = np.round(self.calls[span] * factor)
        self.concurrency[span] *= factor


def steady(name: str, *, per_minute: float = 40.0, duration: float = 180.0) -> Simulated:
    """A function with a daily wave and ordinary noise."""
    noise = np.random.default_rng(sum(map(ord, name)))
    hours = (np.arange(MINUTES) % 1440) / 60.0
    wave = 0.6 + 0.4 * np.cos((hours - 14.0) / 24.0 * 2 * np.pi)
    calls = noise.poisson(per_minute * wave).astype(np.float64)
    lasting = duration * (1.0 + 0.03 * noise.standard_normal(MINUTES))
    return Simulated(
        calls=calls,
        duration=lasting,
        slowest=lasting * 1.4,
        concurrency=np.ceil(2 * calls * lasting / 60_000),
    )


@dataclass
class Estate:
    """Functions by name; answers for CloudWatch."""

    functions: dict[str, Simulated] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: NOW
    account: bool = True
    insights: set[str] = field(default_factory=set)

    def publishers(self, namespace: str, metric: str) -> Sequence[str]:
        if namespace == "LambdaInsights":
            return sorted(self.insights)
        counted = {"Invocations": "calls", "Throttles": "throttles"}.get(metric)
        if counted is None:
            return [n for n, one in self.functions.items() if (namespace, metric) in one.more]
        end = minute(self.now())
        return [
            name
            for name, one in self.functions.items()
            if getattr(one, counted)[max(0, end - 180) : end].any()
        ]

    def points(self, asked: Asked, start: int, end: int) -> Sequence[tuple[int, float]]:
        origin = int(START.timestamp())
        first = max(0, -(-(start - origin) // asked.period))
        last = min(end - origin, MINUTES * 60, int(self.now().timestamp()) - origin) // asked.period
        values = self._values(asked, Blocks(first, max(first, last), asked.period // 60))
        known = np.flatnonzero(~np.isnan(values))
        moments = origin + (first + known) * asked.period
        return list(zip(moments.tolist(), values[known].tolist(), strict=True))

    def _values(self, asked: Asked, of: "Blocks") -> Floats:
        if not asked.function:
            if not self.account:
                return of.gap()
            parts = [_statistic(one, asked, of) for one in self.functions.values()]
            total = np.nansum(parts, axis=0) if parts else of.gap()
            return np.asarray(total, dtype=np.float64)
        if asked.function not in self.functions:
            return of.gap()
        return _statistic(self.functions[asked.function], asked, of)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Some periods of a series of minutes.

    Attributes:
        first: The first of them.
        last: The one after the last.
        width: Minutes of a period.
    """

    first: int
    last: int
    width: int

    def __call__(self, minutes: Floats) -> Floats:
        """The minutes of these periods, a row each."""
        part = minutes[self.first * self.width : self.last * self.width]
        return part.reshape(-1, self.width)

    def gap(self) -> Floats:
        """No data in any of them."""
        return np.full(self.last - self.first, np.nan)


def _statistic(one: Simulated, asked: Asked, of: Blocks) -> Floats:
    calls = of(one.calls).sum(axis=1)
    if (key := (asked.namespace, asked.metric)) in one.more:
        block = of(one.more[key])
        found = block.sum(axis=1) if asked.statistic == "Sum" else block.max(axis=1)
        return np.asarray(found, dtype=np.float64)
    how: dict[str, Any] = {
        "Invocations": lambda: calls,
        "Errors": lambda: of(one.errors).sum(axis=1),
        "Throttles": lambda: of(one.throttles).sum(axis=1),
        "ConcurrentExecutions": lambda: of(one.concurrency).max(axis=1),
        "Duration": lambda: _duration(one, asked.statistic, of, calls),
    }
    if asked.metric not in how:
        return of.gap()
    values: Floats = np.array(how[asked.metric](), dtype=np.float64)
    nothing = calls == 0
    if asked.metric == "Throttles":
        nothing &= of(one.throttles).sum(axis=1) == 0
    values[nothing] = np.nan
    return values


def _duration(one: Simulated, statistic: str, of: Blocks, calls: Floats) -> Floats:
    lasting = (of(one.calls) * of(one.duration)).sum(axis=1)
    found: dict[str, Callable[[], Floats]] = {
        "SampleCount": lambda: calls,
        "Sum": lambda: lasting,
        "Average": lambda: lasting / np.maximum(calls, 1),
        "p50": lambda: of(one.duration).mean(axis=1),
        "p99": lambda: of(one.slowest).mean(axis=1),
        "Maximum": lambda: of(one.slowest).max(axis=1),
    }
    return np.asarray(found[statistic](), dtype=np.float64).copy()
