"""Making the metrics of a function from how often it is called and how long its calls take."""

from dataclasses import dataclass

import numpy as np

from bench.scenarios.story import A_DAY, AN_HOUR, PERIOD, Floats
from functions.anomaly_detector.metrics.signals import Signal

MONDAY = np.datetime64("2026-03-02", "s")
"""Every story begins on a Monday, unless it says so."""

_Z99 = 2.33


@dataclass(slots=True)
class Metrics:
    """What happens in each period, before it is counted.

    Attributes:
        calls: Invocations.
        base: Median duration, in ms.
        spread: Standard deviation of the durations' logarithm.
        failed: Failures.
        refused: Throttled calls.
    """

    calls: Floats
    base: Floats
    spread: float
    failed: Floats
    refused: Floats

    def columns(self, rng: np.random.Generator) -> dict[Signal, Floats]:
        """The signals as CloudWatch shows them; durations are gaps where nothing was called."""
        rows = len(self.calls)
        called = self.calls >= 1
        count = np.maximum(self.calls, 1.0)
        noise = rng.standard_normal((3, rows))
        widest = np.sqrt(2.0 * np.log(count + 1.0))
        longest = widest + rng.gumbel(size=rows) / np.maximum(widest, 1.0)
        p99 = np.where(count >= 100, _Z99 + noise[0] * 3.7 / np.sqrt(count), longest)
        mean = self.base * np.exp(self.spread**2 / 2)
        mean = mean * np.exp(self.spread * noise[1] / np.sqrt(count))
        p50 = self.base * np.exp(self.spread * 1.25 * noise[2] / np.sqrt(count))
        single = self.calls == 1
        p50 = np.where(single, mean, p50)
        load = self.calls * mean / (1000.0 * PERIOD)
        at_once = np.ceil(load + 2.5 * np.sqrt(load) + 0.01)

        def where_called(values: Floats) -> Floats:
            return np.where(called, np.round(values, 2), np.nan)

        slowest = np.maximum(self.base * np.exp(self.spread * longest), p50)
        return {
            Signal.INVOCATIONS: self.calls,
            Signal.ERRORS: np.minimum(self.failed, self.calls),
            Signal.THROTTLES: self.refused,
            Signal.DURATION: where_called(mean),
            Signal.DURATION_P50: where_called(p50),
            Signal.DURATION_P99: where_called(
                np.where(single, mean, self.base * np.exp(self.spread * p99))
            ),
            Signal.DURATION_MAX: where_called(np.where(single, mean, slowest)),
            Signal.CONCURRENCY: np.where(called, np.minimum(at_once, self.calls), 0.0),
        }


def clock(days: float) -> tuple[Floats, Floats]:
    """Day and hour of each period, from midnight of the first day."""
    rows = np.arange(round(days * A_DAY))
    return np.floor(rows / A_DAY), (rows % A_DAY) / AN_HOUR


def wave(rng: np.random.Generator, days: float, rate: float, rest: float = 0.5) -> Floats:
    """Calls in five minutes of an interface that people use by day, less on weekends."""
    day, hour = clock(days)
    deep = rng.uniform(0.5, 0.95)
    peak = rng.uniform(11, 16)
    shape = 1.0 + deep * np.cos(2 * np.pi * (hour - peak) / 24)
    return np.asarray(rate * shape * np.where(day % 7 >= 5, rest, 1.0), dtype=np.float64)


def every(days: float, minutes: int, at: int = 0) -> Floats:
    """One call at every so many minutes."""
    rows = np.arange(round(days * A_DAY))
    if minutes <= PERIOD // 60:
        return np.full(len(rows), PERIOD / 60 / minutes)
    return ((rows * 5 - at) % minutes < 5).astype(np.float64)


def made(
    rng: np.random.Generator,
    rate: Floats,
    *,
    base: float = 120.0,
    spread: float = 0.4,
    exact: bool = False,
    failing: float = 0.001,
) -> Metrics:
    """A function that is called so often, exactly or at random."""
    calls = rate.copy() if exact else rng.poisson(rate).astype(np.float64)
    failed = rng.binomial(calls.astype(np.int64), failing).astype(np.float64)
    return Metrics(calls, np.full(len(calls), float(base)), spread, failed, np.zeros(len(calls)))
