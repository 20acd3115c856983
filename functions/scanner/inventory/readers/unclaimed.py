"""What no other reader claims: every member outside installed packages, looked at by its content.

A program is one whatever it is called, and so is an archive. What of it cannot be read is a problem
with its place: an artefact is never empty only because nobody knew what to look for.
"""

import bz2
import lzma
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers import elf
from functions.scanner.inventory.readers.programs import compiled_in, is_program_by_name
from functions.shared.core.packages import Package

_PROGRAMS: Final = (
    b"MZ",  # Windows
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",  # macOS
    b"\0asm",
)  # fmt: skip
_SEALED: Final = (
    b"\x28\xb5\x2f\xfd",  # zstd
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x04\x22\x4d\x18", b"LZIP",
    b"!<arch>\n", b"\xed\xab\xee\xdb", b"hsqs", b"070701", b"070702", b"MSCF",
)  # fmt: skip
_SEALED_NAMES: Final = (".br", ".zst", ".7z", ".rar")
_TAR: Final = (257, b"ustar")
_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
_HEAD: Final = 1024
_BYTECODE: Final = ".pyc"


def read_unclaimed(archive: Archive) -> Iterator[Package]:
    """Packages in programs under any name; reports what of the owner's files is not understood."""
    for entry, head in archive.own_heads:
        if head.startswith(elf.MAGIC):
            if not is_program_by_name(entry):  # those are another reader's
                yield from compiled_in(archive, entry, head)
        elif head.startswith(_PROGRAMS) and not entry.name.lower().endswith(".dll"):
            archive.report("binary-not-identified", entry)
        elif _holds_files(entry, head):
            archive.report("archive-not-read", entry)
    _report_bytecode(archive)


def _holds_files(entry: Entry, head: bytes) -> bool:
    """Whether a member is an archive, or code in a compressed form, that is not read."""
    if head.startswith(_SEALED) or entry.name.lower().endswith(_SEALED_NAMES) or _is_tar(head):
        return True
    inner = _unpacked(head)
    return _is_tar(inner) or inner.startswith((elf.MAGIC, b"PK\x03\x04", *_PROGRAMS, *_SEALED))


def _is_tar(head: bytes) -> bool:
    at, mark = _TAR
    return head[at : at + len(mark)] == mark


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is in a compressed file, as far as its own beginning tells."""
    try:
        if head.startswith(_GZIP):
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, _HEAD)
        if head.startswith(_BZIP2):
            return bz2.BZ2Decompressor().decompress(head, _HEAD)
        if head.startswith(_XZ):
            return lzma.LZMADecompressor(memlimit=64 * 1024 * 1024).decompress(head, _HEAD)
    except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
        return b""
    return b""


def _report_bytecode(archive: Archive) -> None:
    """Report folders of compiled Python whose sources were taken away: nothing tells what it is."""
    folders: Counter[str] = Counter()
    for entry in archive.with_extension(_BYTECODE):
        if archive.installed.covers(entry.name):
            continue
        folder, _, file = entry.name.rpartition("/")
        folder = folder.removesuffix("__pycache__").rstrip("/")
        source = file.partition(".")[0] + ".py"
        if (f"{folder}/{source}" if folder else source) not in archive.names:
            folders[folder] += 1
    for folder in sorted(_outermost(folders)):
        archive.log.add("bytecode-only", archive.prefix + folder)


def _outermost(folders: Counter[str]) -> set[str]:
    """Of folders within each other, the outer ones."""
    kept: set[str] = set()
    for folder in sorted(folders, key=lambda name: name + "/"):
        parts = folder.split("/")
        if not any("/".join(parts[:length]) in kept for length in range(1, len(parts))):
            kept.add(folder)
    return kept
