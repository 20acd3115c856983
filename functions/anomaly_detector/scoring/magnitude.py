"""What a difference must be to mean anything in this series."""

from dataclasses import dataclass

import numpy as np

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.fading import Floats, fade, rates
from functions.anomaly_detector.scoring.moments import Bools, Moments

_RELATIVE_FLOOR = 0.02
_COUNTING_FLOOR = 0.15
_MEMORY = 7 * DAY
# Standard deviations of a count at which it starts to matter, and over which it matters fully.
_NOTABLE, _NOTABLE_RANGE = 3.0, 2.0


@dataclass(slots=True)
class Magnitude:
    """The usual size of the values, and the smallest difference worth weighing.

    Values that have all been whole numbers are taken as counts, whose variance is their mean
    (Poisson).

    Attributes:
        size: Fading mean of the absolute values.
        whole: Whether every value so far was a whole number.
    """

    size: float = 0.0
    whole: bool = True

    def observe(self, values: Floats, moments: Moments) -> tuple[Floats, Bools]:
        """Takes in some values.

        Returns:
            The smallest meaningful difference at each, in the unit of the values, never zero; and
            whether the values up to there are counts.
        """
        sizes = np.abs(values)
        shares = rates(moments.steps, _MEMORY, moments.counts)
        usual = fade(self.size, sizes.tolist(), shares.tolist())[1:]
        whole = np.logical_and.accumulate(values == np.floor(values)) & self.whole
        self.size, self.whole = float(usual[-1]), bool(whole[-1])
        relative = _RELATIVE_FLOOR * usual + 1e-12
        counting = _COUNTING_FLOOR * np.sqrt(0.5 * (usual + sizes) + 1.0)
        return np.where(whole, np.maximum(counting, relative), relative), whole


def weights(values: Floats, expected: Floats, whole: Bools) -> Floats:
    """How much differences count, given that counts scatter by themselves.

    The scatter is the square root of the mean of value and expectation, plus one so that the
    first few events of a silent series mean nothing; between three and five such standard
    deviations the weight grows from 0 to 1.

    Returns:
        0 to 1; always 1 for values that are no counts.
    """
    scatter = np.sqrt(0.5 * (np.abs(values) + np.abs(expected)) + 1.0)
    notable = (np.abs(values - expected) / scatter - _NOTABLE) / _NOTABLE_RANGE
    return np.where(whole, np.clip(notable, 0.0, 1.0), 1.0)
