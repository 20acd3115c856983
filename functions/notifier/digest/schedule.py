"""Which period a digest looks back on. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.shared.config import NotificationPolicy
from functions.shared.review.period import Period

_LASTS: Final = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Edition:
    """The digests of one period.

    Attributes:
        cadence: `daily` or `weekly`.
        period: What they look back on.
    """

    cadence: str
    period: Period

    @property
    def id(self) -> str:
        """Its identity, for example `weekly 2026-11-23`."""
        return f"{self.cadence} {self.period.end.date().isoformat()}"


def edition_due(policy: NotificationPolicy, now: datetime) -> Edition | None:
    """The edition that fell due last; None where nobody wants digests.

    Weekly ones fall due on Mondays (ISO 8601's first day of a week), both at `digest_hour`, UTC.
    """
    if policy.digest == "off":
        return None
    lasts = _LASTS[policy.digest]
    end = now.astimezone(UTC).replace(hour=policy.digest_hour, minute=0, second=0, microsecond=0)
    if policy.digest == "weekly":
        end -= timedelta(days=end.weekday())
    if end > now:
        end -= lasts
    return Edition(policy.digest, Period.before(end, lasts))
