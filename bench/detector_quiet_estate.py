"""Measures false alerts on a simulated estate in which nothing happens.

    python -m bench.detector_quiet_estate [--functions 100] [--days 28] [--seed 1] [--period 60]
        [--json FILE]

Each function has its own traffic (from one call a day to thousands in five minutes, a daily wave
that ends at weekends; one in twenty is never called), its own error rate and its own spread of
durations. Invocations and errors are Poisson counts; the median and the 99th percentile of the
durations are exact order statistics of log-logistic samples, as many as there were invocations, so
they scatter most where traffic is low. A percentile of too few calls means nothing: the median
needs ten, the 99th percentile a hundred, otherwise the period is a gap.

Every alert is false. Printed per 100 functions and week, from the third day on: the alerts of each
signal, for the detector and for two yardsticks; and those of durations that stand at least half
above their usual level, as someone would set a floor for what matters.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.detector_peers import hourly_band, robust_z
from functions.anomaly_detector.watch.detect import ALERT, Detector, score

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

PERIOD: Final = 300
_DAY: Final = 86_400
_START: Final = np.datetime64("2026-03-02", "s")
_LEARNING_DAYS: Final = 2
_MEDIAN_CALLS: Final = 10
_P99_CALLS: Final = 100
_MATTERS: Final = 1.5
SIGNALS: Final = ("invocations", "errors", "duration p50", "duration p99")
PEERS: Final[dict[str, Callable[[Floats, Times], Floats]]] = {
    "robust z-score": robust_z,
    "hourly band": hourly_band,
}


@dataclass(frozen=True)
class Quiet:
    """One signal of one function in which nothing happens."""

    signal: str
    times: Times
    values: Floats


def estate(functions: int, days: int, seed: int, period: int = PERIOD) -> Iterator[Quiet]:
    """Simulates the signals of some functions, with the same traffic whatever the period."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(days * _DAY // period) * period
    times = _START + seconds.astype("timedelta64[s]")
    weekend = seconds // _DAY % 7 >= 5  # the start is a Monday
    for number in range(functions):
        rate = 10 ** rng.uniform(-2.5, 4.0) * (number % 20 != 19) * period / PERIOD
        wave = 1.0 + rng.uniform(0.0, 0.9) * np.sin(2 * np.pi * (seconds / _DAY - rng.random()))
        calls = rng.poisson(rate * wave * np.where(weekend, rng.uniform(0.2, 1.0), 1.0))
        failed = rng.binomial(calls, 10 ** rng.uniform(-4.0, -1.5))
        base, shape = 10 ** rng.uniform(0.5, 3.5), rng.uniform(0.03, 0.25)
        yield Quiet("invocations", times, calls.astype(np.float64))
        yield Quiet("errors", times, failed.astype(np.float64))
        for signal, share, fewest in (
            ("duration p50", 0.5, _MEDIAN_CALLS),
            ("duration p99", 0.99, _P99_CALLS),
        ):
            place = _order_statistic(rng, calls, share)
            durations = base * (place / (1.0 - place)) ** shape
            yield Quiet(signal, times, np.where(calls >= fewest, durations, np.nan))


def _order_statistic(rng: np.random.Generator, calls: NDArray[np.int64], share: float) -> Floats:
    """Where a sample's quantile lies in its distribution: a Beta-distributed place in (0, 1)."""
    count = np.maximum(calls, 1)
    rank = np.ceil(share * count)
    return np.clip(rng.beta(rank, count - rank + 1.0), 1e-12, 1.0 - 1e-12)


def alerts(series: Quiet, detector: Callable[[Floats, Times], Floats]) -> NDArray[np.int64]:
    """Rows that a detector alerts at, after the first days; gaps are left out beforehand."""
    known = np.flatnonzero(np.isfinite(series.values))
    if len(known) < 2:
        return np.empty(0, dtype=np.int64)
    scores = detector(series.values[known], series.times[known])
    rows: NDArray[np.int64] = known[scores >= ALERT]
    return rows[series.times[rows] >= _START + np.timedelta64(_LEARNING_DAYS, "D")]


def mattering(series: Quiet, rows: NDArray[np.int64]) -> int:
    """How many alerts stand at least half above the usual level; all of them for counts."""
    if not series.signal.startswith("duration"):
        return len(rows)
    count = 0
    for row in rows.tolist():
        detector = Detector()
        detector.update(series.values[:row], series.times[:row])
        usual = detector.baseline(series.times[row])
        count += usual is None or series.values[row] >= _MATTERS * usual.typical
    return count


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--period", type=int, default=PERIOD)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    counts = {name: dict.fromkeys(SIGNALS, 0) for name in ("warden", "warden, mattering", *PEERS)}
    spent = points = 0.0
    for series in estate(options.functions, options.days, options.seed, options.period):
        started = process_time()
        rows = alerts(series, score)
        spent += process_time() - started
        points += np.isfinite(series.values).sum()
        counts["warden"][series.signal] += len(rows)
        counts["warden, mattering"][series.signal] += mattering(series, rows)
        for name, peer in PEERS.items():
            counts[name][series.signal] += len(alerts(series, peer))
    unit = options.functions / 100 * (options.days - _LEARNING_DAYS) / 7
    rates = {
        name: {signal: count / unit for signal, count in row.items()}
        for name, row in counts.items()
    }
    print(f"{options.functions} functions, {options.days} days: false alerts a week per 100")
    print(f"{'':18}" + "".join(f"{signal:>14}" for signal in SIGNALS) + f"{'together':>14}")
    for name, rate in rates.items():
        cells = [*rate.values(), sum(rate.values())]
        print(f"{name:18}" + "".join(f"{cell:14.2f}" for cell in cells))
    print(f"{points:.0f} points, {1e6 * spent / points:.1f} us each")
    if options.json:
        options.json.write_text(json.dumps(rates, indent=1))


if __name__ == "__main__":
    main()
