"""Acknowledging an alert, and taking that back. Pure."""

from dataclasses import replace
from datetime import datetime

from functions.shared.alerting.handling import Acknowledgement, Decided, Handling
from functions.shared.alerting.history import HistoryEntry, with_entry
from functions.shared.core.severity import Severity
from warden.moments import minute


def acknowledged(
    handling: Handling, *, by: str, now: datetime, until: datetime, severity: Severity
) -> Handling:
    """The handling once somebody works on the alert, as bad as it is now."""
    entry = HistoryEntry(now, "acknowledged", f"by {by} until {minute(until)}")
    return replace(
        handling,
        acknowledgement=Acknowledgement(by, now, until, severity),
        unsent=(*handling.unsent, Decided.ACKNOWLEDGED),
        history=with_entry(handling.history, entry),
    )


def unacknowledged(handling: Handling, *, by: str, now: datetime) -> Handling:
    """The handling once nobody works on it any more; reminders begin again."""
    if handling.acknowledgement is None:
        return handling
    return replace(
        handling,
        acknowledgement=None,
        history=with_entry(handling.history, HistoryEntry(now, "unacknowledged", f"by {by}")),
    )
