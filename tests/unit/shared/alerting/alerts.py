"""Alerts and messages that the stories about formats are told with."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.arn import FunctionArn
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS, finding

CONTEXT: Final = Context(now=NOW, runbooks_url="https://git.example.com/runbooks", bucket="bucket")


def ago(**length: float) -> datetime:
    """A time before now."""
    return NOW - timedelta(**length)


def named(name: str) -> FunctionArn:
    """Another function of the same account."""
    return replace(ORDERS, name=name)


def alert(rule: str = "tag-policy", **changes: Any) -> Alert:
    """An alert on `orders`, opened a minute ago; what it does not know is its finding's."""
    known = {name: changes.pop(name) for name in list(changes) if name in Alert.__slots__}
    fields: dict[str, Any] = {
        "scope": "tags",
        "state": State.OPENED,
        "first_seen": ago(minutes=1),
        "last_seen": NOW,
        "owner": "payments",
        "environment": "production",
    }
    return Alert(finding=finding(rule, **changes), **(fields | known))


def notice(
    event: AlertEvent = AlertEvent.OPENED, handling: Handling | None = None, **changes: Any
) -> Notice:
    """What a message says of an alert."""
    if event is AlertEvent.RESOLVED:
        changes.setdefault("state", State.RESOLVED)
    return Notice(alert(**changes), handling or Handling(), event)


def message(
    *notices: Notice, occasion: Occasion = Occasion.CHANGE, messages: int = 1
) -> Notification:
    """A message about some alerts."""
    return Notification.of(notices, occasion=occasion, group="owner=payments", messages=messages)
