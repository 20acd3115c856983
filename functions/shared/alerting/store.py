"""Stored alerts: what checks found, and how people are kept informed of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import state_of
from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import ConflictError, Item, Table, function_key

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When an alert is due that nothing is to be done about: it stays listed."""

_KEEP_RESOLVED: Final = timedelta(days=90)
# DynamoDB serves one partition of an index with about a thousand writes a second.
_AGENDAS: Final = tuple(f"ALERTS#{shard}" for shard in "0123")
_PREFIX: Final = "ALERT#"
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert as it was read from the table.

    Attributes:
        alert: Its last revision.
        handling: What people know and decided.
        due: When the notifier looks at it next; `NEVER` where nothing is to come.
        change_revision: The last revision that was opened, updated or resolved.
        sent: The last revision that machines were sent.
        handling_revision: Counts the writes of its handling.
    """

    alert: Alert
    handling: Handling
    due: datetime
    change_revision: int = 0
    sent: int = 0
    handling_revision: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Its key in the table."""
        return function_key(self.alert.finding.function), _sort_key(self.alert)

    @property
    def is_waived(self) -> bool:
        """Whether it is open, and accepted."""
        return state_of(self.alert, self.handling).value == "waived"


class StoredAlerts:
    """The alerts in the state table.

    Checks write an alert (`save`), the notifier and people's commands its handling (`handle`);
    each under a lock of its own, so that neither makes the other start anew. The attributes
    `agenda` and `due` put it on the notifier's agenda. Every open alert stands there, and every
    resolved one until it is forgotten, so that the agenda is the list of what there is, too.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, function: FunctionArn, scope: str = "") -> list[StoredAlert]:
        """The alerts of a function, of one scope where one is given, resolved ones included."""
        prefix = f"{_PREFIX}{scope}#" if scope else _PREFIX
        return [_read(item) for item in self._table.query(function_key(function), prefix)]

    def due(self, now: datetime) -> list[StoredAlert]:
        """The alerts that the notifier is to look at, in no order."""
        return [stored for stored in self._listed(now) if stored.due <= now]

    def current(self) -> list[StoredAlert]:
        """Every open alert, and those that were resolved of late, in no order."""
        return list(self._listed(NEVER))

    def find(self, fingerprint: str) -> list[StoredAlert]:
        """The alerts among `current` whose fingerprint begins so, in no order."""
        keys = [
            key for key in self._keys(NEVER) if key[1].rpartition("#")[2].startswith(fingerprint)
        ]
        return [_read(item) for item in self._table.get_many(keys, consistent=True)]

    def save(self, alert: Alert, *, due: datetime | None, now: datetime) -> None:
        """Write the next revision of an alert over the previous one.

        Args:
            alert: The next revision.
            due: When the notifier is to look at a change; None where this revision is none.
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
        if due is not None:
            values |= {"change_revision": alert.revision, **_on_agenda(alert, due)}
        if not alert.is_open:
            values["expires_at"] = _seconds(now + _KEEP_RESOLVED)
        key = (function_key(alert.finding.function), _sort_key(alert))
        if alert.revision == 1:
            item = {"pk": key[0], "sk": key[1], "sent": 0, "handling_revision": 0, **values}
            self._table.put(item, unless_exists=True)
            return
        self._table.update(
            *key,
            values,
            where={"revision": alert.revision - 1},
            remove=["expires_at"] if alert.is_open else [],
        )

    def handle(
        self,
        stored: StoredAlert,
        change: Callable[[Handling], Handling],
        *,
        due: datetime | None,
        sent: int = 0,
    ) -> StoredAlert:
        """Write down how an alert was handled.

        Args:
            stored: The alert as it was when that was decided.
            change: Makes the new handling out of the present one; called again where somebody
                else changed it in between.
            due: When the notifier is to look next, None to forget the alert. Changes that came in
                since keep their own time.
            sent: The revision that machines were sent, if they were.

        Returns:
            The alert as it is stored now.

        Raises:
            ConflictError: Others kept changing it.
        """
        present = stored
        for _ in range(_ATTEMPTS):
            values: dict[str, str | int | bool] = {
                "handling": change(present.handling).to_json(),
                "handling_revision": present.handling_revision + 1,
                "sent": max(sent, present.sent),
            }
            forget = due is None and present.change_revision == stored.change_revision
            if due is not None and present.change_revision == stored.change_revision:
                values |= _on_agenda(present.alert, due)
            try:
                item = self._table.update(
                    *present.key,
                    values,
                    where={
                        "handling_revision": present.handling_revision,
                        "change_revision": present.change_revision,
                    },
                    remove=["agenda", "due"] if forget else [],
                )
                return _read(item)
            except ConflictError:
                present = _read(self._table.get(*stored.key) or {})
        raise ConflictError("the alert's handling kept changing")

    def put_off(self, stored: StoredAlert, due: datetime) -> None:
        """Look at an alert later, unless it changed since."""
        try:
            self._table.update(
                *stored.key,
                _on_agenda(stored.alert, due),
                where={
                    "change_revision": stored.change_revision,
                    "handling_revision": stored.handling_revision,
                },
            )
        except ConflictError:
            return  # whoever changed it saw to its time

    def look_again(self, concerned: Callable[[Alert], bool], now: datetime) -> int:
        """Have the notifier look at once at the alerts that are concerned; returns how many."""
        found = [stored for stored in self.current() if concerned(stored.alert)]
        for stored in found:
            self.put_off(stored, now)
        return len(found)

    def _listed(self, until: datetime) -> Iterator[StoredAlert]:
        yield from map(_read, self._table.get_many(self._keys(until), consistent=True))

    def _keys(self, until: datetime) -> list[tuple[str, str]]:
        return [key for agenda in _AGENDAS for key in self._table.due(agenda, _seconds(until))]


def _read(item: Item) -> StoredAlert:
    handling = item.get("handling")
    return StoredAlert(
        alert=Alert.from_json(str(item["alert"])),
        handling=Handling.from_json(str(handling)) if handling else Handling(),
        due=datetime.fromtimestamp(int(item["due"]), UTC) if "due" in item else NEVER,
        change_revision=int(item.get("change_revision", 0)),
        sent=int(item.get("sent", 0)),
        handling_revision=int(item.get("handling_revision", 0)),
    )


def _on_agenda(alert: Alert, due: datetime) -> Mapping[str, str | int]:
    shard = int(alert.finding.fingerprint, 16) % len(_AGENDAS)
    return {"agenda": _AGENDAS[shard], "due": _seconds(due)}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _sort_key(alert: Alert) -> str:
    return f"{_PREFIX}{alert.scope}#{alert.finding.fingerprint}"
