"""Habits: what happens at the same hour most days (a nightly batch) is no news."""

from dataclasses import dataclass, field

from functions.anomaly_detector.scoring.clock import HOURS

_DAYS = 4
_SECOND, _THIRD = 0.8, 1.0


def _no_days() -> list[list[float]]:
    return [[0.0] * _DAYS for _ in range(HOURS)]


@dataclass(slots=True)
class Habit:
    """The largest sizes of each hour of the day (UTC), on the days before today.

    Attributes:
        peaks: For each hour its largest sizes on the last four days, the newest first, to
            three digits.
        slot: The hour that `peak` belongs to, as the clock counts it; -1 before the first.
        peak: Its largest size so far.
        known: What the last four days make of a size within an hour of this one.
    """

    peaks: list[list[float]] = field(default_factory=_no_days)
    slot: int = -1
    peak: float = 0.0
    known: float = 0.0

    def observe(self, size: float, slot: int) -> float:
        """Takes in one size.

        Args:
            size: The size.
            slot: The hour, as the clock counts it.

        Returns:
            The size that is habitual around this time of day: most of what two of the last four
            days reached, or all of what three of them did.
        """
        if slot != self.slot:
            self._turn(slot)
        self.peak = max(self.peak, size)
        return self.known

    def _turn(self, slot: int) -> None:
        peaks, hour = self.peaks, slot % HOURS
        if self.slot >= 0:
            gone = self.slot % HOURS
            peaks[gone] = [float(f"{self.peak:.3g}"), *peaks[gone][:-1]]
        self.slot, self.peak = slot, 0.0
        near = zip(peaks[hour - 1], peaks[hour], peaks[(hour + 1) % HOURS], strict=True)
        _, third, second, _ = sorted(map(max, near))
        self.known = max(_SECOND * second, _THIRD * third)
