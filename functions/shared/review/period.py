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
