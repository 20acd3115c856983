"""Python packages whose metadata was stripped, by the version that their own code states.

Slimming tools delete dist-info folders. What is left is recognised by its import name (a table
made from the wheels of the most downloaded projects, see its `source` and `date`) and by the
version attribute in the package's code, which is read as text and never run.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import pypi_name, version_text
from functions.scanner.inventory.readers.placement import is_test_data, is_vendored
from functions.shared.packages import Package

_TABLE: Final = Path(__file__).parents[1] / "data" / "import_names.json"
# Where packages keep their version when it is not in __init__.py, most telling name first.
_VERSION_FILES: Final = (
    "_version.py", "version.py", "__version__.py", "__about__.py", "_about.py", "about.py",
    "__meta__.py", "_meta.py", "__pkginfo__.py", "package_data.py", "versions.py", "release.py",
    "_versions.py", "metadata.py", "info.py", "core.py", "const.py", "meta.py",
)  # fmt: skip
_STRING: Final = re.compile(
    rb"""^\s*(?P<attribute>__version__|VERSION|__VERSION__|version|full_version|short_version)\s*
    (?::[^=\n]{1,40})? = \s* (?:[A-Za-z_]\w*\s*=\s*)*
    [uU]?['"](?P<version>v?[0-9][^'"\s]{0,60})['"]""",
    re.MULTILINE | re.VERBOSE,
)
_TUPLE: Final = re.compile(
    rb"""^(?P<attribute>__version__|VERSION|__version_info__|version_info|version_tuple)\s*
    (?::[^=\n]{1,60})? = \s* (?:[A-Za-z_]\w*\s*=\s*)*
    [(\[]\s*(?P<numbers>\d+\s*,\s*\d+(?:\s*,\s*\d+)*)""",
    re.MULTILINE | re.VERBOSE,
)
_VERSIONEER: Final = re.compile(rb'^\s*"version":\s*"(?P<version>[0-9][^"\s]{0,60})"', re.MULTILINE)
_RECORDED: Final = re.compile(r"^\"?([^/,\n\"]+)", re.MULTILINE)


class _Importable(NamedTuple):
    """A top-level package or module of the archive.

    Attributes:
        path: Its folder, or the file of a single module.
        names: Dotted names it may be known by, the longest first.
        files: Where its version may stand, the likeliest first.
    """

    path: str
    names: tuple[str, ...]
    files: tuple[Entry, ...]


@cache
def _owners() -> dict[str, list[str]]:
    """Import name to the projects that provide it, the most downloaded first."""
    owners: dict[str, list[str]] = json.loads(_TABLE.read_bytes())["owners"]
    return owners


def read_stripped_python(archive: Archive) -> Iterator[Package]:
    """Packages that no metadata in this archive describes but whose code states a version."""
    candidates = [item for item in _importables(archive) if not is_vendored(item.path)]
    if not candidates:
        return
    described, claims = _described(archive), _Claims(archive)
    listed = [(item, projects) for item in candidates if (projects := _projects(item))]
    found: dict[str, Package] = {}
    silent: list[_Importable] = []
    for item, projects in listed:
        project = projects[0]
        if project in found or not described.isdisjoint(projects) or claims.cover(item):
            continue
        package = _identified(archive, item, project)
        if package:
            found[project] = package
        elif pypi_name(item.names[-1]) == project:
            silent.append(item)
    yield from found.values()
    if not found:
        return
    # Next to stripped packages, an unlisted one that states a version is stripped as well.
    others = [item for item in candidates if not _projects(item) and not claims.cover(item)]
    yield from _unlisted(archive, others)
    for item in silent:
        archive.log.add("python-metadata-missing", archive.prefix + item.path)


def _unlisted(archive: Archive, items: list[_Importable]) -> Iterator[Package]:
    for item in items:
        name = pypi_name(item.names[-1])
        package = _identified(archive, item, name) if name else None
        if package:
            yield package


def _identified(archive: Archive, item: _Importable, project: str) -> Package | None:
    for entry in item.files:
        data = archive.read(entry)
        version = stated_version(data, entry.name.rpartition("/")[2]) if data else ""
        if version:
            return Package("PyPI", project, version, archive.place(entry), "version-attribute")
    return None


def stated_version(source: bytes, file: str) -> str:
    """The version that Python source states about its package, empty when it states none.

    Args:
        source: The file's bytes.
        file: Its base name: only version files may use weak names such as `version`.
    """
    attributes = {b"__version__", b"VERSION", b"__VERSION__"}
    if "version" in file or "about" in file:
        attributes |= {b"version", b"full_version", b"short_version"}
    for match in _STRING.finditer(source):
        if match["attribute"] in attributes:
            return version_text(match["version"].decode("utf-8", "replace").removeprefix("v"))
    numbers = _TUPLE.search(source)
    if numbers:
        parts = numbers["numbers"].decode("ascii", "replace").split(",")
        return version_text(".".join(part.strip() for part in parts[:3]))
    stated = _VERSIONEER.search(source) if "version" in file else None
    return version_text(stated["version"].decode("utf-8", "replace")) if stated else ""


def _importables(archive: Archive) -> Iterator[_Importable]:
    """Outermost regular packages and single modules, outside node_modules and test data."""
    folders = sorted(
        entry.name[: -len("/__init__.py")]
        for entry in archive.named("__init__.py")
        if "/" in entry.name and "node_modules/" not in entry.name
    )
    by_name = {entry.name: entry for entry in archive.with_extension(".py")}
    outer = ""
    for folder in folders:
        if outer and folder.startswith(outer):
            continue
        outer = folder + "/"
        if is_test_data(folder):
            continue
        files = (by_name.get(outer + file) for file in ("__init__.py", *_VERSION_FILES))
        yield _Importable(folder, _names(folder), tuple(entry for entry in files if entry))
    packages = frozenset(folders)
    for name, entry in by_name.items():
        folder, _, file = name.rpartition("/")
        if folder in packages or file == "__init__.py" or not _is_site(folder):
            continue
        stem = name[: -len(".py")]
        yield _Importable(name, _names(stem), (entry,))


def _is_site(folder: str) -> bool:
    """Whether single modules in this folder are imported by their bare name."""
    return folder in {"", "python"} or folder.endswith(("site-packages", "dist-packages"))


def _names(path: str) -> tuple[str, ...]:
    parts = [part for part in path.split("/") if part]
    return tuple(".".join(parts[start:]) for start in range(len(parts)))


def _projects(item: _Importable) -> list[str]:
    owners = _owners()
    return next((owners[name] for name in item.names if name in owners), [])


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

    def cover(self, item: _Importable) -> bool:
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
