"""The subject of an e-mail: one line that can be read on a locked phone. Pure.

An SNS subject is printable ASCII and at most 100 characters long (SNS API reference, Publish).
"""

from typing import Final

from functions.shared.alerting.formats.wording import gist, group_label, label
from functions.shared.alerting.notification import Notification
from functions.shared.core.text import ascii_line

_LIMIT: Final = 100
_NAME: Final = 40
_OWNER: Final = 24
_ENVIRONMENT: Final = 16


def subject(notification: Notification) -> str:
    """Severity, how many, what, whose."""
    if notification.is_single:
        finding = notification.notices[0].alert.finding
        lead = f"[{label(notification.notices[0])}] {ascii_line(finding.name, _NAME)}: "
        return _line(lead, finding.title, notification)
    return _line(f"[{group_label(notification)}] ", gist(notification), notification)


def _line(lead: str, what: str, notification: Notification) -> str:
    """Shorten what is said, never how bad it is or whose; say where, if there is room."""
    unknown = "owner unknown" if notification.is_single else "several owners"
    owner = ascii_line(notification.owner, _OWNER) if notification.owner else unknown
    environment = ascii_line(notification.environment, _ENVIRONMENT)
    whose = f" ({owner}, {environment})" if environment else f" ({owner})"
    said = ascii_line(what, 2 * _LIMIT)
    if len(lead) + len(said) + len(whose) > _LIMIT:
        whose = f" ({owner})"
    return f"{lead}{ascii_line(said, _LIMIT - len(lead) - len(whose))}{whose}"
