"""A span of time that is looked back on."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From its start on, until its end, which does not belong to it; both aware."""

    start: datetime
    end: datetime

    @classmethod
    def before(cls, end: datetime, lasts: timedelta) -> "Period":
        """The period that ends at a time."""
        return cls(end - lasts, end)

    def covers(self, at: datetime) -> bool:
        """Whether a time lies in it."""
        return self.start <= at < self.end


def in_words(span: timedelta) -> str:
    """A span as a person says it: `12 days`, `3 hours`, `4 minutes`."""
    minutes = max(int(span.total_seconds() // 60), 0)
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * length or (unit == "day" and minutes >= length):
            count = minutes // length
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
