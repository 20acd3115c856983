"""What must stand in the table before anybody may be stopped."""

from datetime import datetime
from typing import Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.store import NEVER, StoredAlerts
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.guarding.expiry import EXPIRED, EXPIRY_RULE
from functions.shared.state.records import FunctionRecords
from functions.shared.state.table import Table
from tests.unit.shared.findings import finding

_FLAW: Final = "vulnerable-package"


def give_notice(
    table: Table,
    function: FunctionArn,
    tags: dict[str, str],
    *,
    noted: datetime,
    reported: datetime,
) -> None:
    """Warden saw these tags since a time, and told people later that the function is past its end.

    Args:
        table: The state table.
        function: The function.
        tags: Its tags.
        noted: When it saw them first.
        notified: When it notified people.
    """
    FunctionRecords(table).remember_tags(function, tags, noted)
    said = finding(
        EXPIRY_RULE,
        function=function,
        severity=Severity.MEDIUM,
        title=EXPIRED,
        update_key=EXPIRED,
    )
    _open(table, _alert(said, "tags", reported), reported)


def open_flaw(table: Table, function: FunctionArn, now: datetime) -> None:
    """The scanner's alert about a critical flaw is open."""
    said = finding(_FLAW, function=function, severity=Severity.CRITICAL, subject="PyPI/x/1")
    _open(table, _alert(said, "scanner", now), now)


def _alert(said: Finding, scope: str, at: datetime) -> Alert:
    return Alert(finding=said, scope=scope, state=State.OPENED, first_seen=at, last_seen=at)


def _open(table: Table, alert: Alert, reported: datetime) -> None:
    alerts = StoredAlerts(table)
    alerts.save(alert, due=reported, now=reported)
    (stored,) = (
        one
        for one in alerts.of(alert.finding.function, alert.scope)
        if one.alert.finding.rule == alert.finding.rule
    )
    known = Handling(
        notified=State.OPENED,
        notified_digest=alert.finding.digest,
        notified_at=reported,
        known_since=reported,
    )
    alerts.handle(stored, lambda _: known, due=NEVER, sent=stored.change_revision)
