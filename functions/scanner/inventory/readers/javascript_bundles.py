"""Packages inside bundled JavaScript (esbuild, webpack, ncc, rollup), as far as it names them.

A bundle seldom states versions, so packages are named without one where nothing tells it, and
every bundle that is not understood to its end is a problem: bundled code is never clean.
"""

from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers import legal_comments, module_paths, source_maps
from functions.scanner.inventory.readers.module_paths import Bundled
from functions.shared.core.packages import Package

_EXTENSIONS: Final = (".js", ".mjs", ".cjs")
_NOT_SCRIPTS: Final = frozenset({".pnp.cjs", ".pnp.js", ".pnp.loader.mjs"})
_SIGNATURES: Final = (
    b"__webpack_require__", b"__webpack_modules__", b"webpackBootstrap", b"__nccwpck_require__",
    b"__commonJS", b"__esm(", b"parcelRequire", b"getDefaultExportFromCjs",
    b"={exports:{}}).exports,",
)  # fmt: skip
_SMALLEST_MINIFIED: Final = 2048
# How deep a Python package is looked for around a script.
_DEEPEST: Final = 12
_LONG_LINES: Final = 400
_LARGEST_HAND_WRITTEN: Final = 256 * 1024
_NOTES: Final = (".LEGAL.txt", ".LICENSE.txt")


def read_javascript_bundles(archive: Archive) -> Iterator[Package]:
    """Packages that the archive's own scripts contain; reports what they contain besides."""
    if archive.prefix.endswith((".jar!/", ".whl!/", ".egg!/", ".nupkg!/")):
        return
    maps = {entry.name: entry for entry in archive.with_extension(".map")}
    for extension in _EXTENSIONS:
        for entry in archive.with_extension(extension):
            if _is_own(archive, entry):
                yield from _read_script(archive, entry, maps)


def _is_own(archive: Archive, entry: Entry) -> bool:
    """Whether the script is the function's own, not part of an installed package."""
    folder, _, file = entry.name.rpartition("/")
    if "node_modules/" in entry.name or file in _NOT_SCRIPTS or archive.is_test_data(folder):
        return False
    if "site-packages/" in entry.name or "/gems/" in entry.name:
        return False
    parts = folder.split("/")[:_DEEPEST]
    inside = (f"{'/'.join(parts[: length + 1])}/__init__.py" for length in range(len(parts)))
    return archive.names.isdisjoint(inside)


def _read_script(archive: Archive, entry: Entry, maps: dict[str, Entry]) -> Iterator[Package]:
    script = archive.read(entry, most=archive.budget.limits.script_bytes)
    if script is None:
        return
    found, complete = _contents(archive, entry, script, maps)
    for item in found.values():
        yield Package("npm", item.name, item.version, archive.place(entry), item.evidence)
    nameless = [item for item in found.values() if not item.version]
    bundled = bool(found) or _looks_bundled(script)
    if bundled and not (complete and not nameless):
        archive.report("bundled-code", entry, f"{len(found)} packages named" if found else "")


def _contents(
    archive: Archive, entry: Entry, script: bytes, maps: dict[str, Entry]
) -> tuple[dict[str, Bundled], bool]:
    """Packages in a script by name, and whether these are all there are."""
    found: dict[str, Bundled] = {}
    source_map = _map_of(archive, entry, script, maps)
    mapped = source_maps.packages(source_map)
    if mapped is not None:
        _join(found, mapped)
    elif source_map is not None:
        archive.report("metadata-malformed", entry, "its source map")
    _join(found, module_paths.packages(script))
    _join(found, legal_comments.packages(script))
    for note in _notes(archive, entry):
        _join(found, legal_comments.packages_of_notes(note))
    return found, mapped is not None


def _join(found: dict[str, Bundled], more: list[Bundled]) -> None:
    """Add what is new; a version replaces none."""
    for item in more:
        known = found.get(item.name)
        if known is None or (item.version and not known.version):
            found[item.name] = item
        elif item.version and item.version != known.version:
            found[f"{item.name}@{item.version}"] = item


def _map_of(archive: Archive, entry: Entry, script: bytes, maps: dict[str, Entry]) -> bytes | None:
    """The script's source map: inside it, or next to it."""
    inline = source_maps.inline_map(script)
    if inline is not None:
        return inline
    beside = maps.get(entry.name + ".map")
    if beside is None:
        return None
    return archive.read(beside, most=archive.budget.limits.script_bytes)


def _notes(archive: Archive, entry: Entry) -> Iterator[bytes]:
    """Texts with licences that bundlers write next to a script."""
    folder = entry.name.rpartition("/")[0]
    wanted = {entry.name + ending for ending in _NOTES}
    wanted.add(f"{folder}/licenses.txt" if folder else "licenses.txt")
    for note in archive.with_extension(".txt"):
        if note.name in wanted:
            data = archive.read(note)
            if data is not None:
                yield data


def _looks_bundled(script: bytes) -> bool:
    if any(mark in script for mark in _SIGNATURES) or len(script) > _LARGEST_HAND_WRITTEN:
        return True
    lines = script.count(b"\n") + 1
    return len(script) >= _SMALLEST_MINIFIED and len(script) / lines > _LONG_LINES
