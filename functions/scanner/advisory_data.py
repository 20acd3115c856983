"""The newest advisory index, kept on the function's own disk for as long as it stays the newest."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.scanner.facts import AdvisoryState
from functions.shared.advisories.index import AdvisoryIndex, AdvisoryIndexError
from functions.shared.advisories.published import (
    PREFIX,
    IndexStore,
    Published,
    PublishedIndexError,
)
from functions.shared.aws import ask
from functions.shared.deployment import Deployment
from functions.shared.reading import Known, Reading, Unknown


@dataclass(frozen=True, slots=True)
class AdvisoryData:
    """The index and how old it is, or why there is none.

    Attributes:
        index: For look-ups.
        state: For judging its age.
    """

    index: Reading[AdvisoryIndex]
    state: Reading[AdvisoryState]

    @property
    def version(self) -> str:
        """Identity of the index; `none` where there is none."""
        return self.state.value.version if isinstance(self.state, Known) else "none"


class NewestAdvisories:
    """Opens the newest index, and keeps it open for as long as it stays the newest.

    The pointer is read at every look: an index that was published a second ago is the very reason
    why a function is looked at again, and must not be judged by the one before.
    """

    def __init__(self, store: IndexStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._data = AdvisoryData(Unknown("never asked"), Unknown("never asked"))

    def get(self) -> AdvisoryData:
        """The newest published index, or why there is none.

        Raises:
            ClientError: S3 could not answer now.
            OSError: The disk is full.
        """
        self._data = self._load()
        return self._data

    def _load(self) -> AdvisoryData:
        try:
            answer = ask("reading the advisory index", self._store.newest)
            if isinstance(answer, Unknown):
                return AdvisoryData(answer, answer)
            if answer.value is None:
                unknown = Unknown("no advisory index was published yet", missing=True)
                return AdvisoryData(unknown, unknown)
            return self._open(answer.value)
        except (PublishedIndexError, AdvisoryIndexError) as error:
            unknown = Unknown(f"the advisory index is unusable: {error}")
            return AdvisoryData(unknown, unknown)

    def _open(self, published: Published) -> AdvisoryData:
        version = published.index.sha256
        state = Known(AdvisoryState(published.checked_at or published.index.built_at, version))
        if version == self._data.version:
            return AdvisoryData(self._data.index, state)
        self._forget()
        path = self._store.download(published.index, self._folder)
        return AdvisoryData(Known(AdvisoryIndex.open(path)), state)

    def _forget(self) -> None:
        """Make room for the next index: a Lambda's disk is small."""
        if isinstance(self._data.index, Known):
            self._data.index.value.close()
        for old in self._folder.glob("*.sqlite"):
            old.unlink(missing_ok=True)


@cache
def _newest(warden: Deployment) -> NewestAdvisories:
    store = IndexStore(warden.aws.s3, warden.settings.bucket, PREFIX)
    return NewestAdvisories(store, Path(tempfile.gettempdir()) / "advisories")


def advisory_data(warden: Deployment) -> AdvisoryData:
    """The newest advisory data of a deployment; see `NewestAdvisories.get`."""
    return _newest(warden).get()
