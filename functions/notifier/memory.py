"""What the notifier remembers of the messages it sent: when, to which group, in which storm."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from functions.notifier.plan import STORM_WINDOW, Memory, Message
from functions.shared.alerting.notification import Occasion
from functions.shared.state.table import Table

_PK: Final = "NOTIFIER"
_STORM: Final = "STORM"
# Longer than any interval between two messages of a group.
_KEEP: Final = timedelta(days=2)


class Remembered:
    """The notifier's memory in the state table; only the holder of the lease writes it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def recall(self, groups: Iterable[str]) -> Memory:
        """What was sent of late, as far as these groups are concerned."""
        keys = [(_PK, _group_key(group)) for group in sorted(set(groups))]
        event = {
            str(item["group"]): datetime.fromisoformat(str(item["notified_at"]))
            for item in self._table.get_many(keys, consistent=True)
        }
        storm = json.loads(str((self._table.get(_PK, _STORM) or {}).get("storm", "{}")))
        return Memory(
            groups=event,
            sent=tuple(map(datetime.fromisoformat, storm.get("sent", []))),
            summaries={
                route: datetime.fromisoformat(at)
                for route, at in storm.get("summaries", {}).items()
            },
        )

    def remember(self, message: Message, memory: Memory, now: datetime) -> Memory:
        """Write down that a message was sent; returns what is remembered now."""
        expires_at = int((now + _KEEP).timestamp())
        for group in message.groups:
            self._table.put(
                {
                    "pk": _PK,
                    "sk": _group_key(group),
                    "group": group,
                    "notified_at": now.isoformat(),
                    "expires_at": expires_at,
                }
            )
        sent = (*(at for at in memory.sent if now - at < STORM_WINDOW), now)
        summaries = dict(memory.summaries)
        if message.notification.occasion is Occasion.STORM:
            summaries[message.route] = now
        storm = {
            "sent": [at.isoformat() for at in sent],
            "summaries": {route: at.isoformat() for route, at in summaries.items()},
        }
        self._table.put({"pk": _PK, "sk": _STORM, "storm": json.dumps(storm)})
        event = {**memory.groups, **dict.fromkeys(message.groups, now)}
        return Memory(groups=event, sent=sent, summaries=summaries)


def _group_key(group: str) -> str:
    return f"GROUP#{group}"
