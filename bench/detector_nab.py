"""Measures the detector on the Numenta Anomaly Benchmark, against two yardsticks in the same run.

    python -m bench.detector_nab --data FOLDER [--json FILE]

FOLDER is a NAB checkout (https://github.com/numenta/NAB, or a part of it); the environment variable
NAB_DATA serves as well. Printed for each detector: the standard profile's score at the threshold
0.5, at the best single threshold, and with each file's threshold chosen on the other files; and the
time per point.
"""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Any, Final

import numpy as np

from bench.detector_peers import hourly_band, robust_z
from bench.nab_scoring import Floats, Labelled, Times, evaluate, load
from functions.anomaly_detector.watch.detect import score

DETECTORS: Final[dict[str, Callable[[Floats, Times], Floats]]] = {
    "warden": score,
    "robust z-score": robust_z,
    "hourly band": hourly_band,
}
FORTNIGHT: Final = 4_032


def measure(corpus: list[Labelled]) -> dict[str, dict[str, Any]]:
    """Runs every detector over a corpus."""
    rows = sum(len(series.values) for series in corpus)
    results: dict[str, dict[str, Any]] = {}
    for name, detector in DETECTORS.items():
        started = process_time()
        scores = [detector(series.values, series.times) for series in corpus]
        spent = process_time() - started
        results[name] = asdict(evaluate(corpus, scores)) | {
            "microseconds_per_point": 1e6 * spent / rows
        }
    return results


def fortnight_milliseconds(rounds: int = 7) -> float:
    """Best time to score two weeks of one 5-minute metric, in milliseconds of processor time."""
    times = np.datetime64("2026-03-02", "s") + (np.arange(FORTNIGHT) * 300).astype("timedelta64[s]")
    day = np.arange(FORTNIGHT) % 288 / 288
    rate = 400.0 + 300.0 * np.sin(2 * np.pi * day)
    values = np.random.default_rng(0).poisson(rate).astype(np.float64)
    best = float("inf")
    for _ in range(rounds):
        started = process_time()
        score(values, times)
        best = min(best, 1e3 * (process_time() - started))
    return best


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("NAB_DATA"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.data is None:
        parser.error("give --data FOLDER or set NAB_DATA to a NAB checkout")
    corpus = load(Path(options.data))
    results = measure(corpus)
    windows = sum(series.windows for series in corpus)
    ours = results["warden"]
    print(f"{len(corpus)} series, {windows} windows, standard profile")
    print(f"{'':16} at 0.5    best  left out  found  false  us/point  best : warden's")
    for name, row in results.items():
        print(
            f"{name:16} {row['at_half']:6.1f}  {row['best']:6.1f}  {row['left_out']:8.1f}"
            f"  {row['found']:5d}  {row['false_alerts']:5d}"
            f"  {row['microseconds_per_point']:8.1f}  {row['best'] / ours['best']:6.2f}"
        )
    fortnight = fortnight_milliseconds()
    print(f"two weeks of one 5-minute metric: {fortnight:.1f} ms")
    if options.json:
        options.json.write_text(json.dumps(results | {"fortnight_ms": fortnight}, indent=1))


if __name__ == "__main__":
    main()
