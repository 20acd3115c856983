"""Which waivers deserve a look: those that end soon, that ended, and that accept nothing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.muting.waiver import Waiver
from functions.shared.review.period import Period

SOON: Final = timedelta(days=14)
"""Waivers that end within this time are told of: long enough to fix, or to ask for more time."""

# A waiver may be written before the finding that it accepts is found.
_TIME_TO_MATCH: Final = timedelta(days=1)


class Concern(StrEnum):
    """Why a waiver deserves a look."""

    ENDED = "ended"
    ENDS_SOON = "ends soon"
    MATCHES_NOTHING = "matches nothing"


@dataclass(frozen=True, slots=True)
class Concerning:
    """A waiver, and why it deserves a look."""

    waiver: Waiver
    concern: Concern


def concerning(
    waivers: Iterable[Waiver], open_alerts: Sequence[Alert], period: Period, now: datetime
) -> tuple[Concerning, ...]:
    """The waivers that deserve a look, those that end first at the front.

    Args:
        waivers: Every waiver.
        open_alerts: Every open alert of the estate, whoever owns it.
        period: What is looked back on.
        now: The time.
    """
    found = [
        Concerning(waiver, concern)
        for waiver in waivers
        if (concern := _concern(waiver, open_alerts, period, now))
    ]
    return tuple(sorted(found, key=lambda one: (one.waiver.expires, one.waiver.id)))


def _concern(
    waiver: Waiver, open_alerts: Sequence[Alert], period: Period, now: datetime
) -> Concern | None:
    if waiver.expires <= now:
        return Concern.ENDED if waiver.expires >= period.start else None
    if not waiver.is_active(now):
        return None
    settled = now - waiver.created_at >= _TIME_TO_MATCH
    if settled and not any(waiver.matcher.matches(alert) for alert in open_alerts):
        return Concern.MATCHES_NOTHING
    return Concern.ENDS_SOON if waiver.expires - now <= SOON else None
