"""When a function must be gone, as its tags say, and when it may be stopped because it is not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from functions.shared.alerting.store import StoredAlert
from functions.shared.config import QuarantineReason, WardenConfig

EXPIRY_RULE: Final = "expiry-tag"
EXPIRED: Final = "Expired, still deployed"
"""What the rule says of a function whose date is past."""

SCOPE: Final = "tags"
"""Scope of the rule's alerts."""

_SHORTEST_NOTICE: Final = timedelta(days=1)


def expiry_date(text: str) -> date | None:
    """The date in an expiry tag; None where it holds none.

    A function in force until a date is expired on the day after it.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def is_to_be_stopped(tags: Mapping[str, str], config: WardenConfig, today: date) -> bool:
    """Whether policy wants a function stopped because it was not removed in time."""
    policy = config.guard.quarantine
    if QuarantineReason.LIFECYCLE not in policy.reasons:
        return False
    expiry = expiry_date(tags.get(config.tags.expiry_tag, ""))
    return expiry is not None and today - expiry > timedelta(days=policy.after_expiry_days)


def notified_of_expiry(alerts: Iterable[StoredAlert]) -> datetime | None:
    """Since when people know that a function is past its expiry; None while nobody was told."""
    known = (
        stored.handling.known_since
        for stored in alerts
        if stored.alert.is_open
        and stored.alert.finding.rule == EXPIRY_RULE
        and stored.alert.finding.update_key == EXPIRED
    )
    return next((since for since in known if since), None)


def not_yet(
    expiry: date,
    *,
    noted: datetime | None,
    reported: datetime | None,
    config: WardenConfig,
    now: datetime,
) -> str:
    """Why a function that is past its expiry is not stopped yet; empty when it may be. Pure.

    Whoever may tag a function could otherwise have it stopped at once, and so could a slip of the
    pen: notice counts from when Warden told the owner, and a date that was past when it was
    written asks a question.

    Args:
        expiry: The date in the tag.
        noted: Since when Warden has seen this date in the tag, None while unknown.
        reported: Since when people know that it is past.
        config: The `warden` block.
        now: The time.
    """
    if noted is None or expiry < noted.date():
        return (
            f"its expiry {expiry} was past already when Warden first saw it: its owner is asked "
            "whether that is meant"
        )
    if reported is None:
        return "its owner was not told yet that it is past its expiry"
    notice = timedelta(days=config.guard.quarantine.after_expiry_days)
    ends = reported + max(notice, _SHORTEST_NOTICE)
    if now < ends:
        return f"its owner knows since {reported:%Y-%m-%d %H:%M} UTC, and has until {ends:%Y-%m-%d}"
    return ""
