"""One notifier at a time: who holds the lease tells, everybody else leaves a mark and goes.

Two that told at the same time would send two messages about one group. Who finds the lease taken
raises a flag; the holder looks once more when it finds the flag raised, so that nothing that was
due meanwhile waits for the clock.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

from functions.shared.state.table import ConflictError, Item, Table

_KEY: Final = ("NOTIFIER", "LEASE")


class Lease:
    """The right to tell, for longer than an invocation can last."""

    def __init__(self, table: Table, lasts: timedelta) -> None:
        """Prepare to take it.

        Args:
            table: The state table.
            lasts: How long it lasts if its holder dies; longer than the function's timeout.
        """
        self._table = table
        self._lasts = lasts
        self._holder = uuid.uuid4().hex
        self._flags = 0

    def take(self, now: datetime) -> bool:
        """Take the lease, or raise the flag for its holder; whether it was taken."""
        until = int((now + self._lasts).timestamp())
        mine: Item = {"holder": self._holder, "until": until}
        item = self._table.get(*_KEY)
        try:
            if item is None:
                pk, sk = _KEY
                self._table.put({"pk": pk, "sk": sk, "flags": 0, **mine}, unless_exists=True)
                return True
            if int(item["until"]) <= now.timestamp():
                self._flags = int(item["flags"])
                seen = {name: item[name] for name in ("holder", "flags")}
                self._table.update(*_KEY, mine, where=seen)
                return True
        except ConflictError:
            return self.take(now)  # somebody was faster; look whether it is free still
        try:
            self._table.update(
                *_KEY,
                {"flags": int(item["flags"]) + 1},
                where={name: item[name] for name in ("holder", "flags", "until")},
            )
        except ConflictError:
            return self.take(now)  # the holder may have gone without seeing our flag
        return False

    def give_back(self) -> bool:
        """Give the lease back, unless somebody raised the flag since it was taken.

        Returns:
            Whether it was given back; if not, look once more and try again.
        """
        mine: Item = {"holder": self._holder, "flags": self._flags}
        try:
            self._table.update(*_KEY, {"until": 0}, where=mine)
        except ConflictError:
            item = self._table.get(*_KEY) or {}
            self._flags = int(item.get("flags", 0))
            return str(item.get("holder", "")) != self._holder
        return True
