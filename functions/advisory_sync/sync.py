"""One sync: ask the source, keep what did not change, build a new index if anything did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from functions.advisory_sync.sources.source import (
    Failed,
    Fetched,
    FileSource,
    Missing,
    Unchanged,
    Version,
    export_of,
)
from functions.shared.advisories.build import (
    BuildError,
    BuildReport,
    Carried,
    Export,
    build_index,
)
from functions.shared.advisories.index import AdvisoryIndex, ExportState
from functions.shared.advisories.layout import FORMAT_VERSION
from functions.shared.advisories.published import Published
from functions.shared.core.packages import Problem

# An export with less than this share of the records it had is a broken export: taking it for the
# truth would close findings that still stand.
_SMALLEST_SHARE: Final = 0.5


class Outcome(StrEnum):
    """What became of one ecosystem."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    KEPT = "kept"  # The source failed; what we had before still stands, and gets older.
    FAILED = "failed"  # The source failed, and there was nothing before.


@dataclass(frozen=True, slots=True)
class EcosystemReport:
    """One ecosystem in one sync.

    Attributes:
        cause: Why, where the outcome is not the usual one.
    """

    ecosystem: str
    outcome: Outcome
    cause: str = ""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one sync found out.

    Attributes:
        build: The new index; None when there is nothing new or nothing at all.
        exports: The state of each ecosystem that is covered now.
        ecosystems: One report per wanted ecosystem.
        problems: Whatever a person should look at.
    """

    build: BuildReport | None
    exports: Mapping[str, ExportState]
    ecosystems: tuple[EcosystemReport, ...]
    problems: tuple[Problem, ...]


def sync(
    source: FileSource,
    previous: Published | None,
    now: datetime,
    *,
    ecosystems: Iterable[str],
    previous_index: Callable[[], Path],
    folder: Path,
) -> SyncResult:
    """Ask a source for every ecosystem and build an index if anything is new.

    Args:
        source: Where the exports are.
        previous: What was published last; None to start from nothing.
        now: The time of the sync.
        ecosystems: The wanted ones, as OSV names them.
        previous_index: Brings the previous index to this machine; called only if it is needed.
        folder: An empty place for archives and the new index.

    Raises:
        BuildError: The index could not be built for a reason other than a bad export.
        AdvisoryIndexError: The previous index is unreadable.
    """
    usable = previous if previous and previous.index.format == FORMAT_VERSION else None
    known = dict(usable.exports) if usable else {}
    if usable and usable.source != source.location:
        # Tags of another place say nothing about this one.
        known = {name: replace(state, etag="", last_modified="") for name, state in known.items()}
    round_ = _Round(folder, now, known)
    for ecosystem in dict.fromkeys(ecosystems):
        state = known.get(ecosystem)
        version = Version(state.etag, state.last_modified) if state else Version()
        round_.ask(source, ecosystem, version)
    if not round_.anything_new():
        return round_.result(None)
    return round_.result(round_.build(previous_index if known else None))


class _Round:
    """The state of one sync while it runs."""

    def __init__(self, folder: Path, now: datetime, known: Mapping[str, ExportState]) -> None:
        self._folder = folder
        self._now = now
        self._known = known
        self._sources: dict[str, Export | Carried] = {}
        self._reports: dict[str, EcosystemReport] = {}
        self._problems: list[Problem] = []

    def ask(self, source: FileSource, ecosystem: str, version: Version) -> None:
        archive = self._folder / f"{len(self._reports)}.zip"
        name = export_of(ecosystem)
        with archive.open("wb") as file:
            answer = source.get(name, version, file)
        match answer:
            case Fetched(new):
                place = f"{source.location}/{name}"
                self._sources[ecosystem] = Export(
                    ecosystem, archive, place, self._now, new.etag, new.last_modified
                )
                self._note(ecosystem, Outcome.UPDATED)
            case Unchanged() if ecosystem in self._known:
                self._sources[ecosystem] = Carried(
                    replace(self._known[ecosystem], checked_at=self._now)
                )
                self._note(ecosystem, Outcome.UNCHANGED)
            case Unchanged():
                self._fall_back(ecosystem, "the source says unchanged, but nothing is known")
            case Missing() if ecosystem in self._known:
                self._fall_back(ecosystem, f"{source.location} does not have it any more")
            case Missing():
                cause = f"{source.location} has no {name}"
                self._note(ecosystem, Outcome.MISSING, cause)
                self._problems.append(Problem("advisories-missing", cause))
            case Failed(cause):
                self._fall_back(ecosystem, cause)

    def anything_new(self) -> bool:
        """Whether the index has to differ from the previous one."""
        fetched = any(isinstance(source, Export) for source in self._sources.values())
        return bool(self._sources) and (fetched or set(self._sources) != set(self._known))

    def build(self, previous_index: Callable[[], Path] | None) -> BuildReport | None:
        """Build, leaving out exports that turn out to be unusable."""
        path = self._folder / "index.sqlite"
        previous = previous_index() if previous_index else None
        while any(isinstance(source, Export) for source in self._sources.values()):
            try:
                report = build_index(self._sources.values(), path, self._now, previous=previous)
            except BuildError as error:
                if not isinstance(self._sources.get(error.ecosystem), Export):
                    raise
                self._fall_back(error.ecosystem, str(error))
                continue
            shrunk = self._shrunk(report)
            if not shrunk:
                return report
            for ecosystem, cause in shrunk.items():
                self._fall_back(ecosystem, cause)
        if set(self._sources) == set(self._known) or not self._sources:
            return None
        return build_index(self._sources.values(), path, self._now, previous=previous)

    def result(self, build: BuildReport | None) -> SyncResult:
        if build:
            for export in build.exports:
                self._problems += export.problems
            with AdvisoryIndex.open(build.path) as index:
                exports = dict(index.exports)
        else:
            exports = {
                name: source.state
                for name, source in self._sources.items()
                if isinstance(source, Carried)
            }
        return SyncResult(build, exports, tuple(self._reports.values()), tuple(self._problems))

    def _shrunk(self, report: BuildReport) -> dict[str, str]:
        causes = {}
        for export in report.exports:
            records, ecosystem = export.state.records, export.state.ecosystem
            before = self._known.get(ecosystem)
            least = int(before.records * _SMALLEST_SHARE) if before else 1
            if not export.carried and records < max(least, 1):
                had = f", it had {before.records}" if before else ""
                causes[ecosystem] = (
                    f"the export has {records} records{had}; "
                    "if that is right, delete latest.json and sync again"
                )
        return causes

    def _fall_back(self, ecosystem: str, cause: str) -> None:
        """Keep what we had, with its age, and say why."""
        if ecosystem in self._known:
            self._sources[ecosystem] = Carried(self._known[ecosystem])
            self._note(ecosystem, Outcome.KEPT, cause)
        else:
            self._sources.pop(ecosystem, None)
            self._note(ecosystem, Outcome.FAILED, cause)
        self._problems.append(Problem("advisories-not-updated", f"{ecosystem}: {cause}"[:400]))

    def _note(self, ecosystem: str, outcome: Outcome, cause: str = "") -> None:
        self._reports[ecosystem] = EcosystemReport(ecosystem, outcome, cause)
