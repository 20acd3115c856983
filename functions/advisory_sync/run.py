"""A sync from end to end: what was published, the source, the new index, the new pointer."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from functions.advisory_sync.catalogue import CataloguePlace, CatalogueResult, sync_catalogue
from functions.advisory_sync.sources.source import FileSource
from functions.advisory_sync.sync import EcosystemReport, Outcome, SyncResult, sync
from functions.shared.advisories.index import AdvisoryIndexError
from functions.shared.advisories.published import (
    CatalogueFile,
    IndexStore,
    Published,
    PublishedIndexError,
)
from functions.shared.advisories.versions.ecosystems import ECOSYSTEMS
from functions.shared.core.packages import Problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did.

    Attributes:
        published: Whether a new index was published.
        pointer: What the pointer says now; None when there never was an index.
        ecosystems: What became of each wanted ecosystem.
        catalogue: What became of the catalogue of known exploited flaws; None where it is not
            wanted.
        problems: Whatever a person should look at.
    """

    published: bool
    pointer: Published | None
    ecosystems: tuple[EcosystemReport, ...]
    catalogue: EcosystemReport | None
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        """Whether something that the sources have could not be brought up to date."""
        reports = (*self.ecosystems, *([self.catalogue] if self.catalogue else []))
        return any(report.outcome in {Outcome.KEPT, Outcome.FAILED} for report in reports)


def run(
    source: FileSource,
    s3: "S3Client",
    bucket: str,
    prefix: str,
    now: datetime,
    *,
    ecosystems: Iterable[str] = ECOSYSTEMS,
    catalogue: CataloguePlace | None = None,
    scratch: Path | None = None,
) -> SyncReport:
    """Bring the published index up to date.

    Safe to repeat and to interrupt: the pointer changes last, and only to a complete index.

    Args:
        source: Where the exports are.
        s3: Client for the bucket that the index is published to.
        bucket: The bucket.
        prefix: Key prefix of the index files and the pointer.
        now: The time of the sync.
        ecosystems: The wanted ecosystems.
        catalogue: Where the catalogue of known exploited flaws is; None where none is wanted.
        scratch: Where to put temporary files; the system's place for them by default.

    Raises:
        ClientError: S3 refused to read or write what is published.
        BuildError: The index could not be built for a reason other than a bad export.
    """
    store = IndexStore(s3, bucket, prefix)
    problems: list[Problem] = []
    try:
        previous = store.newest()
    except PublishedIndexError as error:
        problems.append(Problem("advisory-pointer-damaged", str(error)))
        previous = None
    with tempfile.TemporaryDirectory(prefix="advisories-", dir=scratch) as name:
        folder = Path(name)

        def previous_index() -> Path:
            if previous is None:
                raise PublishedIndexError("there is no previous index")
            return store.download(previous.index, folder / "previous")

        ask = partial(
            sync,
            source,
            now=now,
            ecosystems=tuple(ecosystems),
            previous_index=previous_index,
            folder=folder,
        )
        try:
            result = ask(previous=previous)
        except (PublishedIndexError, AdvisoryIndexError) as error:
            # Without the previous index nothing can be carried over: fetch everything anew.
            problems.append(Problem("advisory-index-damaged", str(error)))
            result = ask(previous=None)
        exploited = (
            sync_catalogue(catalogue, previous.exploited if previous else None, store, now)
            if catalogue
            else None
        )
        published, pointer = _publish(result, exploited, source.location, previous, store)
    return SyncReport(
        published,
        pointer,
        result.ecosystems,
        exploited.report if exploited else None,
        (*problems, *result.problems),
    )


def _publish(
    result: SyncResult,
    catalogue: CatalogueResult | None,
    location: str,
    previous: Published | None,
    store: IndexStore,
) -> tuple[bool, Published | None]:
    """Upload a new index, then point to what is newest; without changes, only renew the times.

    Returns:
        Whether anything changed, and what the pointer says now.
    """
    exploited = catalogue.file if catalogue else None
    if result.build is None:
        if previous is None:
            return False, None
        if not _is_new(catalogue, previous):
            return False, _renewed(result, exploited, location, previous, store)
        index, exports = previous.index, result.exports or previous.exports
    else:
        index = store.upload(result.build.path, result.build.built_at)
        exports = result.exports
    pointer = Published(
        index=index,
        previous=previous.index if previous else None,
        source=location,
        exports=exports,
        exploited=exploited,
        previous_exploited=previous.exploited if previous else None,
    )
    store.point_to(pointer)
    # Nobody reads what only the pointer before the previous one knew.
    for key in sorted(previous.keys - pointer.keys) if previous else ():
        store.delete(key)
    return True, pointer


def _is_new(catalogue: CatalogueResult | None, previous: Published) -> bool:
    """Whether other flaws are known to be exploited than before, none among them."""
    if catalogue is None or catalogue.file is None:
        return previous.exploited is not None
    return catalogue.is_new


def _renewed(
    result: SyncResult,
    exploited: CatalogueFile | None,
    location: str,
    previous: Published,
    store: IndexStore,
) -> Published:
    pointer = replace(previous, exploited=exploited)
    if result.exports:
        pointer = replace(pointer, source=location, exports=result.exports)
    if pointer != previous:
        store.point_to(pointer)
    return pointer
