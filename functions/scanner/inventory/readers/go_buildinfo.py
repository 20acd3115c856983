"""The modules that a Go program was built from, from the build information inside it.

The linker keeps it in stripped programs too. Layout as read by the standard library's
https://pkg.go.dev/debug/buildinfo: a header of 32 bytes, then (since Go 1.18) two strings with
their lengths, or before that two pointers to strings.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

MAGIC: Final = b"\xff Go buildinf:"
HEADER: Final = 32
ALIGNMENT: Final = 16
_BIG_ENDIAN: Final = 0x1
_INLINE: Final = 0x2
_SENTINEL: Final = 16
_LONGEST: Final = 4 * 1024 * 1024
_GO_VERSION: Final = re.compile(r"go(\d+\.\d+[\w.]*)")
_PATH: Final = re.compile(r"[A-Za-z0-9][\w.~!/+-]{0,254}")
_VERSION: Final = re.compile(r"v\d[\w.+-]{0,126}")
# A version made from the working tree of the program itself names no release of anything.
_UNRELEASED: Final = re.compile(r"v0\.0\.0-\d{14}-[0-9a-f]{12}|.*\+dirty")


class GoModule(NamedTuple):
    """A module as the linker recorded it, `replaced` when a local folder took its place."""

    path: str
    version: str
    replaced: bool = False


class BuildInfo(NamedTuple):
    """Go's version (without `go`) and the modules, the main one only when it is a release."""

    go: str
    modules: tuple[GoModule, ...]


def parse_build_info(
    data: bytes, at_address: Callable[[int, int], bytes] | None = None
) -> BuildInfo | None:
    """Read build information that starts at the beginning of `data`; None when it is none.

    Args:
        data: The header and what follows it.
        at_address: Reads the program's memory, for programs built before Go 1.18.
    """
    if len(data) < HEADER or not data.startswith(MAGIC):
        return None
    if data[15] & _INLINE:
        version, rest = _inline(data[HEADER:])
        modules, _ = _inline(rest)
    elif at_address:
        version, modules = (_pointed(data, index, at_address) for index in (0, 1))
    else:
        return None
    go = _GO_VERSION.match(version.decode("utf-8", "replace"))
    if go is None:
        return None
    return BuildInfo(go[1], tuple(_modules(_unwrapped(modules))))


def _inline(data: bytes) -> tuple[bytes, bytes]:
    """The string at the start of `data`, whose length stands before it, and what follows."""
    length = shift = 0
    for index, byte in enumerate(data[:5]):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            end = index + 1 + length
            return data[index + 1 : end], data[end:]
    return b"", b""


def _pointed(data: bytes, index: int, at_address: Callable[[int, int], bytes]) -> bytes:
    """The string whose header the `index`-th pointer after the magic points to."""
    width = data[14]
    if width not in (4, 8):
        return b""
    order = "big" if data[15] & _BIG_ENDIAN else "little"
    start = 16 + index * width
    pointer = int.from_bytes(data[start : start + width], order)  # type: ignore[arg-type]  # one of the two literals
    header = at_address(pointer, 2 * width)
    address = int.from_bytes(header[:width], order)  # type: ignore[arg-type]  # one of the two literals
    length = int.from_bytes(header[width:], order)  # type: ignore[arg-type]  # one of the two literals
    return at_address(address, length) if 0 < length <= _LONGEST else b""


def _unwrapped(text: bytes) -> str:
    """The module lines between the two markers of 16 bytes around them."""
    if len(text) > 2 * _SENTINEL and text[-_SENTINEL - 1 : -_SENTINEL] == b"\n":
        text = text[_SENTINEL:-_SENTINEL]
    return text.decode("utf-8", "replace")


def _modules(text: str) -> Iterator[GoModule]:
    pending: GoModule | None = None
    for line in text.split("\n"):
        kind, *fields = line.split("\t")
        path, version = (*fields, "", "")[:2]
        if kind == "=>" and pending:
            replaced = not _VERSION.fullmatch(version)
            pending = pending._replace(replaced=True) if replaced else GoModule(path, version)
            continue
        if pending:
            yield pending
        pending = GoModule(path, version) if _counts(kind, path, version) else None
    if pending:
        yield pending


def _counts(kind: str, path: str, version: str) -> bool:
    if not _PATH.fullmatch(path):
        return False
    if kind == "mod":
        return bool(_VERSION.fullmatch(version)) and not _UNRELEASED.fullmatch(version)
    return kind == "dep"
