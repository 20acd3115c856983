"""Building the index from OSV's exports.

Everything is streamed: memory holds one record at a time, and the names of the flaws.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from functions.shared.advisories.aliases import Aliases
from functions.shared.advisories.detail import pack
from functions.shared.advisories.export import ExportError, ExportLimits, read_export
from functions.shared.advisories.index import (
    AdvisoryIndex,
    ExportState,
    encode_events,
    encode_rated,
    encode_state,
)
from functions.shared.advisories.layout import SCHEMA
from functions.shared.advisories.ranges import Timeline, Verdict, read, worst
from functions.shared.advisories.rated import Rated
from functions.shared.advisories.record import Affected, Record
from functions.shared.advisories.scoring import rate, rate_record
from functions.shared.advisories.versions.ecosystems import order_of
from functions.shared.core.packages import Problem

# Enough to see what is wrong with a source; the number of all of them is counted.
_MOST_PROBLEMS_SHOWN: Final = 50
# Of one entry; beyond it, saving space is not worth the time.
_MOST_COMPARISONS: Final = 1_000_000


class BuildError(ValueError):
    """No index was built.

    Attributes:
        ecosystem: Whose export is at fault; empty when it is nobody's.
    """

    def __init__(self, message: str, ecosystem: str = "") -> None:
        super().__init__(message)
        self.ecosystem = ecosystem


@dataclass(frozen=True, slots=True)
class Export:
    """One ecosystem's export, ready to be read.

    Attributes:
        ecosystem: OSV name.
        archive: The zip: a path, or a seekable file.
        source: Where it came from, for people.
        checked_at: When the source was asked and gave this.
        etag: Entity tag of the content, for the next conditional fetch.
        last_modified: HTTP date of the content, for the same purpose.
    """

    ecosystem: str
    archive: Path | BinaryIO
    source: str
    checked_at: datetime
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """An ecosystem whose rows are taken over from the previous index.

    Attributes:
        state: What the new index shall say about it; its counts stay true.
    """

    state: ExportState

    @property
    def ecosystem(self) -> str:
        """OSV name."""
        return self.state.ecosystem


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What became of one export.

    Attributes:
        state: What the index says about it.
        problems: The first of its problems; `state.problems` counts all.
        carried: Whether its rows come from the previous index.
    """

    state: ExportState
    problems: tuple[Problem, ...]
    carried: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built.

    Attributes:
        size: Bytes of the index file.
    """

    path: Path
    built_at: datetime
    size: int
    exports: tuple[ExportReport, ...]


def build_index(
    sources: Iterable[Export | Carried],
    path: Path,
    now: datetime,
    *,
    previous: Path | None = None,
    limits: ExportLimits | None = None,
) -> BuildReport:
    """Write a new index file.

    Args:
        sources: One per ecosystem, read in turn.
        path: The file to write; what is there already is replaced.
        now: Becomes the index's `built_at`.
        previous: Index that carried ecosystems are copied from.
        limits: Bounds on what is read from one export.

    Raises:
        BuildError: An export is unreadable, an ecosystem appears twice, or an ecosystem is to be
            carried over and the previous index does not have it. No file is left behind.
        AdvisoryIndexError: The previous index is unreadable.
    """
    path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            reports = _Builder(connection, limits or ExportLimits()).build(sources, now, previous)
        return BuildReport(path, now, path.stat().st_size, reports)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, ExportError | sqlite3.Error):
            raise BuildError(str(error)) from error
        raise


@dataclass(slots=True)
class _Tally:
    """Counts of one export while it is read."""

    withdrawn: int = 0
    newest: datetime | None = None
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def note(self, problems: Sequence[Problem]) -> None:
        self.problem_count += len(problems)
        self.problems.extend(problems[: _MOST_PROBLEMS_SHOWN - len(self.problems)])

    def see(self, modified: datetime | None) -> None:
        if modified and (self.newest is None or modified > self.newest):
            self.newest = modified


class _Builder:
    """Fills one new database."""

    def __init__(self, connection: sqlite3.Connection, limits: ExportLimits) -> None:
        self._db = connection
        self._limits = limits

    def build(
        self, sources: Iterable[Export | Carried], now: datetime, previous: Path | None
    ) -> tuple[ExportReport, ...]:
        # Nobody reads the file before it is complete, so nothing needs to survive a crash.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(SCHEMA)
        self._db.execute(
            "CREATE TEMP TABLE affected (name TEXT NOT NULL, ref INTEGER NOT NULL, entry TEXT)"
        )
        if previous:
            self._db.execute(
                "ATTACH ? AS previous", (f"{previous.absolute().as_uri()}?immutable=1",)
            )
        self._db.execute("BEGIN")
        reports: list[ExportReport] = []
        for source in sources:
            if any(report.state.ecosystem == source.ecosystem for report in reports):
                raise BuildError("two exports of one ecosystem", source.ecosystem)
            if isinstance(source, Export):
                reports.append(self._read(source))
            else:
                reports.append(self._carry(source, previous))
        self._join_aliases()
        self._db.execute("INSERT INTO meta VALUES ('built_at', ?)", (now.isoformat(),))
        self._db.execute("COMMIT")
        return tuple(reports)

    def _read(self, export: Export) -> ExportReport:
        tally = _Tally()
        self._db.execute("DELETE FROM temp.affected")
        newest: dict[str, tuple[int, datetime | None]] = {}
        try:
            for item in read_export(export.archive, self._limits):
                if isinstance(item, Problem):
                    tally.note([item])
                    continue
                tally.note(item.problems)
                tally.see(item.modified)
                self._add(export.ecosystem, item, newest)
        except ExportError as error:
            raise BuildError(f"{export.source}: {error}", export.ecosystem) from error
        rows = self._write_packages(export.ecosystem)
        state = ExportState(
            ecosystem=export.ecosystem,
            source=export.source,
            etag=export.etag,
            last_modified=export.last_modified,
            checked_at=export.checked_at,
            newest_modified=tally.newest,
            records=self._count("advisory", export.ecosystem),
            withdrawn=self._count("withdrawn", export.ecosystem),
            rows=rows,
            problems=tally.problem_count,
        )
        self._state(state)
        return ExportReport(state, tuple(tally.problems))

    def _state(self, state: ExportState) -> None:
        self._db.execute(
            "INSERT INTO export VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", encode_state(state)
        )

    def _add(
        self, ecosystem: str, record: Record, newest: dict[str, tuple[int, datetime | None]]
    ) -> None:
        """Store one record; of two with the same id, the later modified one counts."""
        ref = len(newest)
        if known := newest.get(record.id):
            ref, modified = known
            if modified and not (record.modified and record.modified > modified):
                return
            self._forget(ecosystem, ref, record.id)
        newest[record.id] = (ref, record.modified)
        if record.withdrawn:
            self._db.execute(
                "INSERT INTO withdrawn VALUES (?, ?, ?)",
                (ecosystem, record.id, record.withdrawn.isoformat()),
            )
            return
        whole = rate_record(record)
        for affected in record.affected:
            if affected.ecosystem == ecosystem:
                self._db.execute(
                    "INSERT INTO temp.affected VALUES (?, ?, ?)",
                    (affected.name, ref, _encode_entry(ref, affected, whole)),
                )
        self._db.execute(
            "INSERT INTO advisory VALUES (?, ?, ?, ?, '', ?)",
            (ecosystem, ref, record.id, " ".join(record.aliases), _encode_detail(record, whole)),
        )

    def _forget(self, ecosystem: str, ref: int, record_id: str) -> None:
        self._db.execute("DELETE FROM temp.affected WHERE ref = ?", (ref,))
        self._db.execute("DELETE FROM advisory WHERE ecosystem = ? AND ref = ?", (ecosystem, ref))
        self._db.execute(
            "DELETE FROM withdrawn WHERE ecosystem = ? AND id = ?", (ecosystem, record_id)
        )

    def _write_packages(self, ecosystem: str) -> int:
        rows = self._db.execute("SELECT name, entry FROM temp.affected ORDER BY name, ref, rowid")
        written = 0
        for name, group in groupby(rows, key=lambda row: str(row[0])):
            entries = [entry for _, entry in group]
            written += len(entries)
            self._db.execute(
                "INSERT INTO package VALUES (?, ?, ?)",
                (ecosystem, name, "[" + ",".join(entries) + "]"),
            )
        return written

    def _carry(self, carried: Carried, previous: Path | None) -> ExportReport:
        ecosystem = carried.ecosystem
        if previous is None:
            raise BuildError("to be carried over, but there is no previous index", ecosystem)
        with AdvisoryIndex.open(previous) as index:
            if not index.covers(ecosystem):
                raise BuildError(f"to be carried over, but {previous} does not have it", ecosystem)
        for table in ("package", "advisory", "withdrawn"):
            # The table names are ours, from the line above.
            self._db.execute(
                f"INSERT INTO {table} SELECT * FROM previous.{table} WHERE ecosystem = ?",  # noqa: S608
                (ecosystem,),
            )
        self._state(carried.state)
        return ExportReport(carried.state, (), carried=True)

    def _join_aliases(self) -> None:
        """Write every name of a flaw beside each of its records, across ecosystems.

        Only where a record does not say them all itself, which is rare.
        """
        aliases = Aliases()
        for advisory_id, others in self._aliased():
            aliases.join((advisory_id, *others.split()))
        flaws = {name: flaw for flaw in aliases.flaws() for name in flaw}
        rows = self._db.execute("SELECT ecosystem, ref, id, aliases, names FROM advisory")
        changed = [
            (wanted, ecosystem, ref)
            for ecosystem, ref, advisory_id, others, present in rows
            if (wanted := _names_beyond(flaws.get(advisory_id, ()), others)) != present
        ]
        self._db.executemany(
            "UPDATE advisory SET names = ? WHERE ecosystem = ? AND ref = ?", changed
        )

    def _aliased(self) -> Iterator[tuple[str, str]]:
        yield from self._db.execute("SELECT id, aliases FROM advisory WHERE aliases != ''")

    def _count(self, table: str, ecosystem: str) -> int:
        query = f"SELECT count(*) FROM {table} WHERE ecosystem = ?"  # noqa: S608 - our own names
        (count,) = self._db.execute(query, (ecosystem,)).fetchone()
        return int(count)


def _names_beyond(flaw: Sequence[str], aliases: str) -> str:
    """Every name of a flaw, or nothing where the record itself says them all."""
    return "" if len(flaw) <= 1 + len(aliases.split()) else " ".join(flaw)


def _encode_entry(ref: int, affected: Affected, whole: Rated) -> str:
    fields: list[object] = [
        ref,
        _versions_outside_ranges(affected),
        [encode_events(events) for events in affected.ranges],
    ]
    own = _own_rating(affected, whole)
    if affected.untellable or own or affected.informational:
        fields += [
            int(affected.untellable),
            encode_rated(own) if own else None,
            affected.informational,
        ]
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def _versions_outside_ranges(affected: Affected) -> list[str]:
    """Listed versions that the ranges do not say anyway: exports list thousands that they do."""
    order = order_of(affected.ecosystem)
    work = len(affected.versions) * sum(map(len, affected.ranges))
    if order is None or not 0 < work < _MOST_COMPARISONS:
        return list(affected.versions)
    timelines = [Timeline(order, events) for events in affected.ranges]
    return [
        version
        for version in affected.versions
        if worst(timeline.verdict(read(order, version)) for timeline in timelines)
        is not Verdict.AFFECTED
    ]


def _own_rating(affected: Affected, whole: Rated) -> Rated | None:
    """The package's own severity, if it has one that differs from the record's."""
    if not affected.ratings:
        return None
    own = rate(affected.ratings)
    if own.score is None and whole.score is not None:
        return None  # A score of the whole record says more than a word for one package.
    return own if own != whole and own != Rated() else None


def _encode_detail(record: Record, whole: Rated) -> bytes:
    modified = record.modified.isoformat() if record.modified else ""
    detail = [encode_rated(whole), record.summary, list(record.references), modified]
    return pack(json.dumps(detail, separators=(",", ":"), ensure_ascii=False))
