"""The files of one message."""

import json
from pathlib import Path
from typing import Any, Final

from functions.notifier.formats.body import TEXTS
from functions.notifier.formats.chat import chat
from functions.notifier.formats.event import detail, detail_type
from functions.notifier.formats.subject import subject
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import alert_document, notification_document
from functions.shared.alerting.notification import Notification

FOLDER: Final = Path(__file__).parent / "alerts"


def files(notification: Notification, context: Context) -> dict[str, str]:
    """Every form of a message, by the name of its file."""
    worded = {write.__name__: write(notification, context) for write in TEXTS.values()}
    texts = {
        "subject.txt": subject(notification) + "\n",
        **{f"{name}.txt": text.rstrip() + "\n" for name, text in worded.items()},
        "chat.json": _pretty(chat(notification, context)),
    }
    if not notification.is_single:
        return texts | {"notification.json": _pretty(notification_document(notification, context))}
    (notice,) = notification.notices
    event = {"detail-type": detail_type(notice), "detail": detail(notice, context)}
    return texts | {
        "alert.json": _pretty(alert_document(notice, context)),
        "event.json": _pretty(event),
    }


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
