"""An alert for programs: the document that subscribers receive, and how it was handled."""

from typing import Any

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import alert_document
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.alerting.store import StoredAlert
from warden.alert_page import history


def alert_json(stored: StoredAlert, context: Context) -> dict[str, Any]:
    """The document of docs/alert.schema.json, with the whole history and more of the handling."""
    handling = stored.handling
    mute = handling.mute
    notice = Notice(stored.alert, handling, AlertEvent(stored.alert.state.value))
    return alert_document(notice, context) | {
        "scope": stored.alert.scope,
        "notified_at": handling.notified_at and handling.notified_at.isoformat(timespec="seconds"),
        "flapping": handling.flapping,
        "mute": mute
        and {
            "by": mute.by.value,
            "id": mute.id,
            "reason": mute.reason,
            "until": mute.until and mute.until.isoformat(timespec="seconds"),
        },
        "history": [
            {"at": entry.at.isoformat(timespec="seconds"), "what": entry.what, "note": entry.note}
            for entry in history(stored)
        ],
    }
