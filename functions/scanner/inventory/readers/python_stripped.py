"""Python packages whose metadata was stripped, by what is left of them.

Slimming tools delete dist-info folders. The rest is recognised by its import name (a table made
from the wheels of the most downloaded projects, see its `source` and `date`), then by the version
attribute in the package's code, or else by the checksums of its modules.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.readers.naming import pypi_name
from functions.scanner.inventory.readers.placement import is_vendored
from functions.scanner.inventory.readers.python_fingerprints import fingerprinted_version
from functions.scanner.inventory.readers.python_imports import Importable, importables
from functions.scanner.inventory.readers.python_owners import owners
from functions.scanner.inventory.readers.version_attributes import stated_version
from functions.shared.core.packages import Package

_LICENCES: Final = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
_RECORDED: Final = re.compile(r"^\"?([^/,\n\"]+)", re.MULTILINE)


def read_stripped_python(archive: Archive) -> Iterator[Package]:
    """Packages that no metadata in this archive describes but whose code states a version."""
    candidates = [
        item
        for item in importables(archive)
        # Outside of packages, a folder of that name is where the owner keeps copies of others.
        if not (is_vendored(item.path) and archive.installed.covers(item.path))
    ]
    if not candidates:
        return
    described, claims = _described(archive), _Claims(archive)
    listed = [(item, projects) for item in candidates if (projects := _projects(item))]
    found: dict[str, Package] = {}
    silent: list[Importable] = []
    for item, projects in listed:
        project = projects[0]
        if project in found or not described.isdisjoint(projects) or claims.cover(item):
            continue
        package = _identified(archive, item, project)
        if package:
            archive.installed.claim(item.path)
            found[project] = package
        elif pypi_name(item.names[-1]) == project:
            silent.append(item)
    yield from found.values()
    unlisted = [item for item in candidates if not _projects(item) and not claims.cover(item)]
    silent += [] if found else [item for item in unlisted if _is_published(archive, item)]
    for item in silent:
        archive.log.add("python-metadata-missing", archive.prefix + item.path)
    if not found:
        return
    # Next to stripped packages, an unlisted one that states a version is stripped as well.
    yield from _unlisted(archive, unlisted)


def _is_published(archive: Archive, item: Importable) -> bool:
    """Whether a package brings what people add who give it to others: a licence, or stubs."""
    licences = {entry.name for name in _LICENCES for entry in archive.named(name)}
    if any(f"{item.path}/{name}" in licences for name in _LICENCES):
        return True
    first = item.files[0] if item.files else None
    data = archive.read(first) if first else None
    return data is not None and b"__license__" in data


def _unlisted(archive: Archive, items: list[Importable]) -> Iterator[Package]:
    for item in items:
        name = pypi_name(item.names[-1])
        package = _identified(archive, item, name) if name else None
        if package:
            archive.installed.claim(item.path)
            yield package


def _identified(archive: Archive, item: Importable, project: str) -> Package | None:
    for entry in item.files:
        data = archive.read(entry)
        version = stated_version(data, entry.name.rpartition("/")[2]) if data else ""
        if version:
            return Package("PyPI", project, version, archive.place(entry), "version-attribute")
    version = fingerprinted_version(archive, item.path, project)
    if version:
        return Package("PyPI", project, version, archive.prefix + item.path, "file-fingerprint")
    return None


def _projects(item: Importable) -> list[str]:
    return next((owners()[name] for name in item.names if name in owners()), [])


def _described(archive: Archive) -> set[str]:
    """Projects that have metadata in this archive, by the name of its folder or file."""
    described = set()
    for entry in archive.entries:
        for mark in (".dist-info", ".egg-info"):
            at = entry.name.find(mark)
            if at > 0:
                stem = entry.name[entry.name.rfind("/", 0, at) + 1 : at]
                described.add(pypi_name(stem.partition("-")[0]))
    return described


class _Claims:
    """Top-level names that installed metadata claims; read only when first asked."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def cover(self, item: Importable) -> bool:
        """Whether a RECORD or top_level.txt of the archive claims the package."""
        return item.names[-1].split(".")[0] in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        names: set[str] = set()
        for entry in (*self._archive.named("RECORD"), *self._archive.named("top_level.txt")):
            if ".dist-info/" in entry.name or ".egg-info/" in entry.name:
                text = (self._archive.read(entry) or b"").decode("utf-8", "replace")
                names.update(name.strip().removesuffix(".py") for name in _RECORDED.findall(text))
        return frozenset(names)
