"""Time of day: what is usual in this half hour, and how far a value is from it."""

from dataclasses import dataclass, field

from functions.anomaly_detector.scoring.clock import DAY

SLOTS = 48
SLOT_SECONDS = DAY / SLOTS
# Share of a slot's memory that one more day replaces.
_DAILY_RATE = 0.3


@dataclass(slots=True)
class DailyProfile:
    """Level and spread of each half hour of the day (UTC), fading over about a week.

    Attributes:
        level: Fading mean of the values of each slot.
        spread: Fading mean absolute deviation from the level, for each slot.
        seen: Values seen in each slot.
    """

    level: list[float] = field(default_factory=lambda: [0.0] * SLOTS)
    spread: list[float] = field(default_factory=lambda: [0.0] * SLOTS)
    seen: list[int] = field(default_factory=lambda: [0] * SLOTS)

    def observe(self, value: float, now: float, period: float) -> tuple[float, float] | None:
        """Takes in one value.

        Returns:
            The residual (value minus the slot's level before this value) and the slot's spread;
            None when the slot was never seen.
        """
        slot = int(now % DAY / SLOT_SECONDS)
        seen = self.seen[slot]
        self.seen[slot] = seen + 1
        level = self.level[slot]
        if seen == 0:
            self.level[slot] = value
            return None
        residual = value - level
        rate = _DAILY_RATE * period / SLOT_SECONDS
        rate = min(rate, _DAILY_RATE)
        start = 1.0 / (seen + 1)
        rate = max(rate, start)
        spread = self.spread[slot]
        self.level[slot] = level + residual * rate
        self.spread[slot] = spread + (abs(residual) - spread) * rate
        return residual, spread
