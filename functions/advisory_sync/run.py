"""A sync from end to end: what was published, the source, the new index, the new pointer."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from functions.advisory_sync.sources.source import Source
from functions.advisory_sync.sync import EcosystemReport, Outcome, SyncResult, sync
from functions.shared.advisories.index import AdvisoryIndexError
from functions.shared.advisories.published import IndexStore, Published, PublishedIndexError
from functions.shared.advisories.versions.ecosystems import ECOSYSTEMS
from functions.shared.packages import Problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did.

    Attributes:
        published: Whether a new index was published.
        pointer: What the pointer says now; None when there never was an index.
        ecosystems: What became of each wanted ecosystem.
        problems: Whatever a person should look at.
    """

    published: bool
    pointer: Published | None
    ecosystems: tuple[EcosystemReport, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        """Whether an ecosystem that the source has could not be brought up to date."""
        return any(report.outcome in {Outcome.KEPT, Outcome.FAILED} for report in self.ecosystems)


def run(
    source: Source,
    s3: "S3Client",
    bucket: str,
    prefix: str,
    now: datetime,
    *,
    ecosystems: Iterable[str] = ECOSYSTEMS,
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
        pointer = _publish(result, source.location, previous, store)
    return SyncReport(
        result.build is not None, pointer, result.ecosystems, (*problems, *result.problems)
    )


def _publish(
    result: SyncResult, location: str, previous: Published | None, store: IndexStore
) -> Published | None:
    """Upload a new index, then point to it; without a new one, only renew the times."""
    if result.build is None:
        if previous is None or not result.exports:
            return previous
        pointer = replace(previous, source=location, exports=result.exports)
        if pointer != previous:
            store.point_to(pointer)
        return pointer
    index = store.upload(result.build.path, result.build.built_at)
    pointer = Published(index, previous.index if previous else None, location, result.exports)
    store.point_to(pointer)
    if previous and previous.previous:
        # Nobody reads the one before the previous one any more.
        store.delete(previous.previous)
    return pointer
