"""The subject of an e-mail: one line that can be read on a locked phone. Pure.

An SNS subject is printable ASCII and at most 100 characters long (SNS API reference, Publish).
"""

from typing import Final

from functions.shared.alerting.formats.wording import (
    bundles,
    counts,
    group_label,
    label,
    rules,
    span,
)
from functions.shared.alerting.notification import Notice, Notification, Occasion, Told
from functions.shared.text import ascii_line

_LIMIT: Final = 100
_NAME: Final = 40
_OWNER: Final = 24


def subject(notification: Notification) -> str:
    """Severity, how many, what, whose."""
    if notification.is_single:
        return _one(notification.notices[0])
    return _several(notification)


def _one(notice: Notice) -> str:
    alert = notice.alert
    finding = alert.finding
    lead = label(notice)
    if notice.told is Told.REMINDER and notice.handling.told_at is not None:
        lead += f" {span(notice.handling.told_at - alert.first_seen)}"
    return _line(
        f"[{lead}] {ascii_line(finding.function.name, _NAME)}: ", finding.title, alert.owner
    )


def _several(notification: Notification) -> str:
    lead = f"[{group_label(notification)}] "
    total = notification.total
    if notification.occasion is Occasion.STORM:
        what = f"{total} alerts at once: {counts(notification.by_severity)}"
        return _line(lead, what, notification.owner, several=True)
    same = bundles(notification.notices)
    if len(same) == 1 and total == len(notification.notices):
        what = f"{same[0].first.alert.finding.title}"
        return _line(f"{lead}{total} functions: ", what, notification.owner, several=True)
    return _line(
        f"{lead}{total} alerts: ", rules(notification.by_rule), notification.owner, several=True
    )


def _line(lead: str, what: str, owner: str, *, several: bool = False) -> str:
    """Shorten what is said, never how bad it is or whose."""
    unknown = "several owners" if several else "owner unknown"
    whose = f" ({ascii_line(owner, _OWNER) if owner else unknown})"
    start = ascii_line(lead, _LIMIT)
    joint = " " if lead.endswith(" ") else ""
    return f"{start}{joint}{ascii_line(what, _LIMIT - len(start) - len(joint) - len(whose))}{whose}"
