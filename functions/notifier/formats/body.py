"""The body of an SNS message: JSON for machines, text for e-mail and SMS. Pure.

SNS takes at most 256 KiB, subject and attributes included (SNS API reference, Publish).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.notifier.formats.attributes import attributes
from functions.notifier.formats.mail import mail
from functions.notifier.formats.sms import sms
from functions.notifier.formats.subject import subject
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import notification_document
from functions.shared.alerting.notification import Notification
from functions.shared.core.severity import Severity

LIMIT: Final = 256 * 1024
TEXTS: Final[Mapping[str, Callable[[Notification, Context], str]]] = {"email": mail, "sms": sms}
"""The text of a message for each protocol of SNS whose subscribers are people; each is written out
in `tests/golden/alerts/`. Source: SNS developer guide, "Sending platform-specific payloads"."""
# For each attribute, its data type and what SNS adds around it.
_PER_ATTRIBUTE: Final = 64


def sns_body(notification: Notification, context: Context) -> str:
    """The body for SNS with `MessageStructure=json`.

    Where the alerts do not fit, the evidence of the least severe goes first, then these alerts as
    a whole; the document says of each how to read it.
    """
    texts = {protocol: write(notification, context) for protocol, write in TEXTS.items()}
    document = notification_document(notification, context)
    room = LIMIT - _around(notification) - _size(_body(document | {"alerts": []}, texts))
    return _body(fitted(document, room), texts)


def fitted(document: dict[str, Any], room: int) -> dict[str, Any]:
    """Take from a notification's document what must go for it to fit, the least severe first.

    Args:
        document: As `notification_document` makes it.
        room: Bytes that its alerts may take within the body.
    """
    alerts: list[dict[str, Any]] = document["alerts"]
    least_first = sorted(range(len(alerts)), key=lambda at: (_rank(alerts[at]), -at))
    kept = dict(enumerate(alerts))
    sizes = {at: _within(alert) for at, alert in kept.items()}
    for at in least_first:
        if sum(sizes.values()) > room:
            kept[at] = _without_evidence(kept[at])
            sizes[at] = _within(kept[at])
    for at in least_first:
        if sum(sizes.values()) > room:
            del kept[at], sizes[at]
    left_out = document["left_out"] + len(alerts) - len(kept)
    return document | {"alerts": list(kept.values()), "left_out": left_out}


def _without_evidence(alert: dict[str, Any]) -> dict[str, Any]:
    if not alert["evidence"]:
        return alert
    command = f"warden alerts {alert['fingerprint']}"
    elsewhere = alert["evidence_elsewhere"] or command
    return alert | {"evidence": {}, "evidence_is_whole": False, "evidence_elsewhere": elsewhere}


def _rank(alert: Mapping[str, Any]) -> int:
    return Severity.parse(str(alert["severity"]))


def _within(alert: Mapping[str, Any]) -> int:
    """Bytes that an alert takes within the body: JSON inside JSON, and a comma."""
    return _size(json.dumps(_compact(alert), ensure_ascii=False)) + 1


def _compact(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _body(document: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    return json.dumps({"default": _compact(document), **texts}, ensure_ascii=False)


def _around(notification: Notification) -> int:
    """Bytes that subject and attributes take."""
    taken = len(subject(notification))
    for name, value in attributes(notification).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        taken += _size(name) + _size(text) + _PER_ATTRIBUTE
    return taken


def _size(text: str) -> int:
    return len(text.encode())
