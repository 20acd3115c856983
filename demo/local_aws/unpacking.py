"""Unpacking each archive of code once, however many workers run it.

A worker process of the emulator unpacks its function's code and layers, tens of megabytes in
thousands of files, into a folder of its own, and deletes them at its end. Here all workers with
the same archive share one folder, as if it were the read-only disk that it is in Lambda; byte code
that the first of them leaves there serves the others.
"""

import hashlib
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any


class Unpacking:
    """What takes the place of the module ``zipfile`` where workers are made.

    Attributes:
        BadZipFile: the module's own error.
        LargeFileError: the module's own error, under the name that ministack asks for.
    """

    BadZipFile = zipfile.BadZipFile
    LargeFileError = zipfile.LargeZipFile

    def __init__(self, folder: Path) -> None:
        """Keep what was unpacked.

        Args:
            folder: where; made when first needed.
        """
        self._folder = folder
        self._lock = threading.Lock()

    def ZipFile(self, file: str) -> "SharedArchive":  # noqa: N802 - the name in ``zipfile``
        """Open an archive whose content is unpacked once."""
        return SharedArchive(self, file)

    def place_of(self, file: str) -> Path:
        """Return the folder of an archive's content, whether it is there yet or not."""
        with Path(file).open("rb") as archive:
            digest = hashlib.file_digest(archive, "sha256").hexdigest()
        return self._folder / digest

    def unpack(self, archive: zipfile.ZipFile, place: Path) -> None:
        """Unpack an archive unless somebody did."""
        with self._lock:
            if place.exists():
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            # Beside its place, so that a half-finished one is never taken for the whole.
            unfinished = Path(tempfile.mkdtemp(dir=self._folder, prefix="unfinished-"))
            archive.extractall(unfinished)
            unfinished.rename(place)


class SharedArchive(zipfile.ZipFile):
    """An archive that unpacks into a shared folder and leaves a link to it."""

    def __init__(self, unpacking: Unpacking, file: str) -> None:
        super().__init__(file)
        self._unpacking = unpacking
        self._place = unpacking.place_of(file)

    def namelist(self) -> list[str]:
        """Names of the members; none where they have been checked and unpacked already."""
        return [] if self._place.exists() else super().namelist()

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        """Put a link to the content in the place of ``path``, an empty folder.

        Raises:
            ValueError: something else than the whole archive is asked for.
        """
        if path is None or members is not None or pwd is not None:
            raise ValueError("members: only the whole archive is shared")
        with zipfile.ZipFile(str(self.filename)) as archive:
            self._unpacking.unpack(archive, self._place)
        folder = Path(path)
        folder.rmdir()
        folder.symlink_to(self._place, target_is_directory=True)
