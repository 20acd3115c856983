"""Times as people type them, and as they read them. All of them are UTC."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import click

_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION: Final = re.compile(r"(\d{1,5})([mhdw])")


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Duration(click.ParamType[timedelta]):
    """A number with a unit: 30m, 4h, 7d, 2w."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read it; anything else is a usage error."""
        if isinstance(value, timedelta):
            return value
        match = _DURATION.fullmatch(str(value))
        if match is None or int(match[1]) == 0:
            self.fail(f"{value!r} is no duration; write 30m, 4h, 7d or 2w.", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


class Moment(click.ParamType[datetime]):
    """A date and a time, UTC where it names no zone."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it; anything else is a usage error."""
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-12-01T22:00, in UTC.", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=UTC)


class LastDay(click.ParamType[date]):
    """A date, or the number of days from today."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read it; anything else is a usage error."""
        if isinstance(value, date):
            return value
        match = _DURATION.fullmatch(str(value))
        if match and match[2] in "dw":
            return (now() + int(match[1]) * _UNITS[match[2]]).date()
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date; write 2026-12-31, or 90d from today.", param, ctx)


def age(duration: timedelta) -> str:
    """A duration in its largest unit: 3d, 5h, 12m, 0m."""
    for unit in ("d", "h"):
        if duration >= _UNITS[unit]:
            return f"{duration // _UNITS[unit]}{unit}"
    return f"{max(duration, timedelta(0)) // _UNITS['m']}m"


def minute(at: datetime) -> str:
    """A time to the minute: 2026-12-01 22:00 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
