"""Exports in a local folder, for demonstrations and machines without a network."""

from pathlib import Path
from typing import BinaryIO

from functions.advisory_sync.sources.source import (
    Answer,
    BoundedWriter,
    Failed,
    Fetched,
    Missing,
    TooLargeError,
    Unchanged,
    Version,
)


class FolderSource:
    """Reads files of a folder; size and modification time stand for a version."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder."""
        self._folder = folder

    @property
    def location(self) -> str:
        """The folder as a file URL."""
        return self._folder.absolute().as_uri()

    def get(self, name: str, known: Version, into: BinaryIO) -> Answer:
        """Copy a file unless it is the known one."""
        path = self._folder / name
        try:
            facts = path.stat()
            version = Version(f"{facts.st_size}-{facts.st_mtime_ns}")
            if version == known:
                return Unchanged()
            with path.open("rb") as file:
                BoundedWriter(into).copy(file)
        except FileNotFoundError:
            return Missing()
        except (OSError, TooLargeError) as error:
            return Failed(f"{path}: {error}"[:300])
        return Fetched(version)
