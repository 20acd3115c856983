"""A Git repository inside an artefact: its loose objects are texts, its packs are not read."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.archive import Archive

_LOOSE: Final = re.compile(r"(?:.*/)?\.git/objects/[0-9a-f]{2}/[0-9a-f]{38,62}")
_PACK: Final = ".pack"
_LONGEST: Final = 1024 * 1024
_BLOB: Final = b"blob "


def git_objects(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The files that a repository keeps, each with its place; reports what is packed."""
    for entry in archive.entries:
        if not _LOOSE.fullmatch(entry.name):
            continue
        data = archive.read(entry)
        if data is None:
            continue
        try:
            text = zlib.decompressobj().decompress(data, _LONGEST)
        except zlib.error:
            continue
        if text.startswith(_BLOB):
            yield archive.place(entry), text.partition(b"\0")[2]
    for entry in archive.with_extension(_PACK):
        if "/.git/" in f"/{entry.name}":
            archive.report("archive-not-read", entry, "history of a Git repository")
