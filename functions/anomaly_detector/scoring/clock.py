"""Time between points: the usual period, the step to fade by, and where in the day we are."""

from dataclasses import dataclass

DAY = 86_400.0
HOUR = 3_600.0
# A gap fades memory by at most this many periods: an absence is not evidence of anything.
MAX_STEP_PERIODS = 4.0
_SMALLEST_PERIOD = 1.0
_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


@dataclass(slots=True)
class Clock:
    """What time says about the next point.

    Attributes:
        count: Points seen (missing values are not points).
        first: Time of the first point, in seconds since 1970 (UTC).
        last: Time of the latest point, in seconds since 1970 (UTC).
        period: Usual seconds between points: a running median of the steps.
    """

    count: int = 0
    first: float = 0.0
    last: float = 0.0
    period: float = 0.0

    def advance(self, now: float) -> float:
        """Moves to the time of the next point.

        Returns:
            Seconds to fade memory by: the time since the last point, bounded; one period where
            the clock stood still or ran backwards.
        """
        if self.count == 0:
            self.first = self.last = now
            self.count = 1
            return 0.0
        step = now - self.last
        if step <= 0.0:
            self.count += 1
            return self.period or _SMALLEST_PERIOD
        self.last = now
        period = self.period
        if period == 0.0:
            period = self.period = step
        elif step > period * 1.01:
            period = self.period = period * (1.0 + max(0.02, 1.0 / self.count))
        elif step < period * 0.99:
            period = max(period * (1.0 - max(0.02, 1.0 / self.count)), _SMALLEST_PERIOD)
            self.period = period
        self.count += 1
        longest = MAX_STEP_PERIODS * period
        return step if step < longest else longest

    @property
    def age(self) -> float:
        """Seconds between the first and the latest point."""
        return self.last - self.first


def is_weekend(now: float) -> bool:
    """Whether a time (seconds since 1970, UTC) falls on a Saturday or Sunday."""
    return (now // DAY + _MONDAY_OFFSET) % 7 >= 5
