"""What is said of an alert in a word or two. Pure."""

from datetime import datetime
from typing import Final

from functions.shared.alerting.handling import MutedBy
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.severity import Severity
from warden.moments import age, minute

STYLES: Final = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}

SHOWN: Final = 8
"""Digits of a fingerprint that a list shows; enough to name the alert."""

_MUTED: Final = {
    MutedBy.WAIVER: "waived",
    MutedBy.SILENCE: "silenced",
    MutedBy.INHIBITION: "explained by another",
}


def state_words(stored: StoredAlert, now: datetime) -> str:
    """The state of an alert, the most important word first."""
    alert, handling = stored.alert, stored.handling
    if not alert.is_open:
        return f"resolved {age(now - alert.last_seen)} ago"
    words = []
    if handling.mute:
        until = f" until {handling.mute.until:%Y-%m-%d}" if handling.mute.until else ""
        words.append(f"{_MUTED[handling.mute.by]}{until}")
    if handling.acknowledgement and now < handling.acknowledgement.until:
        words.append(f"acknowledged by {short_name(handling.acknowledgement.by)}")
    if handling.flapping:
        words.append("flapping")
    return ", ".join(words) or "open"


def short_name(signed: str) -> str:
    """What to call whoever signed, where there is little room: see `identity.signature`."""
    name, _, arn = signed.partition(" (")
    return name if arn else signed.rpartition("/")[2]


def sent_words(stored: StoredAlert) -> str:
    """When people got a message about an alert, and which."""
    handling = stored.handling
    if handling.notified is None or handling.notified_at is None:
        return "not yet"
    reminders = handling.reminders
    more = f", {reminders} reminder{'s' if reminders > 1 else ''}" if reminders else ""
    return f"{minute(handling.notified_at)} ({handling.notified.value}{more})"
