"""The published index: immutable files in S3 and a small pointer, `latest.json`, to the newest.

An index lies under a key made of its content's hash and is never overwritten; the pointer is
written after it. A reader therefore sees the old index or the new one, never half of one. The list
of known exploited flaws lies beside it in the same way.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from functions.shared.advisories.exploited import CatalogueError, ExploitedFlaws, decode, encode
from functions.shared.advisories.index import ExportState
from functions.shared.advisories.layout import FORMAT_VERSION
from functions.shared.core.faults import faults

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX: Final = "advisories"
"""Where in Warden's bucket the index stands."""

_CHUNK: Final = 1024 * 1024
_LARGEST_POINTER: Final = 256 * 1024
_LARGEST_CATALOGUE: Final = 8 * 1024 * 1024


class PublishedIndexError(ValueError):
    """What lies in the bucket is not what it should be; the message names the object."""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One published index.

    Attributes:
        key: Its S3 key.
        sha256: Hex digest of its content.
        size: Its bytes.
        format: Format version of the file (`layout.FORMAT_VERSION` of its builder).
        built_at: When it was built.
    """

    key: str
    sha256: str
    size: int
    format: int
    built_at: datetime


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """One published list of known exploited flaws.

    Attributes:
        key: Its S3 key.
        sha256: Hex digest of its content.
        flaws: How many there are.
        source: Where the catalogue came from.
        etag: HTTP or S3 entity tag, for the next conditional fetch; may be empty.
        last_modified: HTTP date for the same purpose; may be empty.
        checked_at: When the source was last asked and this was its newest content.
    """

    key: str
    sha256: str
    flaws: int
    source: str
    etag: str
    last_modified: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """What the pointer says.

    Attributes:
        index: The newest index.
        previous: The one before this publication, kept to find what changed; the same where
            only the exploited flaws are new, None after the first sync.
        source: Where the advisories come from.
        exports: Each ecosystem's state; `checked_at` here is newer than inside the index when a
            sync found nothing new.
        exploited: The newest list of known exploited flaws; None where none was ever fetched, or
            none is wanted.
        previous_exploited: The one before this publication.
    """

    index: IndexFile
    previous: IndexFile | None
    source: str
    exports: Mapping[str, ExportState]
    exploited: CatalogueFile | None = None
    previous_exploited: CatalogueFile | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all objects that it points to."""
        files = (self.index, self.previous, self.exploited, self.previous_exploited)
        return frozenset(one.key for one in files if one)

    @property
    def checked_at(self) -> datetime | None:
        """When the longest unchecked ecosystem was last known to be current."""
        return min((state.checked_at for state in self.exports.values()), default=None)


@dataclass(frozen=True, slots=True)
class IndexStore:
    """The place in S3 where indexes are published.

    Attributes:
        s3: Client for the bucket.
        bucket: The bucket.
        prefix: Key prefix of the index files and the pointer.
    """

    s3: "S3Client"
    bucket: str
    prefix: str

    @property
    def pointer_key(self) -> str:
        """Key of the pointer."""
        return self._key("latest.json")

    def newest(self) -> Published | None:
        """What the pointer says, or None before the first sync.

        Raises:
            PublishedIndexError: The pointer is damaged.
            ClientError: S3 refused.
        """
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=self.pointer_key)["Body"]
        except self.s3.exceptions.NoSuchKey:
            return None
        try:
            return decode_pointer(body.read(_LARGEST_POINTER))
        except ValidationError as error:
            raise PublishedIndexError(
                f"s3://{self.bucket}/{self.pointer_key} is damaged ({faults(error, 'pointer')}); "
                "delete it and run the advisory sync"
            ) from error

    def point_to(self, published: Published) -> None:
        """Make an index the newest one.

        Raises:
            ClientError: S3 refused.
        """
        self.s3.put_object(
            Bucket=self.bucket,
            Key=self.pointer_key,
            Body=encode_pointer(published),
            ContentType="application/json",
        )

    def upload(self, path: Path, built_at: datetime) -> IndexFile:
        """Put an index file under its own key; readers do not know of it yet.

        Raises:
            ClientError: S3 refused.
        """
        sha256 = _digest(path)
        key = self._key(f"index-{sha256}.sqlite")
        with path.open("rb") as file:
            self.s3.put_object(
                Bucket=self.bucket, Key=key, Body=file, ContentType="application/vnd.sqlite3"
            )
        return IndexFile(key, sha256, path.stat().st_size, FORMAT_VERSION, built_at)

    def download(self, index: IndexFile, folder: Path) -> Path:
        """Bring an index to this machine; one that is there already is not fetched again.

        Raises:
            PublishedIndexError: The object is missing or its content is not what the pointer says.
            ClientError: S3 refused.
        """
        path = folder / f"{index.sha256}.sqlite"
        if path.is_file() and path.stat().st_size == index.size:
            return path
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        try:
            self._fetch(index, partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return path

    def upload_exploited(self, flaws: ExploitedFlaws) -> tuple[str, str]:
        """Put a list of exploited flaws under its own key; readers do not know of it yet.

        Returns:
            The key and the digest.

        Raises:
            ClientError: S3 refused.
        """
        content = encode(flaws)
        sha256 = hashlib.sha256(content).hexdigest()
        key = self._key(f"exploited-{sha256}.json")
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=content, ContentType="application/json"
        )
        return key, sha256

    def exploited(self, file: CatalogueFile) -> ExploitedFlaws:
        """Read a list of exploited flaws.

        Raises:
            PublishedIndexError: The object is missing or its content is not what the pointer says.
            ClientError: S3 refused.
        """
        place = f"s3://{self.bucket}/{file.key}"
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=file.key)["Body"]
        except self.s3.exceptions.NoSuchKey:
            raise PublishedIndexError(f"{place} is missing") from None
        content = body.read(_LARGEST_CATALOGUE)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise PublishedIndexError(f"{place}: its content is not what the pointer says")
        try:
            return decode(content)
        except CatalogueError as error:
            raise PublishedIndexError(f"{place}: {error}") from error

    def delete(self, key: str) -> None:
        """Remove an object that nothing points to any more.

        Raises:
            ClientError: S3 refused.
        """
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def _fetch(self, index: IndexFile, path: Path) -> None:
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=index.key)["Body"]
        except self.s3.exceptions.NoSuchKey:
            raise PublishedIndexError(f"s3://{self.bucket}/{index.key} is missing") from None
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for chunk in body.iter_chunks(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != index.sha256:
            raise PublishedIndexError(
                f"s3://{self.bucket}/{index.key}: its content is not what the pointer says"
            )

    def _key(self, name: str) -> str:
        folder = self.prefix.strip("/")
        return f"{folder}/{name}" if folder else name


_POINTER: Final = TypeAdapter(Published)


def encode_pointer(published: Published) -> bytes:
    """The pointer's JSON."""
    return _POINTER.dump_json(published)


def decode_pointer(content: bytes) -> Published:
    """Read the pointer's JSON.

    Raises:
        ValidationError: It is no JSON, or a value is missing or wrong.
    """
    return _POINTER.validate_json(content)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
