"""Waivers and silences in the state table."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.state.table import Item, Table

_WAIVERS: Final = "WAIVERS"
_SILENCES: Final = "SILENCES"
# Longer than a weekly digest looks back, so that each ending is told.
_KEEP_ENDED: Final = timedelta(days=30)


class Mutes:
    """Every waiver and silence, those that ended in the last month included."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def waivers(self) -> list[Waiver]:
        """All waivers, in the order of their ids."""
        return [_waiver(item) for item in self._table.query(_WAIVERS)]

    def silences(self) -> list[Silence]:
        """All silences, in the order of their ids."""
        return [_silence(item) for item in self._table.query(_SILENCES)]

    def waive(self, waiver: Waiver) -> None:
        """Write a waiver, over one with the same id."""
        self._put(_WAIVERS, waiver.id, asdict(waiver), waiver.expires)

    def silence(self, silence: Silence) -> None:
        """Write a silence, over one with the same id."""
        self._put(_SILENCES, silence.id, asdict(silence), silence.ends)

    def remove_waivers(self, ids: Iterable[str]) -> None:
        """Take waivers away; one that is not there is no error."""
        for id_ in ids:
            self._table.delete(_WAIVERS, id_)

    def _put(self, pk: str, id_: str, document: dict[str, Any], ends: datetime) -> None:
        text = json.dumps(document, default=str, ensure_ascii=False)
        expires_at = int((ends + _KEEP_ENDED).timestamp())
        self._table.put({"pk": pk, "sk": id_, "document": text, "expires_at": expires_at})


def _waiver(item: Item) -> Waiver:
    document = json.loads(str(item["document"]))
    return Waiver(
        **document
        | {
            "matcher": Matcher(**document["matcher"]),
            "expires": datetime.fromisoformat(document["expires"]),
            "created_at": datetime.fromisoformat(document["created_at"]),
        }
    )


def _silence(item: Item) -> Silence:
    document = json.loads(str(item["document"]))
    return Silence(
        **document
        | {
            "matcher": Matcher(**document["matcher"]),
            "starts": datetime.fromisoformat(document["starts"]),
            "ends": datetime.fromisoformat(document["ends"]),
        }
    )
