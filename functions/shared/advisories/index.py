"""Looking packages up in the advisory index.

`AdvisoryIndex.open(path)` reads nothing but the header and a few facts; `lookup` reads the pages
of one package; `advisory` reads one record's text, for the few that match.
"""

import json
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from functions.shared.advisories.detail import unpack
from functions.shared.advisories.layout import APPLICATION_ID, FORMAT_VERSION
from functions.shared.advisories.names import index_name
from functions.shared.advisories.rated import Rated
from functions.shared.advisories.record import Event, EventKind
from functions.shared.core.severity import Severity

_LOOKUP: Final = "SELECT entries FROM package WHERE ecosystem = ? AND name = ?"
_ADVISORY: Final = "SELECT id, aliases, names, detail FROM advisory WHERE ecosystem = ? AND ref = ?"
_REMEMBERED: Final = 2048
_KINDS: Final[dict[str, EventKind]] = {
    "i": "introduced",
    "f": "fixed",
    "a": "last_affected",
    "l": "limit",
}
_LETTERS: Final = {kind: letter for letter, kind in _KINDS.items()}


class AdvisoryIndexError(ValueError):
    """The file is no advisory index, is damaged, or has a format this code does not know."""


class AdvisoryEntry(NamedTuple):
    """What one advisory says about one package.

    Attributes:
        ref: Handle for `AdvisoryIndex.advisory`.
        versions: Listed versions that no range covers.
        ranges: Timelines for `ranges.evaluate`.
        untellable: There is more to it than can be compared with a version.
        rated: The severity for this package where it differs from the advisory's.
        informational: Why this is no vulnerability as such, or empty.
    """

    ref: int
    versions: tuple[str, ...]
    ranges: tuple[tuple[Event, ...], ...]
    untellable: bool = False
    rated: Rated | None = None
    informational: str = ""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One standing advisory.

    Attributes:
        aliases: The record's own aliases.
        names: Every name of the flaw that any record connects to this one, its own included.
        modified: RFC 3339 time of its last change, or empty.
    """

    id: str
    aliases: tuple[str, ...]
    names: tuple[str, ...]
    rated: Rated
    summary: str
    references: tuple[str, ...]
    modified: str


@dataclass(frozen=True, slots=True)
class ExportState:
    """One ecosystem's export as it stands in the index.

    Attributes:
        source: Where it came from.
        etag: HTTP or S3 entity tag, for the next conditional fetch; may be empty.
        last_modified: HTTP date for the same purpose; may be empty.
        checked_at: When the source was last asked and this was its newest content.
        newest_modified: The newest record's own date; None when no record carries one.
        records: Records that stand.
        withdrawn: Records that were taken back.
        rows: Pairs of a record and a package.
        problems: Records or parts of records that could not be used.
    """

    ecosystem: str
    source: str
    etag: str
    last_modified: str
    checked_at: datetime
    newest_modified: datetime | None
    records: int
    withdrawn: int
    rows: int
    problems: int


class AdvisoryIndex:
    """An open index. Use as a context manager, or keep it open for the life of the process.

    The packages looked up last are remembered: the functions of an estate share most of theirs.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        built_at: datetime,
        exports: Mapping[str, ExportState],
    ) -> None:
        """Use `open`."""
        self._connection = connection
        self.built_at = built_at
        self.exports = exports
        self._entries = lru_cache(maxsize=_REMEMBERED)(self._read_entries)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an index file for reading.

        Raises:
            AdvisoryIndexError: No such file, no index, damaged, or of another format version.
        """
        try:
            # Immutable: a published index never changes, so no locks and no journal are needed.
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        except sqlite3.Error as error:
            raise AdvisoryIndexError(f"{path}: {error}") from error
        try:
            _check_format(connection, path)
            built_at, exports = _facts(connection)
        except (sqlite3.Error, ValueError, TypeError) as error:
            connection.close()
            if isinstance(error, AdvisoryIndexError):
                raise
            raise AdvisoryIndexError(f"{path}: {error}") from error
        return cls(connection, built_at, exports)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def lookup(self, ecosystem: str, name: str) -> tuple[AdvisoryEntry, ...]:
        """Everything that standing advisories say about one package; empty when nothing does.

        Raises:
            AdvisoryIndexError: The file is damaged.
        """
        return self._entries(ecosystem, index_name(ecosystem, name))

    def advisory(self, ecosystem: str, ref: int) -> Advisory:
        """The advisory that an entry of this ecosystem refers to.

        Raises:
            AdvisoryIndexError: The file is damaged.
        """
        row = self._row(_ADVISORY, (ecosystem, ref))
        if row is None:
            raise AdvisoryIndexError(f"{ecosystem} advisory {ref} is missing")
        try:
            return _decode_advisory(*row)
        except (ValueError, TypeError, zlib.error) as error:
            raise AdvisoryIndexError(f"{ecosystem} advisory {ref} is damaged: {error}") from error

    def withdrawn_since(self, ecosystem: str, advisory_id: str) -> datetime | None:
        """When a record was taken back; None when it was not.

        Raises:
            AdvisoryIndexError: The file is damaged.
        """
        row = self._row(
            "SELECT since FROM withdrawn WHERE ecosystem = ? AND id = ?", (ecosystem, advisory_id)
        )
        try:
            return datetime.fromisoformat(row[0]) if row else None
        except (ValueError, TypeError) as error:
            raise AdvisoryIndexError(f"{ecosystem} {advisory_id} is damaged: {error}") from error

    def covers(self, ecosystem: str) -> bool:
        """Whether this ecosystem's export is in the index: if not, silence says nothing."""
        return ecosystem in self.exports

    @property
    def checked_at(self) -> datetime | None:
        """When the longest unchecked of its sources was last known to be current.

        None for an index without exports, which never was.
        """
        return min((state.checked_at for state in self.exports.values()), default=None)

    def age(self, now: datetime) -> timedelta:
        """Time since `checked_at`; the largest possible age when there is none."""
        checked_at = self.checked_at
        return timedelta.max if checked_at is None else now - checked_at

    def _read_entries(self, ecosystem: str, name: str) -> tuple[AdvisoryEntry, ...]:
        row = self._row(_LOOKUP, (ecosystem, name))
        if row is None:
            return ()
        try:
            return tuple(_decode_entry(fields) for fields in json.loads(row[0]))
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise AdvisoryIndexError(f"{ecosystem} {name}: damaged entries: {error}") from error

    def _row(self, query: str, values: tuple[str | int, ...]) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise AdvisoryIndexError(f"advisory index: {error}") from error
        return row


