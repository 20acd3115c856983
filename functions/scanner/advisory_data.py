"""The newest advisory index, kept on the function's own disk for as long as it stays the newest."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from functions.scanner.facts import AdvisoryState
from functions.shared.advisories.index import AdvisoryIndex
from functions.shared.advisories.published import POINTER, Published
from functions.shared.aws import ask
from functions.shared.deployment import Deployment
from functions.shared.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ASK_AGAIN_SECONDS: Final = 60.0


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


class AdvisoryStore:
    """Opens the newest index, asking for it at most once a minute."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._asked_at = float("-inf")
        self._data = AdvisoryData(Unknown("never asked"), Unknown("never asked"))

    def newest(self) -> AdvisoryData:
        """The newest published index.

        Raises:
            UnreadableIndexError: The published object is no index this code can read.
        """
        if monotonic() - self._asked_at >= _ASK_AGAIN_SECONDS:
            self._data = self._load()
            # What is not there yet is asked for again at once: it may be on its way.
            if isinstance(self._data.state, Known):
                self._asked_at = monotonic()
        return self._data

    def _load(self) -> AdvisoryData:
        pointer = ask("reading the pointer to the advisory index", lambda: self._read(POINTER))
        if isinstance(pointer, Unknown):
            return AdvisoryData(pointer, pointer)
        published = Published.model_validate_json(pointer.value)
        state = AdvisoryState(
            newest=min(published.checked_at.values(), default=published.built_at),
            version=published.version,
        )
        if state.version == self._data.version:
            return AdvisoryData(self._data.index, Known(state))
        path = Path(tempfile.gettempdir()) / f"advisories-{published.version[:32]}.sqlite"
        if not path.exists():
            self._client.download_file(self._bucket, published.key, str(path))
        self._close()
        return AdvisoryData(Known(AdvisoryIndex.open(path)), Known(state))

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def _close(self) -> None:
        """Make room for the next index: a Lambda's disk is small."""
        if isinstance(self._data.index, Known):
            self._data.index.value.close()
            for old in Path(tempfile.gettempdir()).glob("advisories-*.sqlite"):
                if self._data.version[:32] in old.name:
                    old.unlink(missing_ok=True)


@cache
def _store(warden: Deployment) -> AdvisoryStore:
    return AdvisoryStore(warden.aws.s3, warden.settings.bucket)


def advisory_data(warden: Deployment) -> AdvisoryData:
    """The newest advisory data of a deployment; see `AdvisoryStore.newest`."""
    return _store(warden).newest()
