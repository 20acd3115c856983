"""Which members of an archive may be read, and what is wrong with the others."""

import stat
from collections.abc import Iterable
from typing import Final

from functions.scanner.inventory.directory import (
    DEFLATED,
    FLAG_ENCRYPTED,
    STORED,
    Directory,
    Entry,
)
from functions.scanner.inventory.limits import Limits
from functions.scanner.inventory.problems import ProblemLog

_LOCAL_HEADER: Final = 30
# Linux, and so Lambda, cannot extract longer ones (PATH_MAX in limits.h).
_LONGEST_PATH: Final = 4096
# Deflate cannot expand: five bytes a block of at most 64 KiB, and a little slack for tiny members.
_DEFLATE_OVERHEAD: Final = 1.001
_DEFLATE_SLACK: Final = 64
# Deflate's ceiling is 1032 to 1; honest contents of this size stay well below.
_BOMB_RATIO: Final = 250
_BOMB_BYTES: Final = 16 * 1024 * 1024


def sound_members(
    directory: Directory, prefix: str, limits: Limits, log: ProblemLog
) -> list[Entry]:
    """Members that can be read without surprise, in the order of their position in the file.

    Everything else is reported to `log` under its own code; directories are left out.
    """
    _report_duplicates(directory.entries, prefix, log)
    _report_total(directory.entries, prefix, limits, log)
    entries = sorted(directory.entries, key=lambda entry: entry.offset)
    shared = _overlapping(entries, directory.start)
    sound = []
    for entry in entries:
        code = _fault(entry, directory.start)
        if entry.offset in shared and code in {"", "zip-bomb"}:
            code = "zip-overlap"
        if code:
            log.add(code, prefix + entry.name)
        if (not code or code == "zip-bomb") and not entry.name.endswith("/"):
            sound.append(entry)
    return sound


def _fault(entry: Entry, data_end: int) -> str:
    """Code of what makes this member unreadable (or a bomb), empty when nothing does."""
    name = entry.name
    if len(name) > _LONGEST_PATH:
        return "zip-unsafe-path"
    if (
        "../" in name
        or name.startswith("/")
        or name.endswith("/..")
        or "\0" in name
        or name[1:3] == ":/"
        or name in {"", "..", "."}
    ) and _unsafe(name):
        return "zip-unsafe-path"
    if entry.flags & FLAG_ENCRYPTED:
        return "zip-encrypted"
    if entry.method not in (STORED, DEFLATED):
        return "zip-unknown-compression"
    return _size_fault(entry, data_end)


def _unsafe(name: str) -> bool:
    """Whether extracting this name would write outside the target folder, or nowhere."""
    drive = name[1:3] == ":/" and name[0].isalpha()
    return (
        drive or not name or name == "." or name[0] == "/" or "\0" in name
        or ".." in name.split("/")
    )  # fmt: skip


def _size_fault(entry: Entry, data_end: int) -> str:
    if entry.offset < 0 or entry.offset + _LOCAL_HEADER + entry.packed > data_end:
        return "zip-truncated"
    if entry.method == STORED and entry.packed != entry.size:
        return "zip-size-lies"
    if entry.packed > entry.size * _DEFLATE_OVERHEAD + _DEFLATE_SLACK:
        return "zip-size-lies"
    if entry.size > _BOMB_BYTES and entry.size > entry.packed * _BOMB_RATIO:
        return "zip-bomb"
    return ""


def _overlapping(entries: list[Entry], data_end: int) -> frozenset[int]:
    """Offsets of the members (sorted by offset) whose bytes another member uses too."""
    shared: set[int] = set()
    reach, reached_by = 0, -1
    for entry in entries:
        if entry.offset < reach:
            shared.update((entry.offset, reached_by))
        # The local name has the same length as this one, give or take its encoding.
        end = entry.offset + _LOCAL_HEADER + entry.packed
        if end > reach:
            reach, reached_by = end, entry.offset
    return frozenset(offset for offset in shared if offset < data_end)


def _report_duplicates(entries: Iterable[Entry], prefix: str, log: ProblemLog) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen and not entry.name.endswith("/"):
            log.add("zip-duplicate-name", prefix + entry.name)
        seen.add(entry.name)


def _report_total(entries: Iterable[Entry], prefix: str, limits: Limits, log: ProblemLog) -> None:
    total = sum(entry.size for entry in entries)
    if total > limits.artefact_bytes:
        log.add("zip-bomb", prefix or "the archive", f"{total} bytes declared")


def is_symlink(entry: Entry) -> bool:
    """Whether the member is a symbolic link, its contents being the target."""
    return stat.S_ISLNK(entry.mode)
