"""Reads an image: its layers from the last to the first, each as a stream, nothing on disk.

What the readers need is kept in two zip archives in memory, and these are read as those of any
other function. Large files that hold no code by their first bytes are kept by their beginning only.
"""

import io
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, cast

from functions.scanner.images.manifest import Layer
from functions.scanner.images.os_packages import (
    DatabaseError,
    distribution_of,
    read_apk,
    read_dpkg,
    read_rpm,
)
from functions.scanner.images.overlay import Overlay, clean_path
from functions.scanner.images.selection import Part, part_of
from functions.scanner.images.stream import Blob, LayerError, LayerStream
from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.limits import DEFAULT, Limits
from functions.scanner.inventory.problems import ProblemLog
from functions.scanner.secrets.code import read_code_secrets
from functions.scanner.secrets.found import CodeSecrets
from functions.shared.core.packages import SYSTEM, Inventory, Package

_MIB: Final = 1024 * 1024
_WHOLE: Final = 8 * _MIB
_PROGRAM: Final = 128 * _MIB
_BEGINNING: Final = 64 * 1024
_KEPT: Final = 448 * _MIB
_UNPACKED: Final = 4096 * _MIB
_MEMBERS: Final = 500_000
_PIECE: Final = _MIB
_CODE: Final = (b"\x7fELF", b"PK\x03\x04", b"MZ", b"#!")
_DATABASE: Final = 64 * _MIB
# An archive made here is larger than what Lambda takes as one.
_LIMITS: Final[Limits] = replace(DEFAULT, artefact_bytes=_UNPACKED, entries=_MEMBERS)

Open = Callable[[Layer], AbstractContextManager[Blob]]


class TooLargeError(Exception):
    """The image is more than can be read within the bounds; the text says what of it."""


@dataclass(frozen=True, slots=True)
class ImageContents:
    """What is inside an image.

    Attributes:
        inventory: Its packages, those of the system too, and what could not be read.
        secrets: Where credentials stand in the owner's files.
    """

    inventory: Inventory
    secrets: CodeSecrets


def read_image(layers: Iterable[Layer], open_blob: Open, own: Iterable[str] = ()) -> ImageContents:
    """What is inside an image.

    A layer that cannot be read is a problem in the result; the others still count.

    Args:
        layers: Its layers, the lowest first.
        open_blob: Opens the blob of a layer.
        own: Places that its configuration points at; see `own_places`.
    """
    reading = _Reading(tuple(own))
    for layer in reversed(tuple(layers)):
        reading.read(layer, open_blob)
    return reading.contents()


