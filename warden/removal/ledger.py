"""How far a function's end has come: one item beside its record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Table, function_key

_SORT_KEY: Final = "LIFECYCLE"


class Stage(StrEnum):
    """Where a function is on its way out, or back."""

    NONE = "none"
    ARCHIVED = "archived"
    REMOVING = "removing"
    REMOVED = "removed"
    RESTORING = "restoring"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written down last.

    Attributes:
        stage: Where it is.
        at: When that was written.
        by: Who did it.
        place: Folder of its archive; empty where there is none.
        why: In words, for people.
    """

    stage: Stage = Stage.NONE
    at: datetime | None = None
    by: str = ""
    place: str = ""
    why: str = ""


class Ledger:
    """Reads and writes entries; each is written before what it says is done."""

    def __init__(self, table: Table) -> None:
        """Know the state table."""
        self._table = table

    def get(self, function: FunctionArn) -> Entry:
        """The latest entry of a function."""
        item = self._table.get(function_key(function), _SORT_KEY)
        if item is None:
            return Entry()
        return Entry(
            Stage(str(item["stage"])),
            datetime.fromisoformat(str(item["at"])),
            str(item["by"]),
            str(item["place"]),
            str(item["why"]),
        )

    def write(
        self, function: FunctionArn, stage: Stage, *, at: datetime, by: str, place: str, why: str
    ) -> None:
        """Write the next entry over the one before."""
        self._table.put(
            {
                "pk": function_key(function),
                "sk": _SORT_KEY,
                "stage": stage.value,
                "at": at.isoformat(),
                "by": by,
                "place": place,
                "why": why,
            }
        )
