"""The detector's door: score a series, continue it tick by tick, say what is usual."""

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.scoring.baseline import Baseline
from functions.anomaly_detector.scoring.detector import Detector
from functions.anomaly_detector.scoring.gate import ALERT
from functions.anomaly_detector.scoring.points import as_times
from functions.anomaly_detector.scoring.state import StateError, from_bytes, to_bytes

__all__ = [
    "ALERT",
    "Baseline",
    "Detector",
    "StateError",
    "baseline",
    "from_bytes",
    "score",
    "to_bytes",
]


def score(values: NDArray[np.float64], timestamps: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Scores every point of a series, from its past only.

    Args:
        values: float64[n]; a value that is not finite scores 0 and changes nothing.
        timestamps: datetime64[s][n], UTC, in order. Datetimes with a time zone are converted.

    Returns:
        float64[n] in [0, 1]. `ALERT` (0.5) and above is an alert; the score of a point depends on
        that point and those before it, nothing else.

    Raises:
        ValueError: If the two arrays are not one-dimensional and of one length.
    """
    return Detector().update(values, timestamps)


def baseline(values: NDArray[np.float64], timestamps: NDArray[np.datetime64]) -> Baseline | None:
    """What is usual at the time of the last point, from the points before it.

    Returns:
        The usual level and band, or None when nothing came before.

    Raises:
        ValueError: If the two arrays are not one-dimensional and of one length.
    """
    detector, times = Detector(), as_times(timestamps)
    detector.update(values[:-1], times[:-1])
    return detector.baseline(times[-1]) if len(times) else None
