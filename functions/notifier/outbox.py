"""Messages that are written but not yet sent: what stands here leaves, however often SNS fails.

A message is put here before its alerts count as told, under a name made of what it says: who plans
the same message again, because the one before died in between, puts nothing new here.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.notifier.channels.topics import Outgoing
from functions.shared.state.table import ConflictError, Item, Table

_PK: Final = "OUTBOX"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be sent.

    Attributes:
        id: Its name in the outbox.
        outgoing: The message.
        since: When it was written, aware.
        order: Which one it was of those written then.
        attempts: How often sending it failed.
    """

    id: str
    outgoing: Outgoing
    since: datetime
    order: int
    attempts: int


class Outbox:
    """The messages of this deployment that wait to be sent, the oldest first."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._written = 0

    def put(self, identity: str, outgoing: Outgoing, now: datetime) -> None:
        """Write a message; one of the same identity that waits already is left as it is.

        Args:
            identity: What the message reports, the same for the same change.
            outgoing: The message.
            now: The time.
        """
        item = item_of(identity, outgoing, now, order=self._written)
        self._written += 1
        try:
            self._table.put(item, unless_exists=True)
        except ConflictError:
            return

    def waiting(self) -> list[Waiting]:
        """What waits, in the order in which it was written."""
        found = [_read(item) for item in self._table.query(_PK)]
        return sorted(found, key=lambda waiting: (waiting.since, waiting.order))

    def sent(self, waiting: Waiting) -> None:
        """Take a message out: it was sent, or set aside for a person."""
        self._table.delete(_PK, waiting.id)

    def failed(self, waiting: Waiting) -> None:
        """Count a failed attempt."""
        self._table.update(_PK, waiting.id, {"attempts": waiting.attempts + 1})


def item_of(identity: str, outgoing: Outgoing, now: datetime, *, order: int = 0) -> Item:
    """A message as it waits in the table, for those who write it together with something else."""
    name = hashlib.sha256(json.dumps([identity, outgoing.topic]).encode()).hexdigest()[:32]
    return {
        "pk": _PK,
        "sk": name,
        "message": outgoing.to_json(),
        "since": now.isoformat(),
        "order": order,
        "attempts": 0,
    }


def _read(item: Item) -> Waiting:
    return Waiting(
        id=str(item["sk"]),
        outgoing=Outgoing.from_json(str(item["message"])),
        since=datetime.fromisoformat(str(item["since"])),
        order=int(item["order"]),
        attempts=int(item["attempts"]),
    )
