"""The central directory of a zip archive, parsed without trusting a single field of it.

Format: APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3
(https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). The standard library's reader is
not used because it reads and keeps everything before the first check can be made, and answers
hostile archives with exceptions where a list of what is left is wanted.
"""

import struct
from io import SEEK_END
from typing import BinaryIO, Final, NamedTuple

STORED: Final = 0
DEFLATED: Final = 8
FLAG_ENCRYPTED: Final = 0x1
FLAG_UTF8: Final = 0x800

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END_SIGNATURE: Final = b"PK\x05\x06"
_CENTRAL_SIGNATURE: Final = b"PK\x01\x02"
_LOCATOR64_SIGNATURE: Final = b"PK\x06\x07"
_LARGEST_COMMENT: Final = 0xFFFF
_IN_EXTRA: Final = 0xFFFFFFFF
_ZIP64_EXTRA: Final = 0x0001


class DirectoryError(Exception):
    """No central directory could be read; the message says why."""


class Entry(NamedTuple):
    """One member as the central directory declares it.

    Attributes:
        name: Path inside the archive, with forward slashes.
        flags: General purpose bits.
        method: Compression method, 0 stored and 8 deflated.
        crc: CRC-32 of the contents.
        packed: Compressed size in bytes.
        size: Declared uncompressed size in bytes.
        offset: Position of the local header in the file.
        mode: Unix mode bits, 0 where the archive has none.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


class Directory(NamedTuple):
    """All members, where their data must end, and whether the listing was cut short."""

    entries: list[Entry]
    start: int
    complete: bool


def read_directory(file: BinaryIO, *, most_bytes: int, most_entries: int) -> Directory:
    """List the members of the archive in `file`, in directory order.

    Raises:
        DirectoryError: There is no directory, or it is larger than `most_bytes`.
    """
    length = file.seek(0, SEEK_END)
    size, offset, end = _locate(file, length)
    if size > most_bytes:
        raise DirectoryError(f"its directory of {size} bytes is larger than {most_bytes}")
    start = end - size
    if start < 0 or offset > start:
        raise DirectoryError("its directory lies outside the file")
    file.seek(start)
    data = file.read(size)
    if len(data) != size:
        raise DirectoryError("its directory is cut short")
    entries, complete = _parse(data, shift=start - offset, most=most_entries)
    return Directory(entries, start, complete)


def _locate(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """Size, declared offset and real end of the directory."""
    tail_start = max(0, length - _LARGEST_COMMENT - _END.size)
    file.seek(tail_start)
    tail = file.read(length - tail_start)
    at = tail.rfind(_END_SIGNATURE)
    while at >= 0 and at + _END.size > len(tail):
        at = tail.rfind(_END_SIGNATURE, 0, at)
    if at < 0:
        raise DirectoryError("it has no end record: no zip, or cut short")
    size, offset = _END.unpack_from(tail, at)[5:7]
    end = tail_start + at
    if end >= _END64_LOCATOR.size + _END64.size:
        file.seek(end - _END64_LOCATOR.size)
        signature, _, record, _ = _END64_LOCATOR.unpack(file.read(_END64_LOCATOR.size))
        if signature == _LOCATOR64_SIGNATURE:
            return _locate64(file, end, record)
    return size, offset, end


def _locate64(file: BinaryIO, end: int, record: int) -> tuple[int, int, int]:
    """The same from the zip64 records that stand before the end record at `end`."""
    # Data put before the archive shifts every offset; the record right before the locator wins.
    for position in (end - _END64_LOCATOR.size - _END64.size, record):
        if not 0 <= position <= end - _END64.size:
            continue
        file.seek(position)
        fields = _END64.unpack(file.read(_END64.size))
        if fields[0] == b"PK\x06\x06":
            return fields[8], fields[9], position
    raise DirectoryError("its zip64 end record is missing")


def _parse(data: bytes, *, shift: int, most: int) -> tuple[list[Entry], bool]:
    """Members of the directory `data`; False when it was not understood to its end."""
    entries: list[Entry] = []
    at, end, fixed = 0, len(data), _CENTRAL.size
    unpack = _CENTRAL.unpack_from
    while at + fixed <= end:
        (signature, made_by, _, flags, method, _, _, crc, packed, size, name_length, extra_length,
         comment_length, _, _, attributes, offset) = unpack(data, at)  # fmt: skip
        if signature != _CENTRAL_SIGNATURE:
            return entries, False
        if len(entries) >= most:
            return entries, False
        name_end = at + fixed + name_length
        raw = data[at + fixed : name_end]
        if _IN_EXTRA in (packed, size, offset):
            extra = data[name_end : name_end + extra_length]
            size, packed, offset = _widen(extra, size, packed, offset)
        mode = attributes >> 16 if made_by >> 8 in (3, 19) or attributes >> 28 == 0xA else 0
        entries.append(
            Entry(_name(raw, flags), flags, method, crc, packed, size, offset + shift, mode)
        )
        at = name_end + extra_length + comment_length
    return entries, at == end


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("utf-8" if flags & FLAG_UTF8 else "cp437", "replace")
    return name.replace("\\", "/") if "\\" in name else name


def _widen(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Size, compressed size and offset, those that are all ones taken from the zip64 field."""
    values = [size, packed, offset]
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        at += 4
        if kind == _ZIP64_EXTRA:
            field = extra[at : at + length]
            for index, value in enumerate(values):
                if value == _IN_EXTRA and len(field) >= 8:
                    values[index] = int.from_bytes(field[:8], "little")
                    field = field[8:]
            break
        at += length
    return values[0], values[1], values[2]
