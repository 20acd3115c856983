"""What was sent: each digest once in each place, whoever asks how often, and whatever dies.

Under `DIGESTS`, `EDITION#<id>` is a period whose digests are to be sent, and
`SENT#<id>#<place>#<owner>` one of them. A digest is claimed before it is sent and noted after. A
claim that nobody turned into a note, because its holder died, ends by itself; only a death in the
moment between SNS's answer and the note makes a second copy.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from functions.notifier.digest.schedule import Edition
from functions.shared.review.period import Period
from functions.shared.state.table import ConflictError, Table

_PK: Final = "DIGESTS"
_CLAIM: Final = timedelta(minutes=15)
"""Longer than a function can run (Lambda developer guide, "Lambda quotas")."""
_KEEP: Final = timedelta(days=30)


class Claim(StrEnum):
    """Whether a digest may be sent now."""

    MINE = "mine"
    TAKEN = "taken"
    SENT = "sent"


class DigestLedger:
    """The digests in the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, edition: Edition, now: datetime) -> None:
        """Write down that the digests of a period are to be sent; again is no error."""
        item: dict[str, str | int | bool] = {
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
        """The periods whose digests are not all sent, the oldest first."""
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

    def finish(self, edition: Edition) -> None:
        """Write down that every digest of a period is sent."""
        self._table.update(_PK, f"EDITION#{edition.id}", {"done": True})

    def claim(self, edition: Edition, place: str, owner: str, now: datetime) -> Claim:
        """Take the right to send a digest in a place."""
        key = _sort_key(edition, place, owner)
        until = int((now + _CLAIM).timestamp())
        mine: dict[str, str | int | bool] = {"sent": False, "until": until}
        try:
            self._table.put(
                {"pk": _PK, "sk": key, "expires_at": _expiry(now), **mine}, unless_exists=True
            )
        except ConflictError:
            return self._take_over(key, mine, now)
        return Claim.MINE

    def note(self, edition: Edition, place: str, owner: str, now: datetime) -> None:
        """Write down that a digest was sent."""
        values: dict[str, str | int | bool] = {"sent": True, "at": now.isoformat()}
        self._table.update(_PK, _sort_key(edition, place, owner), values)

    def release(self, edition: Edition, place: str, owner: str) -> None:
        """Give a claim back: the digest was certainly not sent."""
        self._table.update(_PK, _sort_key(edition, place, owner), {"until": 0})

    def _take_over(self, key: str, mine: dict[str, str | int | bool], now: datetime) -> Claim:
        item = self._table.get(_PK, key)
        if item is None or item["sent"]:
            return Claim.SENT
        if int(item["until"]) > now.timestamp():
            return Claim.TAKEN
        try:
            where = {"sent": False, "until": item["until"]}
            self._table.update(_PK, key, mine, where=where)
        except ConflictError:
            return Claim.TAKEN
        return Claim.MINE


def _sort_key(edition: Edition, place: str, owner: str) -> str:
    return f"SENT#{edition.id}#{place}#{owner}"


def _expiry(now: datetime) -> int:
    return int((now + _KEEP).timestamp())
