"""Stored alerts: their state, and whether the last news of each was published."""

from datetime import timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.arn import FunctionArn
from functions.shared.state.table import ConflictError, Table, function_key

_KEEP_RESOLVED: Final = timedelta(days=90)


class StoredAlerts:
    """The alerts in the state table.

    An alert is written together with a mark that its news is not published yet, and the mark is
    taken off once it is. A crash between the two leaves the mark, and the next judgement of the
    function publishes what it finds marked: nothing is lost when SNS fails.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, function: FunctionArn, scope: str) -> list[tuple[Alert, bool]]:
        """The alerts of a function and scope, each with whether its news is still unpublished."""
        items = self._table.query(function_key(function), f"ALERT#{scope}#")
        return [
            (Alert.from_json(str(item["alert"])), item.get("unpublished") is True) for item in items
        ]

    def save(self, alert: Alert, *, unpublished: bool) -> None:
        """Write the next revision of an alert over the previous one.

        Raises:
            ConflictError: Somebody else wrote this revision first.
        """
        item: dict[str, str | int | bool] = {
            "pk": function_key(alert.finding.function),
            "sk": _sort_key(alert),
            "alert": alert.to_json(),
            "revision": alert.revision,
            "state": alert.state.value,
            "severity": alert.finding.severity.label,
            "unpublished": unpublished,
        }
        if not alert.is_open:
            item["expires_at"] = int((alert.last_seen + _KEEP_RESOLVED).timestamp())
        if alert.revision == 1:
            self._table.put(item, unless_exists=True)
        else:
            self._table.put(item, revision=alert.revision - 1)

    def mark_published(self, alert: Alert) -> None:
        """Take the mark off, unless there is newer news already."""
        try:
            self._table.update(
                function_key(alert.finding.function),
                _sort_key(alert),
                {"unpublished": False},
                where={"revision": alert.revision},
            )
        except ConflictError:
            return  # a later revision carries its own mark


def _sort_key(alert: Alert) -> str:
    return f"ALERT#{alert.scope}#{alert.finding.fingerprint}"
