"""Hour by weekend profile: what is usual at this time, and how far a value is from it."""

from dataclasses import dataclass, field

from functions.anomaly_detector.scoring.clock import DAY, HOUR, HOURS, Clock

_DAILY_RATE = 0.1  # share of an hour's memory that one more day replaces
_MEAN_MEMORY = 2 * DAY


def _zeros() -> list[float]:
    return [0.0] * (2 * HOURS)


@dataclass(slots=True)
class Profile:
    """Level and spread of each hour of weekdays and of weekend days (UTC), fading over ten days.

    Attributes:
        level: Fading mean of the values of each slot: 24 weekday hours, then 24 weekend hours.
        spread: Fading mean absolute deviation from the level, for each slot.
        seen: Values seen in each slot.
        mean: Fading mean of all values; stands in for an hour never seen on either kind of day.
        highest: Largest value ever seen.
    """

    level: list[float] = field(default_factory=_zeros)
    spread: list[float] = field(default_factory=_zeros)
    seen: list[int] = field(default_factory=lambda: [0] * (2 * HOURS))
    mean: float = 0.0
    highest: float = float("-inf")

    def expected(self, slot: int) -> float:
        """The usual level of a slot: its own, else the other kind of day's, else the mean."""
        if self.seen[slot]:
            return self.level[slot]
        twin = slot - HOURS if slot >= HOURS else slot + HOURS
        return self.level[twin] if self.seen[twin] else self.mean

    def outside(self, value: float, clock: Clock) -> float:
        """Distance of a value from the band of levels within an hour of now.

        The neighbouring hours are part of the band, so that a ramp that comes early or late, or a
        daylight-saving change, is not news. On the first weekend (or the first weekdays) nobody
        knows what is usual: only more than ever seen is outside.
        """
        if not clock.kind_is_known:
            return value - self.highest if value > self.highest else 0.0
        slot = clock.slot
        first = slot - slot % HOURS
        low = high = self.expected(slot)
        for near in (first + (slot + 1) % HOURS, first + (slot - 1) % HOURS):
            if self.seen[near]:
                level = self.level[near]
                if level < low:
                    low = level
                elif level > high:
                    high = level
        return value - high if value > high else value - low if value < low else 0.0

    def learn(self, value: float, clock: Clock) -> None:
        """Takes in one value, after it was judged."""
        step = clock.step
        fading, start = step / (step + _MEAN_MEMORY), 1.0 / clock.count
        self.mean += (value - self.mean) * (fading if fading > start else start)
        self.highest = max(self.highest, value)
        slot = clock.slot
        seen = self.seen[slot]
        self.seen[slot] = seen + 1
        deviation = value - self.level[slot]
        period = clock.period
        rate = _DAILY_RATE * period / HOUR if period < HOUR else _DAILY_RATE
        start = 1.0 / (seen + 1)
        rate = max(rate, start)
        if seen:
            self.spread[slot] += (abs(deviation) - self.spread[slot]) * rate
        self.level[slot] += deviation * rate
