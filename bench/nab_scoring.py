"""How the Numenta Anomaly Benchmark scores detections.

Lavin and Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark",
2015 (arXiv:1510.03336). In each labelled window the earliest-weighted detection counts, by a scaled
sigmoid of its place; every detection outside costs, the less the sooner after a window; a window
without detection costs one. The sum is scaled so that no detection at all is 0 and a perfect
detector 100. The first 15 % of a file (750 rows at most) are free, for learning.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

FALSE_POSITIVE_WEIGHT: Final = 0.11  # the standard profile; a hit and a miss weigh 1
_PROBATION_SHARE: Final = 0.15
_PROBATION_ROWS: Final = 5_000
_OUTSIDE: Final = -1


@dataclass(frozen=True)
class Labelled:
    """One series with its anomaly windows.

    Attributes:
        name: Category and file.
        times: datetime64[s][n].
        values: float64[n].
        worth: What a detection at each row is worth, before profile weights.
        window: Number of the window that each row lies in; -1 outside.
        windows: How many windows there are.
        first: First row that counts.
    """

    name: str
    times: Times
    values: Floats
    worth: Floats
    window: NDArray[np.int64]
    windows: int
    first: int


def load(folder: Path) -> list[Labelled]:
    """Reads a NAB checkout: `data/<category>/*.csv` and `labels/combined_windows.json`.

    Raises:
        FileNotFoundError: If the folder is laid out otherwise.
    """
    labels = json.loads((folder / "labels" / "combined_windows.json").read_text())
    return [
        _labelled(name, folder / "data" / name, spans) for name, spans in sorted(labels.items())
    ]


def _labelled(name: str, path: Path, spans: list[list[str]]) -> Labelled:
    with path.open(newline="") as file:
        rows = [(row["timestamp"], row["value"]) for row in csv.DictReader(file)]
    times = np.array([_second(stamp) for stamp, _ in rows], dtype="datetime64[s]")
    values = np.array([float(value) for _, value in rows])
    bounds = [
        tuple(int(np.flatnonzero(times == np.datetime64(_second(end)))[0]) for end in span)
        for span in spans
    ]
    worth, window = _worth(len(values), bounds)
    count = min(len(values), _PROBATION_ROWS)
    first = (
        int(np.ceil(_PROBATION_SHARE * count))
        if count == _PROBATION_ROWS
        else int(np.floor(_PROBATION_SHARE * count))
    )
    return Labelled(name, times, values, worth, window, len(bounds), first)


def _second(stamp: str) -> str:
    return stamp[:19].replace(" ", "T")


def _sigmoid(place: Floats) -> Floats:
    return np.where(place > 3.0, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(place, 3.0))) - 1.0)


def _worth(rows: int, bounds: Sequence[tuple[int, ...]]) -> tuple[Floats, NDArray[np.int64]]:
    worth = np.full(rows, -1.0)
    window = np.full(rows, _OUTSIDE, dtype=np.int64)
    best = float(_sigmoid(np.array([-1.0]))[0])
    for number, (left, right) in enumerate(bounds):
        width = right - left + 1
        inside = np.arange(left, right + 1)
        worth[inside] = _sigmoid((inside - right - 1) / width) / best
        window[inside] = number
        following = bounds[number + 1][0] if number + 1 < len(bounds) else rows
        after = np.arange(right + 1, following)
        worth[after] = _sigmoid((after - right) / (width - 1.0))
    return worth, window


def gain(series: Labelled, scores: Floats, threshold: float) -> float:
    """What detections at a threshold gain over no detection at all, in the standard profile."""
    hits = np.flatnonzero(scores[series.first :] >= threshold) + series.first
    outside = hits[series.window[hits] == _OUTSIDE]
    total = FALSE_POSITIVE_WEIGHT * float(series.worth[outside].sum())
    for number in range(series.windows):
        found = hits[series.window[hits] == number]
        if len(found):
            total += float(series.worth[found].max()) + 1.0
    return total


@dataclass(frozen=True)
class Result:
    """Scores of one detector over a corpus; 0 is no detection at all, 100 is perfect.

    Attributes:
        at_half: With the threshold 0.5.
        best: With the one threshold that suits the corpus best, as NAB chooses it.
        left_out: With, for each file, the threshold that suits the other files best.
        false_alerts: Detections outside windows at 0.5.
        found: Windows with a detection at 0.5.
    """

    at_half: float
    best: float
    left_out: float
    false_alerts: int
    found: int


def evaluate(corpus: Sequence[Labelled], scores: Sequence[Floats], steps: int = 200) -> Result:
    """Scores a detector's output; thresholds are tried at `steps` quantiles of it, and 0.5."""
    pairs = list(zip(corpus, scores, strict=True))
    pooled = np.concatenate([found[series.first :] for series, found in pairs])
    top = 1.0 - np.logspace(-5, -0.5, steps)
    thresholds = np.unique(np.append(np.quantile(pooled, top), [0.5, 1.1]))
    gains = np.array([[gain(series, found, t) for t in thresholds] for series, found in pairs])
    perfect = 2.0 * sum(series.windows for series in corpus)
    total = gains.sum(axis=0)
    others = [int(np.argmax(total - own)) for own in gains]
    left_out = sum(own[choice] for own, choice in zip(gains, others, strict=True))
    half = int(np.searchsorted(thresholds, 0.5))
    flagged = [(s, np.flatnonzero(f[s.first :] >= 0.5) + s.first) for s, f in pairs]
    return Result(
        at_half=100.0 * total[half] / perfect,
        best=100.0 * total.max() / perfect,
        left_out=100.0 * left_out / perfect,
        false_alerts=sum(int((s.window[rows] == _OUTSIDE).sum()) for s, rows in flagged),
        found=sum(
            len(np.unique(s.window[rows])) - int(_OUTSIDE in s.window[rows]) for s, rows in flagged
        ),
    )
