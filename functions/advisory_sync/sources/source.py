"""What a source answers when it is asked for a file, such as the export of an ecosystem."""

from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol, TypeAlias

LARGEST_EXPORT: Final = 1024 * 1024 * 1024
"""Bytes of the largest archive that is accepted; the largest of OSV's is a fifth of it."""

_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Version:
    """What identifies the content that we have, for asking only for what is newer.

    Attributes:
        etag: Entity tag, or empty.
        last_modified: HTTP date, or empty.
    """

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A new export was written to the given file."""

    version: Version


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The content is the one we have."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The source has no such file."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer.

    Attributes:
        cause: One short sentence for a person.
    """

    cause: str


Answer: TypeAlias = Fetched | Unchanged | Missing | Failed


class FileSource(Protocol):
    """A place with files."""

    @property
    def location(self) -> str:
        """The place, for people; another location means that no known version applies."""

    def get(self, name: str, known: Version, into: BinaryIO) -> Answer:
        """Write a file of the source into a file, unless it is the known version.

        Never raises for what the source does; a source that misbehaves is `Failed`.
        """


def export_of(ecosystem: str) -> str:
    """The file in which a source, like OSV's own bucket, keeps an ecosystem's advisories."""
    return f"{ecosystem}/all.zip"


class TooLargeError(ValueError):
    """The source sends more than any export has."""


class BoundedWriter:
    """Writes to a file up to a number of bytes."""

    def __init__(self, file: BinaryIO, limit: int = LARGEST_EXPORT) -> None:
        self._file = file
        self._limit = limit
        self._written = 0

    def write(self, chunk: bytes) -> None:
        """Append a chunk.

        Raises:
            TooLargeError: The limit would be passed.
        """
        self._written += len(chunk)
        if self._written > self._limit:
            raise TooLargeError(f"more than {self._limit} bytes")
        self._file.write(chunk)

    def copy(self, source: BinaryIO) -> None:
        """Append all of another file.

        Raises:
            TooLargeError: The limit would be passed.
        """
        while chunk := source.read(_CHUNK):
            self.write(chunk)
