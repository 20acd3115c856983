"""The few parts of an ELF file that tell what a program is built from.

Layout: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html, chapters 4 and 5.
"""

import struct
from io import SEEK_SET
from typing import BinaryIO, Final, NamedTuple

MAGIC: Final = b"\x7fELF"
_MOST_SECTIONS: Final = 4096
_MOST_SEGMENTS: Final = 256
_MOST_NAMES: Final = 1024 * 1024
_MOST_READ: Final = 32 * 1024 * 1024
_FARTHEST: Final = 1 << 48
_LOADED: Final = 1
_WRITABLE: Final = 2


class ElfError(Exception):
    """The file is no ELF file that can be understood."""


class Segment(NamedTuple):
    """A part of the file that is loaded at an address; `writable` where it holds data."""

    address: int
    offset: int
    size: int
    writable: bool


class Elf:
    """An ELF file's sections and loaded segments.

    Raises:
        ElfError: The headers are damaged.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        header = self.read(0, 64)
        if len(header) < 52 or header[:4] != MAGIC or header[4] not in (1, 2):
            raise ElfError("no ELF header")
        self.wide = header[4] == 2
        self.order = ">" if header[5] == 2 else "<"
        layout = "16s2HI3QI6H" if self.wide else "16s2HI3II6H"
        if len(header) < struct.calcsize(self.order + layout):
            raise ElfError("header cut short")
        fields = struct.unpack_from(self.order + layout, header)
        self._program = (fields[5], fields[9], fields[10])
        self._section = (fields[6], fields[11], fields[12], fields[13])

    def read(self, offset: int, size: int) -> bytes:
        """`size` bytes at `offset` (at most 32 MiB), fewer at the end of the file."""
        if not 0 <= offset < _FARTHEST:
            return b""
        self._file.seek(offset, SEEK_SET)
        return self._file.read(min(size, _MOST_READ))

    def segments(self) -> list[Segment]:
        """Segments that are loaded into memory."""
        offset, size, count = self._program
        layout = self.order + ("2I6Q" if self.wide else "8I")
        found = []
        for fields in self._table(offset, size, min(count, _MOST_SEGMENTS), layout):
            if fields[0] == _LOADED:
                at, address, length, flags = (
                    (fields[2], fields[3], fields[5], fields[1])
                    if self.wide
                    else (fields[1], fields[2], fields[4], fields[6])
                )
                found.append(Segment(address, at, length, bool(flags & _WRITABLE)))
        return found

    def sections(self) -> dict[str, tuple[int, int]]:
        """Offset and size of every section by name; empty when they were stripped away."""
        offset, size, count, names_index = self._section
        layout = self.order + ("2I4Q2I2Q" if self.wide else "10I")
        rows = self._table(offset, size, min(count, _MOST_SECTIONS), layout)
        if names_index >= len(rows):
            return {}
        names_at, names_size = rows[names_index][4], rows[names_index][5]
        names = self.read(names_at, min(names_size, _MOST_NAMES))
        found = {}
        for fields in rows:
            end = names.find(b"\0", fields[0])
            name = names[fields[0] : end if end >= 0 else len(names)]
            found[name.decode("ascii", "replace")] = (fields[4], fields[5])
        return found

    def at_address(self, address: int, size: int) -> bytes:
        """What is loaded at `address`, empty where nothing is."""
        for segment in self.segments():
            if segment.address <= address < segment.address + segment.size:
                return self.read(segment.offset + address - segment.address, size)
        return b""

    def _table(self, offset: int, size: int, count: int, layout: str) -> list[tuple[int, ...]]:
        width = struct.calcsize(layout)
        if not offset or size < width or not count:
            return []
        data = self.read(offset, size * count)
        return [
            struct.unpack_from(layout, data, at)
            for at in range(0, len(data) - width + 1, size)
        ]  # fmt: skip
