"""Waivers and silences in the state table."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.state.table import Table

_WAIVERS: Final = "WAIVERS"
_SILENCES: Final = "SILENCES"
# Longer than a weekly digest looks back, so that each ending is told.
_KEEP_ENDED: Final = timedelta(days=30)


_WAIVER: Final = TypeAdapter(Waiver)
_SILENCE: Final = TypeAdapter(Silence)


class Mutes:
    """Every waiver and silence, those that ended in the last month included."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def waivers(self) -> list[Waiver]:
        """All waivers, in the order of their ids."""
        return [
            _WAIVER.validate_json(str(item["document"])) for item in self._table.query(_WAIVERS)
        ]

    def silences(self) -> list[Silence]:
        """All silences, in the order of their ids."""
        return [
            _SILENCE.validate_json(str(item["document"])) for item in self._table.query(_SILENCES)
        ]

    def waive(self, waiver: Waiver) -> None:
        """Write a waiver, over one with the same id."""
        self._put(_WAIVERS, waiver.id, _WAIVER.dump_json(waiver), waiver.expires)

    def silence(self, silence: Silence) -> None:
        """Write a silence, over one with the same id."""
        self._put(_SILENCES, silence.id, _SILENCE.dump_json(silence), silence.ends)

    def remove_waivers(self, ids: Iterable[str]) -> None:
        """Take waivers away; one that is not there is no error."""
        for id_ in ids:
            self._table.delete(_WAIVERS, id_)

    def _put(self, pk: str, id_: str, document: bytes, ends: datetime) -> None:
        expires_at = int((ends + _KEEP_ENDED).timestamp())
        self._table.put(
            {"pk": pk, "sk": id_, "document": document.decode(), "expires_at": expires_at}
        )
