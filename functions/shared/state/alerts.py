"""Stored alerts: their state, and whether the last news of each was told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.arn import FunctionArn
from functions.shared.state.table import ConflictError, Item, Table, function_key

_KEEP_RESOLVED: Final = timedelta(days=90)
# Longer than telling takes, shorter than the queues' visibility timeouts: whoever crashed while
# telling is delivered its message again only after its claim has lapsed.
_CLAIM: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert as it was read from the table.

    Attributes:
        alert: Its last revision.
        untold: Whether it carries news that was not told, and that nobody is about to tell.
    """

    alert: Alert
    untold: bool


class StoredAlerts:
    """The alerts in the state table.

    An alert with news is written together with the revision that is the news and a claim to tell
    it; telling it writes down that this revision was told. Who finds news untold after the claim
    lapsed, because its writer crashed or SNS failed, tells it: nothing is lost. Who finds a claim
    standing leaves the telling to its holder: nothing is told twice.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, function: FunctionArn, scope: str, now: datetime) -> list[StoredAlert]:
        """The alerts of a function and scope, resolved ones included."""
        items = self._table.query(function_key(function), f"ALERT#{scope}#")
        return [StoredAlert(Alert.from_json(str(i["alert"])), _is_untold(i, now)) for i in items]

    def save(self, alert: Alert, *, news: bool, now: datetime) -> None:
        """Write the next revision of an alert over the previous one.

        Args:
            alert: The next revision.
            news: Whether this revision is to be told, which the caller claims.
            now: The time.

        Raises:
            ConflictError: Somebody else wrote this revision first.
        """
        values: dict[str, str | int | bool] = {
            "alert": alert.to_json(),
            "revision": alert.revision,
            "state": alert.state.value,
            "severity": alert.finding.severity.label,
        }
        if news:
            values |= {"news": alert.revision, "claimed_until": _seconds(now + _CLAIM)}
        if not alert.is_open:
            values["expires_at"] = _seconds(alert.last_seen + _KEEP_RESOLVED)
        key = (function_key(alert.finding.function), _sort_key(alert))
        if alert.revision == 1:
            self._table.put({"pk": key[0], "sk": key[1], **values}, unless_exists=True)
            return
        self._table.update(
            *key,
            values,
            where={"revision": alert.revision - 1},
            remove=["expires_at"] if alert.is_open else [],
        )

    def told(self, alert: Alert) -> None:
        """Write down that a revision was told, unless there is newer news already."""
        self._mark(alert, {"told": alert.revision})

    def not_told(self, alert: Alert) -> None:
        """Give the claim to tell a revision back: telling it failed."""
        self._mark(alert, {"claimed_until": 0})

    def _mark(self, alert: Alert, values: Item) -> None:
        key = (function_key(alert.finding.function), _sort_key(alert))
        try:
            self._table.update(*key, values, where={"news": alert.revision})
        except ConflictError:
            return  # whoever wrote the newer news sees to it


def _is_untold(item: Item, now: datetime) -> bool:
    news, told = int(item.get("news", 0)), int(item.get("told", 0))
    return news > told and int(item.get("claimed_until", 0)) <= _seconds(now)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _sort_key(alert: Alert) -> str:
    return f"ALERT#{alert.scope}#{alert.finding.fingerprint}"