def encode_events(events: tuple[Event, ...]) -> list[str]:
    """The stored form of a range: letter, version, letter, version, ..."""
    return [text for event in events for text in (_LETTERS[event.kind], event.version)]


def encode_rated(rated: Rated) -> list[object]:
    """The stored form of a severity."""
    severity = None if rated.severity is None else int(rated.severity)
    return [severity, rated.score, rated.vector]


def encode_state(state: ExportState) -> tuple[str | int, ...]:
    """The row of an export."""
    newest = state.newest_modified
    return (
        state.ecosystem,
        state.source,
        state.etag,
        state.last_modified,
        state.checked_at.isoformat(),
        newest.isoformat() if newest else "",
        state.records,
        state.withdrawn,
        state.rows,
        state.problems,
    )


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise AdvisoryIndexError(f"{path}: no advisory index")
    if version != FORMAT_VERSION:
        raise AdvisoryIndexError(
            f"{path}: index format {version}, this code reads {FORMAT_VERSION}; run the sync again"
        )


def _facts(connection: sqlite3.Connection) -> tuple[datetime, dict[str, ExportState]]:
    built_at = connection.execute("SELECT value FROM meta WHERE name = 'built_at'").fetchone()
    if built_at is None:
        raise AdvisoryIndexError("the index does not say when it was built")
    rows = connection.execute(
        "SELECT ecosystem, source, etag, last_modified, checked_at, newest_modified,"
        " records, withdrawn, rows, problems FROM export"
    )
    states = (_decode_state(row) for row in rows)
    return datetime.fromisoformat(built_at[0]), {state.ecosystem: state for state in states}


def _decode_state(row: tuple[Any, ...]) -> ExportState:
    *texts, checked_at, newest_modified, records, withdrawn, count, problems = row
    ecosystem, source, etag, last_modified = texts
    return ExportState(
        ecosystem=ecosystem,
        source=source,
        etag=etag,
        last_modified=last_modified,
        checked_at=datetime.fromisoformat(checked_at),
        newest_modified=datetime.fromisoformat(newest_modified) if newest_modified else None,
        records=records,
        withdrawn=withdrawn,
        rows=count,
        problems=problems,
    )


def _decode_entry(fields: list[Any]) -> AdvisoryEntry:
    ref, versions, ranges, *rest = fields
    timelines = tuple(_decode_events(flat) for flat in ranges)
    if not rest:
        return AdvisoryEntry(ref, tuple(versions), timelines)
    untellable, rated, informational = rest
    return AdvisoryEntry(
        ref,
        tuple(versions),
        timelines,
        bool(untellable),
        _decode_rated(rated) if rated else None,
        informational,
    )


def _decode_events(flat: list[str]) -> tuple[Event, ...]:
    return tuple(map(Event, map(_KINDS.__getitem__, flat[::2]), flat[1::2]))


def _decode_rated(fields: list[Any]) -> Rated:
    severity, score, vector = fields
    return Rated(None if severity is None else Severity(severity), score, vector)


def _decode_advisory(advisory_id: str, aliases: str, names: str, detail: bytes) -> Advisory:
    rated, summary, references, modified = json.loads(unpack(detail))
    own_aliases = tuple(aliases.split())
    return Advisory(
        id=advisory_id,
        aliases=own_aliases,
        names=tuple(names.split()) if names else tuple(sorted({advisory_id, *own_aliases})),
        rated=_decode_rated(rated),
        summary=summary,
        references=tuple(references),
        modified=modified,
    )
