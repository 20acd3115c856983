"""When a function must be gone, as its tags say, and when it may be stopped because it is not."""

from collections.abc import Mapping
from datetime import date, timedelta

from functions.shared.config import QuarantineReason, WardenConfig


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
