"""OSV's export of one ecosystem: a zip of one JSON file per record, read without unpacking it.

The archive comes from elsewhere, so every size is bounded by what is really read, never by what
the archive says about itself.
"""

import errno
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from functions.shared.advisories.record import Record, RecordError, parse_record
from functions.shared.core.packages import Problem

_MIB: Final = 1024 * 1024
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_END_OF_DIRECTORY_64: Final = b"PK\x06\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 0x1  # APPNOTE.TXT 4.4.4
# bz2 gives a broken stream no number, a place before the file's start is an invalid one. What has
# another number befell the file that is read, and so every record that follows.
_OF_THE_RECORD: Final = frozenset({None, errno.EINVAL})


class ExportError(ValueError):
    """The whole archive cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """How much of somebody else's archive we are ready to read.

    The largest export (npm, with its malicious packages) is far below each of these.

    Attributes:
        directory_bytes: Size of the list of entries, which zip readers load at once.
        entries: Number of entries.
        record_bytes: Size of one record, unpacked.
        total_bytes: Size of all records, unpacked.
    """

    directory_bytes: int = 128 * _MIB
    entries: int = 1_000_000
    record_bytes: int = 8 * _MIB
    total_bytes: int = 8 * 1024 * _MIB


def read_export(
    archive: BinaryIO | Path, limits: ExportLimits | None = None
) -> Iterator[Record | Problem]:
    """Yield every record of an export, or what is wrong with it, one at a time.

    Raises:
        ExportError: It is no zip, larger than the limits, or a path that cannot be read.
        OSError: The given file cannot be read.
    """
    bounds = limits or ExportLimits()
    if isinstance(archive, Path):
        try:
            with archive.open("rb") as file:
                yield from read_export(file, bounds)
        except OSError as error:
            raise ExportError(f"{archive}: {error.strerror or error}") from error
        return
    _check_directory(archive, bounds)
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ExportError(f"not a readable zip: {error}") from error
    with opened:
        yield from _entries(opened, bounds)


def _check_directory(archive: BinaryIO, limits: ExportLimits) -> None:
    """Refuse a list of entries that would fill the memory before the first record is read."""
    size = archive.seek(0, 2)
    tail_size = min(size, _LONGEST_COMMENT + 22)
    archive.seek(size - tail_size)
    tail = archive.read(tail_size)
    position = tail.rfind(_END_OF_DIRECTORY)
    if position < 0 or len(tail) - position < 22:
        raise ExportError("not a zip: it has no end-of-directory record")
    # APPNOTE.TXT 4.3.16: the directory's size is at offset 12, 4.3.14 has the 64-bit form.
    (directory_bytes,) = struct.unpack_from("<L", tail, position + 12)
    if directory_bytes == 0xFFFF_FFFF:
        wide = tail.rfind(_END_OF_DIRECTORY_64, 0, position)
        if wide < 0 or len(tail) - wide < 56:
            raise ExportError("zip64 end-of-directory record not found")
        (directory_bytes,) = struct.unpack_from("<Q", tail, wide + 40)
    if directory_bytes > limits.directory_bytes:
        raise ExportError(
            f"its directory takes {directory_bytes} bytes, more than {limits.directory_bytes}"
        )


def _entries(opened: zipfile.ZipFile, limits: ExportLimits) -> Iterator[Record | Problem]:
    entries = [info for info in opened.infolist() if not info.filename.endswith("/")]
    if len(entries) > limits.entries:
        raise ExportError(f"it has {len(entries)} records, more than {limits.entries}")
    read = 0
    for info in entries:
        content = _content(opened, info, limits.record_bytes)
        if isinstance(content, Problem):
            yield content
            continue
        read += len(content)
        if read > limits.total_bytes:
            raise ExportError(f"its records take more than {limits.total_bytes} bytes")
        yield _record(info.filename, content)


def _content(opened: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | Problem:
    place = _shown(info.filename)
    if not info.filename.endswith(".json"):
        return Problem("advisory-unreadable", f"{place}: no .json file")
    if info.flag_bits & _ENCRYPTED:
        return Problem("advisory-unreadable", f"{place}: encrypted")
    try:
        with opened.open(info) as file:
            content = file.read(limit + 1)
    except (
        zipfile.BadZipFile,  # Bad CRC or overlapping entries.
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        OverflowError,  # At a place that no file has.
        NotImplementedError,  # Unknown compression.
    ) as error:
        if isinstance(error, OSError) and error.errno not in _OF_THE_RECORD:
            raise
        return Problem("advisory-unreadable", f"{place}: {str(error)[:200]}")
    if len(content) > limit:
        return Problem("advisory-too-large", f"{place}: more than {limit} bytes")
    return content


_UNFORESEEN: Final = (ArithmeticError, AttributeError, LookupError, TypeError)


def _record(filename: str, content: bytes) -> Record | Problem:
    try:
        return parse_record(json.loads(content))
    except RecordError as error:
        return Problem("advisory-malformed", f"{_shown(filename)}: {error}")
    except (ValueError, RecursionError) as error:
        return Problem("advisory-malformed", f"{_shown(filename)}: no JSON: {str(error)[:200]}")
    except _UNFORESEEN as error:  # it costs this record, not all of them
        kind = type(error).__name__
        return Problem("advisory-malformed", f"{_shown(filename)}: not understood ({kind})")


def _shown(filename: str) -> str:
    return filename[-100:].encode("ascii", "backslashreplace").decode()
