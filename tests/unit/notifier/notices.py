"""Messages that the tests of the ways out are told with."""

from typing import Any

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.arn import FunctionArn
from tests.unit.conftest import NOW
from tests.unit.shared.findings import finding


def notice(name: str = "orders", owner: str = "payments", **changes: Any) -> Notice:
    """The opening of an alert about a function."""
    function = FunctionArn("aws", "eu-west-1", "123456789012", name)
    alert = Alert(
        finding=finding(**{"function": function, **changes}),
        scope="tags",
        state=State.OPENED,
        first_seen=NOW,
        last_seen=NOW,
        owner=owner,
        environment="production",
    )
    return Notice(alert, Handling(), AlertEvent.OPENED)


def message(*notices: Notice) -> Notification:
    """A message about some alerts."""
    return Notification.of(notices or [notice()], occasion=Occasion.CHANGE, group="|owner=payments")
