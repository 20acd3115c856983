"""Alerts that the notifier's tests are told with."""

from datetime import datetime
from typing import Any

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.shared.findings import finding


def stored(
    *,
    function: str = "orders",
    rule: str = "no-owner",
    severity: Severity = Severity.HIGH,
    state: State = State.OPENED,
    owner: str = "payments",
    handling: Handling | None = None,
    switches: tuple[datetime, ...] = (NOW,),
    **changes: Any,
) -> StoredAlert:
    """An alert that opened now and that nobody was told of, with some fields set otherwise."""
    arn = FunctionArn("aws", "eu-west-1", "123456789012", function)
    alert = Alert(
        finding=finding(rule, function=arn, severity=severity, **changes),
        scope="tags",
        state=state,
        first_seen=NOW,
        last_seen=NOW,
        owner=owner,
        switches=switches,
    )
    return StoredAlert(alert, handling or Handling(), due=NOW, change_revision=1)
