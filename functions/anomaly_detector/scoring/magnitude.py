"""What a difference must be to mean anything in this series."""

from dataclasses import dataclass
from math import sqrt

from functions.anomaly_detector.scoring.clock import DAY, Clock

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

    def observe(self, value: float, clock: Clock) -> float:
        """Takes in one value.

        Returns:
            The smallest meaningful difference, in the unit of the values; never zero.
        """
        rate = clock.step / (clock.step + _MEMORY)
        start = 1.0 / clock.count
        size = abs(value)
        self.size += (size - self.size) * (rate if rate > start else start)
        if self.whole and value != value // 1.0:
            self.whole = False
        relative = _RELATIVE_FLOOR * self.size + 1e-12
        if not self.whole:
            return relative
        counting = _COUNTING_FLOOR * sqrt(0.5 * (self.size + size) + 1.0)
        return counting if counting > relative else relative

    def weight(self, value: float, expected: float) -> float:
        """How much a difference counts, given that counts scatter by themselves.

        The scatter is the square root of the mean of value and expectation, plus one so that the
        first few events of a silent series mean nothing; between three and five such standard
        deviations the weight grows from 0 to 1.

        Returns:
            0 to 1; always 1 for values that are no counts.
        """
        if not self.whole:
            return 1.0
        scatter = sqrt(0.5 * (abs(value) + abs(expected)) + 1.0)
        weight = (abs(value - expected) / scatter - _NOTABLE) / _NOTABLE_RANGE
        return 0.0 if weight < 0.0 else weight if weight < 1.0 else 1.0
