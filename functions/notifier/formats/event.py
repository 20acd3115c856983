"""Alerts as events of the bus: one for each change of each alert. Pure.

docs/routing.md and docs/event.schema.json describe them.
"""

from typing import Any, Final

from functions.notifier.formats.pager import LEVELS, pager
from functions.notifier.incidents import Incident, alone
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import alert_document
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.events.message_types import alert_event_type

DETAIL_TYPES: Final = {event: alert_event_type(event.value) for event in AlertEvent}
"""The detail type of an alert's event, by what is said of the alert."""


def detail_type(notice: Notice) -> str:
    """What an event is about."""
    return DETAIL_TYPES[notice.event]


def detail(
    notice: Notice, context: Context, muted: str = "", incident: Incident | None = None
) -> dict[str, Any]:
    """The body of an event: the alert's document, whether people are told, and a pager's words.

    Args:
        notice: The alert's part of the message.
        context: The deployment.
        muted: Why nobody is told; empty when people are.
        incident: What it belongs to; None: it alone is one.
    """
    return alert_document(notice, context) | {
        "muted": muted,
        "incident": (incident or alone(notice)).document(),
        "level": LEVELS[notice.alert.finding.severity],
        "pager": pager(notice, context),
    }
