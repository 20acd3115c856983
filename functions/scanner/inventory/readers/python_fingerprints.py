"""Versions of Python packages by the checksums of their modules.

For packages whose code states no version. The table holds, for each release of many projects, one
checksum over the modules directly in the package's folder, as the release's wheel has them; the
zip's directory tells theirs without reading a single one. Releases that differ in other files only
share a checksum: then the newest of them is named.
"""

import json
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry

_TABLE: Final = Path(__file__).parents[1] / "data" / "version_fingerprints.json"


@cache
def _versions() -> dict[str, dict[str, str]]:
    """Project to checksum to version."""
    versions: dict[str, dict[str, str]] = json.loads(_TABLE.read_bytes())["versions"]
    return versions


def fingerprinted_version(archive: Archive, path: str, project: str) -> str:
    """The version of the package at `path`, empty where no known release matches.

    Args:
        archive: The archive that holds it.
        path: Its folder, or the file of a single module.
        project: Its normalised name on PyPI.
    """
    known = _versions().get(project)
    return known.get(fingerprint(archive.with_extension(".py"), path), "") if known else ""


def fingerprint(entries: Iterable[Entry], path: str) -> str:
    """One checksum over the modules at `path`: a single file, or those directly in a folder."""
    folder = "" if path.endswith(".py") else path + "/"
    own = sorted(
        f"{entry.name[len(folder) :]}:{entry.crc:08x}"
        for entry in entries
        if (entry.name.startswith(folder) and "/" not in entry.name[len(folder) :]
            if folder else entry.name == path)
    )  # fmt: skip
    if not folder:
        own = [line.rpartition("/")[2] for line in own]
    return f"{zlib.crc32(chr(10).join(own).encode()):08x}"