class _Reading:
    """One image being read."""

    def __init__(self, own: tuple[str, ...]) -> None:
        self._own = own
        self._overlay = Overlay()
        self._log = ProblemLog()
        self._kept = {Part.OWN: _Kept(), Part.SYSTEM: _Kept()}
        self._databases: dict[str, bytes] = {}
        self._links: list[tuple[Part, str, str]] = []
        self._unpacked = 0
        self._members = 0

    def read(self, layer: Layer, open_blob: Open) -> None:
        """Read one layer, the last one first."""
        place = f"layer {layer.digest[:19]}"
        try:
            if layer.foreign:
                raise LayerError("it is kept outside of the registry")
            with open_blob(layer) as blob:
                stream = LayerStream(blob, layer, self._spend)
                self._read_archive(stream)
                stream.verify()
        except LayerError as error:
            self._log.add("image-layer-unread", place, str(error))
        except (tarfile.TarError, EOFError, OverflowError, ValueError) as error:
            self._log.add("image-layer-unread", place, f"its archive is damaged ({error})")
        except TooLargeError as error:
            self._log.add("image-too-large", place, str(error))
        self._overlay.end_layer()

    def contents(self) -> ImageContents:
        """What the readers find in all that was kept."""
        for part, path, target in self._links:
            self._kept[part].link(path, target)
        own, system = (self._kept[part].file() for part in (Part.OWN, Part.SYSTEM))
        inventory = read_artifact(own, limits=_LIMITS)
        if not self._kept[Part.SYSTEM].is_empty:
            inventory += read_artifact(system, label=SYSTEM, limits=_LIMITS)
        inventory += self._operating_system()
        own.seek(0)
        found = read_code_secrets(own)
        problems = self._log.problems()
        hidden = any(one.code in {"image-layer-unread", "image-too-large"} for one in problems)
        secrets = replace(found, complete=found.complete and not hidden)
        return ImageContents(inventory + Inventory(problems=problems), secrets)

    def _spend(self, count: int) -> None:
        self._unpacked += count
        if self._unpacked > _UNPACKED:
            raise TooLargeError(f"more than {_UNPACKED // _MIB} MB unpacked")

    def _read_archive(self, stream: LayerStream) -> None:
        with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|") as archive:
            for member in archive:
                self._members += 1
                if self._members > _MEMBERS:
                    raise TooLargeError(f"more than {_MEMBERS} files")
                self._take(archive, member)

    def _take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        # A stream keeps all members that it saw; there may be hundreds of thousands.
        archive.members = []  # type: ignore[attr-defined] # the documented list
        path = clean_path(member.name)
        if path is None:
            self._log.add("zip-unsafe-path", member.name)
            return
        if not path or not self._overlay.shows(path, is_folder=member.isdir()):
            return
        part = part_of(path, self._own)
        if part is Part.NOTHING:
            return
        if member.islnk() and part in self._kept:
            self._links.append((part, path, clean_path(member.linkname) or ""))
        if not member.isreg():
            return
        content = archive.extractfile(member)
        if content is None:
            return
        if part is Part.DATABASE:
            self._database(path, member.size, cast("BinaryIO", content))
        else:
            self._kept[part].take(path, member.size, cast("BinaryIO", content))

    def _database(self, path: str, size: int, content: BinaryIO) -> None:
        if size > _DATABASE:
            self._log.add("os-packages-unread", path, f"{size} bytes")
        else:
            self._databases[path] = content.read(size)

    def _operating_system(self) -> Inventory:
        release = self._databases.get("etc/os-release") or self._databases.get(
            "usr/lib/os-release", b""
        )
        distribution = distribution_of(release)
        packages: dict[Package, None] = {}
        log = ProblemLog()
        for path, data in self._databases.items():
            try:
                if "dpkg" in path:
                    packages.update(dict.fromkeys(read_dpkg(data, path, distribution)))
                elif "apk" in path:
                    packages.update(dict.fromkeys(read_apk(data, path, distribution)))
                elif "rpm" in path:
                    packages.update(dict.fromkeys(read_rpm(data, path, distribution)))
            except DatabaseError as error:
                log.add("os-packages-unread", path, str(error))
        if packages:
            log.add("os-packages-unmatched", f"{len(packages)} packages of {distribution}")
        return Inventory(tuple(packages), log.problems())


class _Kept:
    """A zip archive in memory of the files that are kept."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._archive = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.is_empty = True

    def take(self, path: str, size: int, content: BinaryIO) -> None:
        """Keep a file, or the beginning of a large one that is no code.

        Raises:
            TooLargeError: There is no room.
        """
        beginning = content.read(min(size, _BEGINNING))
        is_code = beginning.startswith(_CODE) or path.endswith((".js", ".mjs", ".cjs", ".py"))
        most = _PROGRAM if is_code else _WHOLE
        kept = size if size <= most else len(beginning)
        with warnings.catch_warnings():
            # Two members of one name are both kept, and reported by the reader.
            warnings.simplefilter("ignore", UserWarning)
            with self._archive.open(path, "w") as target:
                target.write(beginning)
                left = kept - len(beginning)
                while left > 0 and (piece := content.read(min(_PIECE, left))):
                    target.write(piece)
                    left -= len(piece)
        self.is_empty = False
        if self._buffer.tell() > _KEPT:
            raise TooLargeError(f"more than {_KEPT // _MIB} MB of the owner's files, compressed")

    def link(self, path: str, target: str) -> None:
        """Keep a file under a second name, where the first was kept."""
        try:
            data = self._archive.read(target)
        except (KeyError, ValueError):
            return
        self._archive.writestr(path, data)

    def file(self) -> BinaryIO:
        """The finished archive."""
        self._archive.close()
        self._buffer.seek(0)
        return self._buffer
