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
from functions.scanner.inventory.readers.kinds import LONGEST, Kind, kind_of
from functions.scanner.inventory.readers.programs import compiled_in, is_program_by_name
from functions.shared.core.packages import Package

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
_COMPRESSED: Final = (".gz", ".bz2", ".xz")
_PYTHON: Final = ".pyc"
_JARS: Final = ".jar!/"
# Below this, nothing of a kind that is not known can be a package.
_SMALLEST_UNKNOWN: Final = 1024
# Sources: those of the owner's that others write are read by their own readers.
_SOURCES: Final = (
    ".py", ".js", ".mjs", ".cjs", ".rb", ".sh", ".so", ".node", ".wasm", ".jar", ".class", ".dll",
)  # fmt: skip
_LANGUAGES: Final = {
    ".php": "PHP", ".phar": "PHP", ".pl": "Perl", ".pm": "Perl", ".lua": "Lua", ".r": "R",
    ".jl": "Julia", ".ex": "Elixir", ".exs": "Elixir", ".beam": "Erlang", ".erl": "Erlang",
    ".clj": "Clojure", ".groovy": "Groovy", ".tcl": "Tcl", ".raku": "Raku",
}  # fmt: skip
_READABLE: Final = (".py", ".rb", ".php", ".pl", ".sh")
_LONGEST_LINE: Final = 1500
_SMALLEST_CARRIER: Final = 4096
# Kinds that have readers of their own under these names.
_EXPECTED: Final = {
    Kind.PROGRAM: ("binary-not-identified", (".dll",)),
    Kind.BYTECODE: ("binary-not-identified", (".class",)),
    Kind.PYTHON_BYTECODE: ("bytecode-only", (".pyc",)),
}


def read_unclaimed(archive: Archive) -> Iterator[Package]:
    """Packages in programs under any name; reports what of the owner's files is not understood."""
    languages: dict[str, str] = {}
    for entry, head in archive.own_heads:
        yield from _looked_at(archive, entry, head)
        if language := _LANGUAGES.get(_extension(entry.name)):
            languages.setdefault(language, entry.name.rpartition("/")[0] or entry.name)
    for language, place in languages.items():
        archive.log.add("language-not-read", archive.prefix + place, language)
    _report_bytecode(archive)


def _looked_at(archive: Archive, entry: Entry, head: bytes) -> Iterator[Package]:
    kind = kind_of(entry.name, head)
    if kind is not Kind.ELF:
        code = _problem(archive, entry, head, kind)
        if code:
            archive.report(code, entry)
    elif not is_program_by_name(entry):  # those are another reader's
        yield from compiled_in(archive, entry, head)


def _problem(archive: Archive, entry: Entry, head: bytes, kind: Kind) -> str:
    """What is wrong with a member that is no program of this system; empty where nothing is."""
    name = entry.name.lower()
    if kind in _EXPECTED:
        code, endings = _EXPECTED[kind]
        return "" if name.endswith(endings) else code  # those have readers of their own
    if kind is Kind.CONTAINER or _holds_code(entry, head):
        return "archive-not-read"
    if kind is Kind.TEXT:
        if _carries_more(archive, entry, head):
            return "archive-not-read"
        return "source-obscured" if name.endswith(_READABLE) and _is_obscured(head) else ""
    compressed = head.startswith((_GZIP, _BZIP2, _XZ))
    large = entry.size >= _SMALLEST_UNKNOWN and not compressed
    unknown = kind is Kind.UNKNOWN and large and not _is_part(archive, entry)
    return "content-unknown" if unknown else ""


def _carries_more(archive: Archive, entry: Entry, head: bytes) -> bool:
    """Whether a script has an archive behind its text: it unpacks itself when it is run."""
    if not head.startswith(b"#!") or entry.size < _SMALLEST_CARRIER:
        return False
    data = archive.read(entry, most=archive.budget.limits.script_bytes)
    return data is not None and b"\0" in data and not data.rstrip(b"\0").endswith(b"\n")


def _is_part(archive: Archive, entry: Entry) -> bool:
    """Whether a member is byte code that has its own check, or a signature beside a jar's."""
    return entry.name.endswith(_PYTHON) or archive.prefix.endswith(_JARS)


def _extension(name: str) -> str:
    base = name[name.rfind("/") + 1 :]
    dot = base.rfind(".")
    return base[dot:].lower() if dot > 0 else ""


def _is_obscured(head: bytes) -> bool:
    """Whether a source has a line near its top that nobody wrote by hand."""
    return max(map(len, head.split(b"\n"))) >= _LONGEST_LINE


def _holds_code(entry: Entry, head: bytes) -> bool:
    """Whether a compressed file holds an archive, a program or sources."""
    inner = _unpacked(head)
    if not inner:
        return False
    name = entry.name.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return name.endswith(_SOURCES) or kind_of(name, inner) in {
        Kind.ELF, Kind.PROGRAM, Kind.BYTECODE, Kind.PYTHON_BYTECODE, Kind.ZIP, Kind.CONTAINER,
    }  # fmt: skip


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is in a compressed file, as far as its own beginning tells."""
    try:
        if head.startswith(_GZIP):
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, LONGEST)
        if head.startswith(_BZIP2):
            return bz2.BZ2Decompressor().decompress(head, LONGEST)
        if head.startswith(_XZ):
            return lzma.LZMADecompressor(memlimit=64 * 1024 * 1024).decompress(head, LONGEST)
    except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
        return b""
    return b""


def _report_bytecode(archive: Archive) -> None:
    """Report folders of compiled Python whose sources were taken away: nothing tells what it is."""
    folders: Counter[str] = Counter()
    for entry in archive.with_extension(_PYTHON):
        if archive.installed.covers(entry.name):
            continue
        folder, _, file = entry.name.rpartition("/")
        folder = folder.removesuffix("__pycache__").rstrip("/")
        source = file.partition(".")[0] + ".py"
        if (f"{folder}/{source}" if folder else source) not in archive.names:
            folders[folder] += 1
    for folder in sorted(_outermost(folders)):
        archive.log.add("bytecode-only", archive.prefix + (folder or "the top"))


def _outermost(folders: Counter[str]) -> set[str]:
    """Of folders within each other, the outer ones."""
    kept: set[str] = set()
    for folder in sorted(folders, key=lambda name: name + "/"):
        parts = folder.split("/")
        if not any("/".join(parts[:length]) in kept for length in range(1, len(parts))):
            kept.add(folder)
    return kept
