"""One sync of the catalogue of known exploited flaws: fetch it, or keep what there was."""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from functions.advisory_sync.sources.source import (
    Answer,
    Failed,
    Fetched,
    FileSource,
    Missing,
    Unchanged,
    Version,
)
from functions.advisory_sync.sync import EcosystemReport, Outcome
from functions.shared.advisories.exploited import CatalogueError, ExploitedFlaws, read_catalogue
from functions.shared.advisories.published import CatalogueFile, IndexStore, PublishedIndexError

NAME: Final = "known-exploited"
"""What the catalogue is called among the ecosystems of a report."""

_LARGEST: Final = 64 * 1024 * 1024
"""Bytes; the catalogue has one and a half million."""
_IN_MEMORY: Final = 8 * 1024 * 1024
# CISA seldom takes an entry back: a catalogue that lost more of them is a broken one.
_SMALLEST_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class CataloguePlace:
    """Where the catalogue is.

    Attributes:
        source: The place.
        name: Its name there.
    """

    source: FileSource
    name: str

    @property
    def location(self) -> str:
        """The whole, for people; another one means that no known version applies."""
        return f"{self.source.location.rstrip('/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class CatalogueResult:
    """What came of it.

    Attributes:
        file: The newest list that is stored; None where none ever was.
        is_new: Whether it is not what readers had before.
        report: What became of the catalogue, like one of the ecosystems.
    """

    file: CatalogueFile | None
    is_new: bool
    report: EcosystemReport


def sync_catalogue(
    place: CataloguePlace, previous: CatalogueFile | None, store: IndexStore, now: datetime
) -> CatalogueResult:
    """Ask for the catalogue and store its flaws, if they are new.

    A source that fails, or a catalogue that cannot be believed, changes nothing: what was stored
    stays in use, with its age.

    Raises:
        ClientError: The bucket refused.
    """
    usable = previous if previous and _is_sound(previous, store) else None
    known = Version()
    if usable and usable.source == place.location:
        known = Version(usable.etag, usable.last_modified)
    answer, content = _ask(place, known)
    if usable and isinstance(answer, Unchanged):
        report = EcosystemReport(NAME, Outcome.UNCHANGED)
        return CatalogueResult(replace(usable, checked_at=now), is_new=False, report=report)
    if not isinstance(answer, Fetched):
        return _kept(usable, _cause(answer, place))
    try:
        flaws = _believable(content, usable)
    except CatalogueError as error:
        return _kept(usable, f"{place.location}: {error}")
    key, sha256 = store.upload_exploited(flaws)
    file = CatalogueFile(
        key=key,
        sha256=sha256,
        flaws=len(flaws),
        source=place.location,
        etag=answer.version.etag,
        last_modified=answer.version.last_modified,
        checked_at=now,
    )
    is_new = usable is None or usable.key != key
    return CatalogueResult(file, is_new=is_new, report=EcosystemReport(NAME, Outcome.UPDATED))


def _ask(place: CataloguePlace, known: Version) -> tuple[Answer, bytes]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        answer = place.source.get(place.name, known, file)  # type: ignore[arg-type] # a binary file
        file.seek(0)
        return answer, file.read(_LARGEST)


def _cause(answer: Unchanged | Missing | Failed, place: CataloguePlace) -> str:
    if isinstance(answer, Failed):
        return answer.cause
    if isinstance(answer, Missing):
        return f"{place.location} is not there"
    return "the source says unchanged, but nothing is known"


def _believable(content: bytes, previous: CatalogueFile | None) -> ExploitedFlaws:
    flaws = read_catalogue(content)
    if previous and len(flaws) < previous.flaws * _SMALLEST_SHARE:
        raise CatalogueError(
            f"the catalogue has {len(flaws)} entries, it had {previous.flaws}; "
            "if that is right, delete latest.json and sync again"
        )
    return flaws


def _kept(previous: CatalogueFile | None, cause: str) -> CatalogueResult:
    outcome = Outcome.KEPT if previous else Outcome.FAILED
    return CatalogueResult(previous, is_new=False, report=EcosystemReport(NAME, outcome, cause))


def _is_sound(file: CatalogueFile, store: IndexStore) -> bool:
    """Whether what the pointer names can be read; what cannot is fetched anew."""
    try:
        store.exploited(file)
    except PublishedIndexError:
        return False
    return True
