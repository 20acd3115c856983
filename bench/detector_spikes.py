"""Measures the detector on simulated indicators with short, labelled spikes and dips.

    python -m bench.detector_spikes [--series 20] [--seed 1] [--period 60] [--json FILE]

Series of 1-minute (two weeks) and 5-minute periods (four weeks): daily waves, office hours, flat
levels and counts, with normal, heavy-tailed (Student t, 5 degrees of freedom) or correlated noise.
Into each go 0.4 to 1.5 events a day: mostly spikes or dips of one to six points, 5 to 16 standard
deviations high; one in seven lasts 10 to 60 points at 4 to 9. An event is found when an alert falls
on it or on the point after it; an alert anywhere else is false. Everything is judged at the fixed
threshold 0.5.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.detector_peers import hourly_band, robust_z
from functions.anomaly_detector.watch.detect import ALERT, score

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

_DAY: Final = 86_400
_START: Final = np.datetime64("2026-03-02", "s")
_LEARNING: Final = 0.15
_PERIODS_AND_DAYS: Final = ((60, 14), (300, 28))
DETECTORS: Final[dict[str, Callable[[Floats, Times], Floats]]] = {
    "warden": score,
    "robust z-score": robust_z,
    "hourly band": hourly_band,
}


@dataclass(frozen=True)
class Indicator:
    """One series and the row ranges of its events."""

    times: Times
    values: Floats
    events: list[range]


def indicators(count: int, seed: int, period: int | None = None) -> Iterator[Indicator]:
    """Simulates some series, all of one period or of both in turn."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        kinds = [kind for kind in _PERIODS_AND_DAYS if period in (None, kind[0])]
        period_of_this, days = kinds[number % len(kinds)]
        seconds = np.arange(days * _DAY // period_of_this) * period_of_this
        level, deviation = _shape(number // 2 % 5, seconds)
        values = level + deviation * _noise(rng, int(rng.integers(3)), len(seconds))
        events = _add_events(rng, values, deviation, days)
        if number // 2 % 5 == 4:
            values = np.asarray(np.round(np.maximum(values, 0.0)), dtype=np.float64)
        yield Indicator(_START + seconds.astype("timedelta64[s]"), values, events)


def _shape(kind: int, seconds: NDArray[np.int64]) -> tuple[Floats, Floats]:
    day: Floats = (seconds % _DAY / _DAY).astype(np.float64)
    weekend = seconds // _DAY % 7 >= 5
    bell: Floats = np.asarray(np.exp(-(((day - 0.53) / 0.19) ** 2)), dtype=np.float64)
    shapes: tuple[tuple[Floats, float], ...] = (
        ((100.0 + 40.0 * np.sin(2 * np.pi * (day - 0.3))) * np.where(weekend, 0.7, 1.0), 4.0),
        (1000.0 * (0.3 + bell) * np.where(weekend, 0.6, 1.0), 1.0),
        (50.0 + 0.0 * day, 3.0),
        (np.where((day > 0.33) & (day < 0.75), 300.0, 200.0), 10.0),
        (30.0 * (0.2 + bell), 1.0),
    )
    level, constant = shapes[kind]
    deviation: Floats = np.full(len(level), constant)
    if kind == 1:
        deviation = 0.06 * level
    elif kind == 4:
        deviation = np.sqrt(level)
    return level, deviation


def _noise(rng: np.random.Generator, kind: int, rows: int) -> Floats:
    if kind == 0:
        return rng.standard_normal(rows)
    if kind == 1:
        return np.asarray(rng.standard_t(5, rows) / (5.0 / 3.0) ** 0.5, dtype=np.float64)
    shocks = rng.standard_normal(rows + 40)
    weights = 0.7 ** np.arange(40) * np.sqrt(1.0 - 0.49)
    return np.asarray(np.convolve(shocks, weights)[40 : 40 + rows], dtype=np.float64)


def _add_events(
    rng: np.random.Generator, values: Floats, deviation: Floats, days: int
) -> list[range]:
    rows = len(values)
    starts = np.sort(
        rng.integers(int(_LEARNING * rows), rows - 100, int(days * rng.uniform(0.4, 1.5)))
    )
    events: list[range] = []
    for start in starts.tolist():
        if events and start - events[-1].stop < 60:
            continue
        short = rng.random() < 6 / 7
        length = int(rng.integers(1, 7) if short else rng.integers(10, 60))
        height = rng.uniform(5.0, 16.0) if short else rng.uniform(4.0, 9.0)
        event = range(start, start + length)
        values[event] += (1 if rng.random() < 0.65 else -1) * height * deviation[event]
        events.append(event)
    return events


def tally(series: Indicator, scores: Floats) -> tuple[int, int, int]:
    """Events found, events missed, false alerts."""
    alert = scores >= ALERT
    covered = np.zeros(len(alert), dtype=bool)
    found = 0
    for event in series.events:
        reach = slice(event.start, event.stop + 1)
        covered[reach] = True
        found += bool(alert[reach].any())
    begins = alert & ~np.concatenate([[False], alert[:-1]])
    begins[: int(_LEARNING * len(alert))] = False
    return found, len(series.events) - found, int((begins & ~covered).sum())


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--series", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--period", type=int, choices=[kind[0] for kind in _PERIODS_AND_DAYS])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    totals = {name: np.zeros(3) for name in DETECTORS}
    for series in indicators(options.series, options.seed, options.period):
        for name, detector in DETECTORS.items():
            totals[name] += tally(series, detector(series.values, series.times))
    results = {}
    print(f"{'':16} precision  recall    F1")
    for name, (found, missed, false) in totals.items():
        precision, recall = found / max(found + false, 1), found / max(found + missed, 1)
        f1 = 2 * found / max(2 * found + missed + false, 1)
        results[name] = {"precision": precision, "recall": recall, "f1": f1}
        print(f"{name:16} {precision:9.2f} {recall:7.2f} {f1:5.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
