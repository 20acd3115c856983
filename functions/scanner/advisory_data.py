"""The newest advisory index, kept on the function's own disk for as long as it stays the newest."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from functions.scanner.facts import AdvisoryState
from functions.shared.advisories.exploited import NONE_KNOWN, ExploitedFlaws
from functions.shared.advisories.index import AdvisoryIndex, AdvisoryIndexError
from functions.shared.advisories.published import (
    PREFIX,
    CatalogueFile,
    IndexFile,
    IndexStore,
    Published,
    PublishedIndexError,
)
from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment


@dataclass(frozen=True, slots=True)
class KnownExploited:
    """The flaws that attackers are known to use.

    Attributes:
        flaws: For look-ups.
        checked_at: When their source was last asked and this was its newest content.
    """

    flaws: ExploitedFlaws
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class AdvisoryData:
    """The index and how old it is, or why there is none.

    Attributes:
        index: For look-ups.
        state: For judging its age.
        exploited: The flaws that attackers use; None where policy does not ask for them.
    """

    index: Reading[AdvisoryIndex]
    state: Reading[AdvisoryState]
    exploited: Reading[KnownExploited] | None = None

    @property
    def version(self) -> str:
        """Identity of the index and of the exploited flaws; `none` where there is no index."""
        return self.state.value.version if isinstance(self.state, Known) else "none"

    @property
    def exploited_flaws(self) -> ExploitedFlaws:
        """The flaws that attackers are known to use, none while that is unknown."""
        return self.exploited.value.flaws if isinstance(self.exploited, Known) else NONE_KNOWN

    @property
    def exploited_checked(self) -> Reading[datetime] | None:
        """When they were last known to be current; None where policy does not ask for them."""
        if isinstance(self.exploited, Known):
            return Known(self.exploited.value.checked_at)
        return self.exploited


class NewestAdvisories:
    """Opens the newest index, and keeps it open for as long as it stays the newest.

    The pointer is read at every look: an index that was published a second ago is the very reason
    why a function is looked at again, and must not be judged by the one before.
    """

    def __init__(self, store: IndexStore, folder: Path, *, exploited: bool) -> None:
        """Remember the place; nothing is read yet.

        Args:
            store: Where the index is published.
            folder: Where it is kept on disk.
            exploited: Whether policy asks for the flaws that attackers use.
        """
        self._store = store
        self._folder = folder
        self._wants_exploited = exploited
        self._index: tuple[str, Reading[AdvisoryIndex]] = ("", Unknown("never asked"))
        self._flaws = ("", NONE_KNOWN)

    def get(self) -> AdvisoryData:
        """The newest published index, or why there is none.

        Raises:
            ClientError: S3 could not answer now.
            OSError: The disk is full.
        """
        try:
            answer = ask("reading the advisory index", self._store.newest)
            if isinstance(answer, Unknown):
                return self._nothing(answer)
            if answer.value is None:
                return self._nothing(Unknown("no advisory index was published yet", missing=True))
            return self._read(answer.value)
        except (PublishedIndexError, AdvisoryIndexError) as error:
            return self._nothing(Unknown(f"the advisory index is unusable: {error}"))

    def _nothing(self, unknown: Unknown) -> AdvisoryData:
        self._forget()
        return AdvisoryData(unknown, unknown, unknown if self._wants_exploited else None)

    def _read(self, published: Published) -> AdvisoryData:
        index = self._open(published.index)
        exploited = self._exploited(published.exploited) if self._wants_exploited else None
        version = published.index.sha256
        if exploited is not None:
            # What was judged without the list is judged anew when there is one.
            listed = published.exploited if isinstance(exploited, Known) else None
            version += f" {listed.sha256 if listed else 'unlisted'}"
        checked = published.checked_at or published.index.built_at
        return AdvisoryData(index, Known(AdvisoryState(checked, version)), exploited)

    def _open(self, file: IndexFile) -> Reading[AdvisoryIndex]:
        version, index = self._index
        if version != file.sha256:
            self._forget()
            path = self._store.download(file, self._folder)
            index = Known(AdvisoryIndex.open(path))
            self._index = (file.sha256, index)
        return index

    def _exploited(self, file: CatalogueFile | None) -> Reading[KnownExploited]:
        if file is None:
            return Unknown("no list of known exploited flaws was published yet", missing=True)
        version, flaws = self._flaws
        if version != file.sha256:
            try:
                read = ask("reading the known exploited flaws", lambda: self._store.exploited(file))
            except PublishedIndexError as error:
                return Unknown(f"the list of known exploited flaws is unusable: {error}")
            if isinstance(read, Unknown):
                return read
            flaws = read.value
            self._flaws = (file.sha256, flaws)
        return Known(KnownExploited(flaws, file.checked_at))

    def _forget(self) -> None:
        """Make room for the next index: a Lambda's disk is small."""
        _, index = self._index
        if isinstance(index, Known):
            index.value.close()
        self._index = ("", Unknown("never asked"))
        for old in self._folder.glob("*.sqlite"):
            old.unlink(missing_ok=True)


@cache
def _newest(warden: Deployment) -> NewestAdvisories:
    store = IndexStore(warden.aws.s3, warden.settings.bucket, PREFIX)
    folder = Path(tempfile.gettempdir()) / "advisories"
    wanted = warden.config.advisories.wants_known_exploited
    return NewestAdvisories(store, folder, exploited=wanted)


def advisory_data(warden: Deployment) -> AdvisoryData:
    """The newest advisory data of a deployment; see `NewestAdvisories.get`."""
    return _newest(warden).get()
