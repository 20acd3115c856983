"""Packages inside bundled JavaScript (esbuild, webpack, ncc, rollup), as far as it names them.

A bundle seldom states versions, so packages are named without one where nothing tells it, together
with the folder that they were taken from: a lockfile or an SBOM may add the version. Every bundle
that is not understood to its end is a problem: bundled code is never clean.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers import (
    legal_comments,
    module_lists,
    module_paths,
    source_maps,
)
from functions.scanner.inventory.readers.bundled import LIST_OF_NAMES, Bundled, join
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
_MOST_TEXTS: Final = 20


def read_javascript_bundles(archive: Archive) -> Iterator[Package]:
    """Packages that the archive's own scripts contain; reports what they contain besides."""
    if archive.prefix.endswith((".jar!/", ".whl!/", ".egg!/", ".nupkg!/")):
        return
    beside = _Beside(archive)
    for extension in _EXTENSIONS:
        for entry in archive.with_extension(extension):
            if _is_own(archive, entry):
                yield from _read_script(archive, entry, beside)


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


class _Beside:
    """What bundlers write beside scripts: maps, lists of modules, texts with licences."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._maps = {entry.name: entry for entry in archive.with_extension(".map")}

    @cached_property
    def _lists(self) -> list[module_lists.ModuleList]:
        return module_lists.read_lists(self._archive)

    def source_map(self, entry: Entry, script: bytes) -> bytes | None:
        """The script's source map: inside it, or next to it."""
        inline = source_maps.inline_map(script)
        beside = self._maps.get(entry.name + ".map")
        if inline is not None or beside is None:
            return inline
        return self._archive.read(beside, most=self._archive.budget.limits.script_bytes)

    def listed(self, entry: Entry) -> list[Bundled]:
        """What lists of modules say that a script holds."""
        return [item for one in self._lists if one.is_about(entry) for item in one.packages]

    def is_largest(self, entry: Entry) -> bool:
        """Whether no script in its folder is larger: what a folder's texts tell is about that."""
        folder = entry.name.rpartition("/")[0]
        return entry.size == max(
            one.size
            for extension in _EXTENSIONS
            for one in self._archive.with_extension(extension)
            if one.name.rpartition("/")[0] == folder
        )

    def texts(self, entry: Entry) -> Iterator[bytes]:
        """Texts in the script's folder, in which licences may stand."""
        folder = entry.name.rpartition("/")[0]
        texts = (
            text
            for text in self._archive.with_extension(".txt")
            if text.name.rpartition("/")[0] == folder
        )
        for text in islice(texts, _MOST_TEXTS):
            data = self._archive.read(text)
            if data is not None:
                yield data


def _read_script(archive: Archive, entry: Entry, beside: _Beside) -> Iterator[Package]:
    script = archive.read(entry, most=archive.budget.limits.script_bytes)
    if script is None:
        return
    seen = _in_script(script)
    if not seen and not _looks_bundled(script):
        return
    found, complete = _contents(archive, entry, script, seen, beside)
    for item in found:
        yield Package(
            "npm", item.name, item.version, archive.place(entry), item.evidence, item.module
        )
    named = f"{len({item.name for item in found})} packages named" if found else ""
    if not complete:
        archive.report("bundled-code", entry, named)
    if any(not item.version or item.evidence == LIST_OF_NAMES for item in found):
        archive.report("bundled-versions", entry, named)


def _in_script(script: bytes) -> list[Bundled]:
    """Packages that the script itself names: module by module first."""
    return [*module_paths.packages(script), *legal_comments.packages(script)]


def _contents(
    archive: Archive, entry: Entry, script: bytes, seen: list[Bundled], beside: _Beside
) -> tuple[list[Bundled], bool]:
    """Packages in a script, and whether these are all there are."""
    source_map = beside.source_map(entry, script)
    mapped = source_maps.packages(source_map)
    if mapped is None and source_map is not None:
        archive.report("metadata-malformed", entry, "its source map")
    listed = beside.listed(entry)
    told: list[Bundled] = []
    counted: list[Bundled] = []
    largest = beside.is_largest(entry)
    for text in beside.texts(entry):
        counted += legal_comments.packages_of_list(text) if largest else []
        told += legal_comments.packages_of_notes(text)
    found = join([*(mapped or []), *listed, *seen, *counted, *told])
    if mapped is not None and source_map is not None and source_maps.covers(source_map, script):
        return found, True
    own = {item.name for item in seen if item.module}
    whole = any(own <= {item.name for item in one} for one in (listed, counted) if one)
    return found, whole or module_paths.names_every_module(script)


def _looks_bundled(script: bytes) -> bool:
    if any(mark in script for mark in _SIGNATURES) or len(script) > _LARGEST_HAND_WRITTEN:
        return True
    lines = script.count(b"\n") + 1
    return len(script) >= _SMALLEST_MINIFIED and len(script) / lines > _LONG_LINES
