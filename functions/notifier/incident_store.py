"""The incidents that pagers are told of, in the state table; only the lease's holder writes."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from functions.notifier.incidents import Incident, cause_of, placed
from functions.shared.alerting.notification import Notice
from functions.shared.core.severity import Severity
from functions.shared.state.table import Item, Table

_PK: Final = "INCIDENTS"
_KEEP: Final = timedelta(days=90)
"""An alert that nobody said anything of for so long begins an incident of its own."""


class IncidentStore:
    """Which incident each alert belongs to."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def place(self, notices: Iterable[Notice], now: datetime) -> list[Incident]:
        """Put what is to be said into incidents, in order, and write that down; one for each."""
        every = list(notices)
        causes = [cause_of(one.alert) for one in every]
        keys = [(_PK, cause) for cause in dict.fromkeys(causes)]
        stored = self._table.get_many(keys, consistent=True) if keys else ()
        known = {str(item["sk"]): _read(item) for item in stored}
        before = dict(known)
        found: list[Incident] = []
        for cause, notice in zip(causes, every, strict=True):
            known[cause], mine = placed(known.get(cause, ()), notice, now)
            found.append(mine)
        for cause, incidents in known.items():
            if incidents != before.get(cause):
                self._table.put(_item(cause, incidents, now))
        return found


def _item(cause: str, incidents: Iterable[Incident], now: datetime) -> Item:
    rows = [
        {
            "key": one.key,
            "began": one.began.isoformat(),
            "members": {name: severity.label for name, severity in one.members.items()},
            "quiet": sorted(one.quiet),
        }
        for one in incidents
    ]
    expires = int((now + _KEEP).timestamp())
    return {"pk": _PK, "sk": cause, "incidents": json.dumps(rows), "expires_at": expires}


def _read(item: Item) -> tuple[Incident, ...]:
    rows: list[dict[str, Any]] = json.loads(str(item["incidents"]))
    return tuple(
        Incident(
            row["key"],
            datetime.fromisoformat(row["began"]),
            {name: Severity.parse(label) for name, label in row["members"].items()},
            frozenset(row["quiet"]),
        )
        for row in rows
    )
