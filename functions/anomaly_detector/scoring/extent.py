"""Leaving the running range: how far outside everything seen lately a value lies."""

from dataclasses import dataclass

from functions.anomaly_detector.scoring.clock import DAY

_MEMORY = 14 * DAY


@dataclass(slots=True)
class Extent:
    """The range of a signal, shrinking slowly towards its centre.

    Attributes:
        low: Lower end, in the unit of the signal.
        high: Upper end.
        count: Values seen.
    """

    low: float = 0.0
    high: float = 0.0
    count: int = 0

    def leave(self, value: float, centre: float, floor: float, step: float) -> float:
        """Takes in one value.

        Args:
            value: The signal now.
            centre: What the range shrinks towards.
            floor: Smallest meaningful difference; keeps a flat signal's range from being zero.
            step: Seconds to fade by.

        Returns:
            Distance outside the range as a share of the range's width; 0 inside.
        """
        if self.count == 0:
            self.low = self.high = value
            self.count = 1
            return 0.0
        self.count += 1
        low, high = self.low, self.high
        outside = value - high if value > high else low - value if value < low else 0.0
        share = outside / (high - low + floor)
        fade = step / (step + _MEMORY)
        low += (centre - low) * fade
        high += (centre - high) * fade
        self.low = value if value < low else low
        self.high = value if value > high else high
        return share
