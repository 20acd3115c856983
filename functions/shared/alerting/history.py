"""What became of an alert, entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.core.text import plain

_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to an alert.

    Attributes:
        at: When, aware.
        what: One word: `opened`, `updated`, `resolved`, `notified`, `reminded`, `acknowledged`,
            `waived`, `muted`, `unmuted`, `reopened`.
        note: By whom, why, or how severe; empty where the word says it all.
    """

    at: datetime
    what: str
    note: str = ""

    def __post_init__(self) -> None:
        """Notes hold names and reasons that people typed."""
        object.__setattr__(self, "note", plain(self.note, 200))

    def to_list(self) -> list[str]:
        """The stored form, short because it is stored often."""
        return [self.at.isoformat(), self.what, self.note]

    @classmethod
    def from_list(cls, stored: Sequence[str]) -> "HistoryEntry":
        """Read what `to_list` wrote."""
        at, what, note = stored
        return cls(datetime.fromisoformat(at), what, note)


def with_entry(history: Sequence[HistoryEntry], entry: HistoryEntry) -> tuple[HistoryEntry, ...]:
    """A history with one more entry: the first ever and the latest are kept."""
    grown = (*history, entry)
    return grown if len(grown) <= _KEPT else (grown[0], *grown[2:])
