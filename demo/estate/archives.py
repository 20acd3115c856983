"""Deployment packages as zip archives: the same contents always give the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_MOMENT: Final = (2026, 1, 1, 0, 0, 0)
# Written by the installers about themselves, or by Python; no part of what is deployed.
_LEFT_OUT: Final = frozenset(
    {"__pycache__", ".bin", ".lock", ".package-lock.json", "direct_url.json"}
)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of a folder that belongs into a package, by its path in the archive."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(folder).parts)
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of files, in the order of their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def damaged(archive: bytes, member: str) -> bytes:
    """The archive with the packed bytes of one member overwritten; its directory stays sound.

    Raises:
        KeyError: There is no such member.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        info = opened.getinfo(member)
    start = info.header_offset + 30 + len(info.filename.encode())
    spoiled = bytearray(archive)
    spoiled[start : start + info.compress_size] = b"\xff" * info.compress_size
    return bytes(spoiled)
