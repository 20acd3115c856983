"""Which digests are written: each once in each place, whoever asks how often, and whatever dies.

Under `DIGESTS`, `EDITION#<id>` is a period whose digests are to be written, and
`WRITTEN#<id>#<topic>#<owner>` one of them. It is written in one transaction with the message in the
outbox, so that there is never one without the other.
"""

from datetime import datetime, timedelta
from typing import Final

from functions.notifier.channels.topics import Outgoing
from functions.notifier.digest.schedule import Edition
from functions.notifier.outbox import item_of
from functions.shared.review.period import Period
from functions.shared.state.table import ConflictError, Item, Table

_PK: Final = "DIGESTS"
_KEEP: Final = timedelta(days=30)


class DigestLedger:
    """The digests in the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, edition: Edition, now: datetime) -> None:
        """Write down that the digests of a period are to be written; again is no error."""
        item: Item = {
            "pk": _PK,
            "sk": f"EDITION#{edition.id}",
            "cadence": edition.cadence,
            "start": edition.period.start.isoformat(),
            "end": edition.period.end.isoformat(),
            "done": False,
            "expires_at": _expiry(now),
        }
        try:
            self._table.put(item, unless_exists=True)
        except ConflictError:
            return

    def unfinished(self) -> list[Edition]:
        """The periods whose digests are not all written, the oldest first."""
        editions = [
            Edition(
                str(item["cadence"]),
                Period(
                    datetime.fromisoformat(str(item["start"])),
                    datetime.fromisoformat(str(item["end"])),
                ),
            )
            for item in self._table.query(_PK, "EDITION#")
            if not item["done"]
        ]
        return sorted(editions, key=lambda edition: edition.period.end)

    def write(self, edition: Edition, owner: str, outgoing: Outgoing, now: datetime) -> bool:
        """Put an owner's digest into the outbox, unless that was done; whether it was done now."""
        identity = f"{edition.id}#{outgoing.topic}#{owner}"
        written: Item = {"pk": _PK, "sk": f"WRITTEN#{identity}", "expires_at": _expiry(now)}
        try:
            self._table.put_together([written, item_of(identity, outgoing, now)])
        except ConflictError:
            return False
        return True

    def finish(self, edition: Edition) -> None:
        """Write down that every digest of a period is written."""
        self._table.update(_PK, f"EDITION#{edition.id}", {"done": True})


def _expiry(now: datetime) -> int:
    return int((now + _KEEP).timestamp())
