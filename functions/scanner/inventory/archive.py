"""One zip archive as the readers see it: members by name, contents on request, no exceptions."""

import io
import posixpath
import struct
import zlib
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property
from typing import BinaryIO, Final, cast

from functions.scanner.inventory.directory import DEFLATED, Entry, read_directory
from functions.scanner.inventory.inflate import InflatedFile, SlicedFile
from functions.scanner.inventory.installed import Installed
from functions.scanner.inventory.limits import Budget
from functions.scanner.inventory.problems import ProblemLog
from functions.scanner.inventory.soundness import is_symlink, sound_members

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE: Final = b"PK\x03\x04"
# Room for the local extra field, so that most members are read with one call.
_EXTRA_ROOM: Final = 64
_LONGEST_TARGET: Final = 4096
_HEAD: Final = 2048
# Files by which packages are recognised: behind a link of another name they would not be.
_DESCRIBING: Final = (
    "METADATA", "PKG-INFO", "package.json", "pom.properties", "pom.xml", ".deps.json", ".gemspec",
    ".jar", ".whl", ".zip",
)  # fmt: skip


class Archive:
    """A zip archive, opened.

    Args:
        file: Seekable file with the archive.
        prefix: What stands before every path of this archive in a report, for example
            `lib/app.jar!/`.
        budget: Work left, shared with the archives around this one.
        log: Where problems go.

    Raises:
        DirectoryError: The file holds no archive that can be listed.
    """

    def __init__(self, file: BinaryIO, *, prefix: str, budget: Budget, log: ProblemLog) -> None:
        self.prefix = prefix
        self.budget = budget
        self.log = log
        self.installed = Installed(self)
        self._file = file
        directory = read_directory(
            file, most_bytes=budget.limits.directory_bytes, most_entries=budget.entries
        )
        if not directory.complete:
            listed_all = len(directory.entries) >= budget.entries
            code = "zip-too-many-entries" if listed_all else "zip-unreadable"
            log.add(code, prefix or "the archive", f"{len(directory.entries)} members listed")
        budget.entries -= len(directory.entries)
        members = sound_members(directory, prefix, budget.limits, log)
        self.entries = [entry for entry in members if not is_symlink(entry)]
        self._check_links([entry for entry in members if is_symlink(entry)])

    @cached_property
    def names(self) -> frozenset[str]:
        """Paths of all readable members."""
        return frozenset(entry.name for entry in self.entries)

    @cached_property
    def _by_basename(self) -> dict[str, list[Entry]]:
        index = defaultdict(list)
        for entry in self.entries:
            index[entry.name[entry.name.rfind("/") + 1 :]].append(entry)
        return index

    @cached_property
    def _by_extension(self) -> dict[str, list[Entry]]:
        index = defaultdict(list)
        for basename, entries in self._by_basename.items():
            dot = basename.rfind(".")
            index[basename[dot:].lower() if dot > 0 else ""].extend(entries)
        return index

    @cached_property
    def own_heads(self) -> list[tuple[Entry, bytes]]:
        """The members outside installed packages, each with its first bytes."""
        return [
            (entry, self.head(entry, _HEAD))
            for entry in self.entries
            if entry.size and not self.installed.covers(entry.name)
        ]

    def named(self, basename: str) -> list[Entry]:
        """Members whose last path segment is `basename`."""
        return self._by_basename.get(basename, [])

    def with_extension(self, extension: str) -> list[Entry]:
        """Members by what stands from the last dot on, in lower case; empty: no extension."""
        return self._by_extension.get(extension, [])

    def is_test_data(self, folder: str) -> bool:
        """Whether a folder holds an installed package's tests, which are left out and counted."""
        if not self.installed.has_test_data(folder):
            return False
        self.log.add("test-data-left-out", self.prefix + folder.rstrip("/"))
        return True

    def place(self, entry: Entry) -> str:
        """The member's path as reports show it."""
        return self.prefix + entry.name

    def report(self, code: str, entry: Entry, reason: str = "") -> None:
        """Log a problem with one member."""
        self.log.add(code, self.place(entry), reason)

    def read(self, entry: Entry, *, most: int = 0) -> bytes | None:
        """Contents of a member, or None after the reason was reported.

        Args:
            entry: The member.
            most: Largest size that is read; 0 means the limit for metadata.
        """
        most = most or self.budget.limits.metadata_bytes
        if entry.size > most:
            self.report("entry-too-large", entry, f"{entry.size} bytes")
            return None
        self.budget.spend_read()
        packed = self._packed(entry)
        if packed is None:
            return None
        data = self._unpack(entry, packed)
        if data is None:
            return None
        self.budget.spend_inflated(len(data))
        if len(data) != entry.size:
            self.report("zip-size-lies", entry, f"{entry.size} bytes declared")
            return None
        if zlib.crc32(data) != entry.crc:
            self.report("zip-bad-checksum", entry)
            return None
        return data

    def open(self, entry: Entry) -> BinaryIO | None:
        """A member as a seekable file, or None after the reason was reported.

        Small ones are held in memory with their checksum verified, large ones are streamed.
        """
        limits = self.budget.limits
        if entry.method == DEFLATED and entry.size <= limits.whole_bytes:
            data = self.read(entry, most=limits.whole_bytes)
            return None if data is None else io.BytesIO(data)
        self.budget.spend_read()
        start = self._data_start(entry)
        if start is None:
            return None
        raw: io.RawIOBase
        if entry.method == DEFLATED:
            spend = self.budget.spend_inflated
            raw = InflatedFile(self._file, start, entry.packed, entry.size, spend)
        else:
            raw = SlicedFile(self._file, start, entry.size)
        return cast("BinaryIO", raw)

    def head(self, entry: Entry, count: int) -> bytes:
        """The first `count` bytes of a member, fewer where it cannot be read; not verified."""
        start = self._data_start(entry)
        if start is None:
            return b""
        self._file.seek(start)
        data = self._file.read(min(entry.packed, count + _EXTRA_ROOM))
        if entry.method != DEFLATED:
            return data[:count]
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, count)
        except zlib.error:
            return b""

    def _packed(self, entry: Entry) -> bytes | None:
        """The member's stored bytes, after comparing its local header with the directory."""
        self._file.seek(entry.offset)
        guess = _LOCAL.size + len(entry.name) + _EXTRA_ROOM
        block = self._file.read(guess + entry.packed)
        start = self._header_length(entry, block)
        if start is None:
            return None
        missing = start + entry.packed - len(block)
        if missing > 0:
            block += self._file.read(missing)
        packed = block[start : start + entry.packed]
        if len(packed) != entry.packed:
            self.report("zip-truncated", entry)
            return None
        return packed

    def _data_start(self, entry: Entry) -> int | None:
        self._file.seek(entry.offset)
        block = self._file.read(_LOCAL.size + 4 * len(entry.name))
        length = self._header_length(entry, block)
        return None if length is None else entry.offset + length

    def _header_length(self, entry: Entry, block: bytes) -> int | None:
        """Length of the local header in `block`, or None (reported) where it is another's."""
        if len(block) < _LOCAL.size:
            self.report("zip-truncated", entry)
            return None
        fields = _LOCAL.unpack_from(block)
        name = block[_LOCAL.size : _LOCAL.size + fields[9]]
        ascii_name = entry.name.isascii() and b"\\" not in name
        if (
            fields[0] != _LOCAL_SIGNATURE
            or fields[3] != entry.method
            or (ascii_name and name != entry.name.encode())
        ):
            self.report("zip-header-mismatch", entry)
            return None
        return _LOCAL.size + int(fields[9]) + int(fields[10])

    def _unpack(self, entry: Entry, packed: bytes) -> bytes | None:
        """Contents of the stored bytes; never more than one byte above the declared size."""
        if entry.method != DEFLATED:
            return packed
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = decoder.decompress(packed, entry.size + 1)
        except zlib.error:
            self.report("zip-corrupt-member", entry)
            return None
        if not decoder.eof and len(data) < entry.size:
            self.report("zip-corrupt-member", entry)
            return None
        return data

    def _check_links(self, links: list[Entry]) -> None:
        """Report symbolic links that lead out of the archive or to nothing in it."""
        if not links:
            return
        known = sorted(self.names | {entry.name for entry in links})
        for link in links:
            data = self.read(link, most=_LONGEST_TARGET)
            if data is None:
                continue
            target = data.decode("utf-8", "replace")
            resolved = posixpath.normpath(posixpath.join(posixpath.dirname(link.name), target))
            if target.startswith("/") or not _leads_somewhere(resolved, known):
                self.report("zip-symlink-unresolved", link, f"to {target}")
            elif _hides_a_package(link.name, resolved):
                self.report("zip-symlink-unread", link, f"to {target}")


def _hides_a_package(link: str, target: str) -> bool:
    """Whether something is a package by the link's path only: it is read by the target's."""
    folder, _, name = link.rpartition("/")
    target_folder, _, target_name = target.rpartition("/")
    if name.endswith((".dist-info", ".egg-info")):
        return not target_name.endswith((".dist-info", ".egg-info"))
    if name.endswith(_DESCRIBING):
        return (folder.rpartition("/")[2], name) != (target_folder.rpartition("/")[2], target_name)
    if name == "node_modules":
        return target_name != name
    return _is_node_folder(folder) and not _is_node_folder(target_folder)


def _is_node_folder(folder: str) -> bool:
    """Whether each folder in this one is a Node package."""
    inner = folder.rpartition("/")[2]
    if inner.startswith("@"):
        inner = folder.rpartition("/")[0].rpartition("/")[2]
    return inner == "node_modules"


def _leads_somewhere(path: str, known: list[str]) -> bool:
    """Whether `path` is one of the sorted paths, or a folder of one."""
    if path == ".":
        return True
    for wanted in (path, path + "/"):
        at = bisect_left(known, wanted)
        if at < len(known) and (known[at] == wanted or known[at].startswith(path + "/")):
            return True
    return False
