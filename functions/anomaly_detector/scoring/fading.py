"""Running means, for a whole batch of points at once."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fade(mean: float, values: Sequence[float], rates: Iterable[float]) -> Floats:
    """Moves a mean towards each value by a share of the distance.

    Returns:
        `mean` itself, and the mean after each value: one more than there are values.
    """
    means = [mean]
    for value, rate in zip(values, rates, strict=False):
        mean += (value - mean) * rate
        means.append(mean)
    return np.array(means)


def rates(steps: Floats, memory: float, counts: Floats) -> Floats:
    """Shares that each of some steps in time replaces of a memory.

    Args:
        steps: Seconds between the points.
        memory: Seconds that the mean remembers.
        counts: Points that the mean consists of so far: the first ones count in full.
    """
    return np.maximum(steps / (steps + memory), 1.0 / counts)
