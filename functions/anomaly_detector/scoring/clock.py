"""Time between points: the usual period, the step to fade by, and where in the week we are."""

from dataclasses import dataclass

DAY = 86_400.0
HOUR = 3_600.0
HOURS = 24
# A gap fades memory by at most this many periods: an absence is not evidence of anything.
MAX_STEP_PERIODS = 4.0
_SMALLEST_PERIOD = 1.0
_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


@dataclass(slots=True)
class Clock:
    """What time says about the latest point.

    Attributes:
        count: Points seen (missing values are not points).
        first: Time of the first point, in seconds since 1970 (UTC).
        last: Time of the latest point, in seconds since 1970 (UTC).
        period: Usual seconds between points: a running median of the steps.
        step: Seconds to fade memory by for the latest point, bounded.
        slot: Hour of the day, 0-23 on weekdays, 24-47 on weekend days (UTC).
        weekdays: Seconds of weekdays seen.
        weekends: Seconds of weekend days seen.
    """

    count: int = 0
    first: float = 0.0
    last: float = 0.0
    period: float = 0.0
    step: float = 0.0
    slot: int = 0
    weekdays: float = 0.0
    weekends: float = 0.0

    def advance(self, now: float) -> None:
        """Moves to the time of the next point.

        A clock that stands still or runs backwards counts as one period, and keeps its time.
        """
        self.count += 1
        if self.count == 1:
            self.first = self.last = now
        elapsed = now - self.last
        if elapsed > 0.0:
            self.last = now
            self._learn_period(elapsed)
        else:
            elapsed = self.period
        longest = MAX_STEP_PERIODS * self.period
        self.step = elapsed if elapsed < longest else longest
        self._place()

    @property
    def age(self) -> float:
        """Seconds between the first and the latest point."""
        return self.last - self.first

    @property
    def kind_is_known(self) -> bool:
        """Whether a whole day of this kind (weekday or weekend) has been seen."""
        return (self.weekdays if self.slot < HOURS else self.weekends) >= DAY

    def _learn_period(self, elapsed: float) -> None:
        period = self.period
        if period == 0.0:
            self.period = max(elapsed, _SMALLEST_PERIOD)
        elif elapsed > period * 1.01:
            self.period = period * (1.0 + max(0.02, 1.0 / self.count))
        elif elapsed < period * 0.99:
            self.period = max(period * (1.0 - max(0.02, 1.0 / self.count)), _SMALLEST_PERIOD)

    def _place(self) -> None:
        day, second = divmod(self.last, DAY)
        self.slot = int(second / HOUR)
        if (day + _MONDAY_OFFSET) % 7 >= 5:
            self.slot += HOURS
            self.weekends += self.step
        else:
            self.weekdays += self.step
