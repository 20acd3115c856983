"""Packages inside bundled JavaScript (esbuild, webpack, ncc, rollup), as far as it names them.

A bundle seldom states versions, so packages are named without one where nothing tells it, together
with the folder that they were taken from: a lockfile or an SBOM may add the version. Every bundle
that is not understood to its end is a problem: bundled code is never clean.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

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
    b"={exports:{}}).exports,", b"commonjsGlobal", b"_interopNamespaceDefault", b"$parcel$",
    b"function(require,module,exports)", b"System.register(",
)  # fmt: skip
# Several modules in one file: AMD's, and names that two of them had and one was given a number.
_AMD: Final = re.compile(rb"""\bdefine\(["'][^"'\n]{1,200}["'],""")
_RENAMED: Final = re.compile(rb"\b[A-Za-z_]\w{0,60}\$\d{1,4}\b")
_FEW: Final = 5
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
    source_map = beside.source_map(entry, script)
    bundled = bool(seen) or _looks_bundled(script)
    if not bundled and source_map is None:
        return
    found, complete = _contents(archive, entry, _Script(script, source_map, seen), beside)
    if not bundled and not found:
        return
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


class _Script(NamedTuple):
    """A script, its map, and the packages that it names itself."""

    data: bytes
    source_map: bytes | None
    seen: list[Bundled]


def _contents(
    archive: Archive, entry: Entry, read: _Script, beside: _Beside
) -> tuple[list[Bundled], bool]:
    """Packages in a script, and whether these are all there are."""
    script, source_map, seen = read
    mapped = source_maps.packages(source_map)
    if mapped is None and source_map is not None:
        archive.report("metadata-malformed", entry, "its source map")
    listed = beside.listed(entry)
    reported: list[Bundled] = []
    counted: list[Bundled] = []
    largest = beside.is_largest(entry)
    for text in beside.texts(entry):
        counted += legal_comments.packages_of_list(text) if largest else []
        reported += legal_comments.packages_of_notes(text)
    modules = [*(mapped or []), *listed, *seen]
    own = {item.name for item in seen if item.module}
    every = (
        _is_mapped(source_map, mapped, script)
        or (bool(listed) and own <= {item.name for item in listed})
        or module_paths.names_every_module(script)
    )
    if every:
        return join([*modules, *counted, *reported]), True
    # A copy that is seen may be one of several: what has names only stands beside it.
    whole = bool(counted) and own <= {item.name for item in counted}
    return [*join([*modules, *reported]), *join(counted)], whole


def _is_mapped(source_map: bytes | None, mapped: list[Bundled] | None, script: bytes) -> bool:
    return source_map is not None and mapped is not None and source_maps.covers(source_map, script)


def _looks_bundled(script: bytes) -> bool:
    if any(mark in script for mark in _SIGNATURES) or len(script) > _LARGEST_HAND_WRITTEN:
        return True
    if any(
        len(list(islice(found, _FEW))) == _FEW
        for found in (_AMD.finditer(script), _RENAMED.finditer(script))
    ):
        return True
    lines = script.count(b"\n") + 1
    return len(script) >= _SMALLEST_MINIFIED and len(script) / lines > _LONG_LINES
