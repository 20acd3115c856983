"""What a difference must be to mean anything in this series."""

from dataclasses import dataclass
from math import sqrt

from functions.anomaly_detector.scoring.clock import DAY

RELATIVE_FLOOR = 0.02
_MEMORY = 7 * DAY


@dataclass(slots=True)
class Magnitude:
    """The usual size of the values, and the smallest difference worth weighing.

    Values that have all been whole numbers are taken as counts, whose standard deviation is the
    square root of their mean (Poisson); the extra one keeps the first events of a silent series
    from meaning anything.

    Attributes:
        size: Fading mean of the absolute values.
        whole: Whether every value so far was a whole number.
    """

    size: float = 0.0
    whole: bool = True

    def observe(self, value: float, step: float, count: int) -> float:
        """Takes in one value.

        Args:
            value: The value, finite.
            step: Seconds to fade by.
            count: Points seen, this one included.

        Returns:
            The smallest meaningful difference, in the unit of the values; never zero.
        """
        rate = step / (step + _MEMORY)
        start = 1.0 / count
        self.size += (abs(value) - self.size) * (rate if rate > start else start)
        if self.whole and value != value // 1.0:
            self.whole = False
        relative = RELATIVE_FLOOR * self.size + 1e-12
        if not self.whole:
            return relative
        counting = sqrt(self.size + 1.0)
        return counting if counting > relative else relative
