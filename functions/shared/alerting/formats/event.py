"""Alerts as events of the bus: one for each piece of news of each alert. Pure.

docs/events.md describes them.
"""

from typing import Any, Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import alert_document
from functions.shared.alerting.notification import Notice, Told
from functions.shared.severity import Severity

_NEWS: Final = {
    Told.OPENED: "Alert Opened",
    Told.UPDATED: "Alert Updated",
    Told.RESOLVED: "Alert Resolved",
    Told.REMINDER: "Alert Reminder",
    Told.FLAPPING: "Alert Flapping",
    Told.ACKNOWLEDGED: "Alert Acknowledged",
    Told.WAIVED: "Alert Waived",
    Told.MUTED: "Alert Muted",
    Told.UNMUTED: "Alert Unmuted",
}
# The four steps of pagers (PagerDuty, Events API v2: `severity`).
_LEVELS: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}

DETAIL_TYPES: Final = tuple(_NEWS.values())
"""Every detail type that an alert's event can have."""


def detail_type(notice: Notice) -> str:
    """What an event is about."""
    return _NEWS[notice.told]


def detail(notice: Notice, context: Context, muted: str = "") -> dict[str, Any]:
    """The body of an event: the alert's document, and what pagers need besides.

    Those are one line that says what and where, as EventBridge cannot put a line together safely;
    their level; and whether people are told.

    Args:
        notice: The alert's part of the news.
        context: The deployment.
        muted: Why nobody is told; empty when people are.
    """
    finding = notice.alert.finding
    return alert_document(notice, context) | {
        "summary": f"{finding.function.name}: {finding.title}",
        "level": _LEVELS[finding.severity],
        "muted": muted,
    }
