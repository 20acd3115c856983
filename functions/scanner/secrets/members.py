"""Which members of an archive are text that the function's owner wrote."""

import csv
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import pypi_name
from functions.scanner.inventory.readers.placement import is_vendored
from functions.scanner.inventory.readers.python_owners import owners

# Files in which people write; of others, small ones are searched where they hold text.
_TEXT: Final = frozenset({
    ".bash", ".cfg", ".cjs", ".conf", ".cs", ".env", ".go", ".groovy", ".hcl", ".ini", ".ipynb",
    ".java", ".js", ".json", ".jsx", ".key", ".kt", ".map", ".mjs", ".p8", ".pem", ".php",
    ".properties", ".ps1", ".py", ".rb", ".rs", ".sh", ".sql", ".tf", ".tfstate", ".tfvars",
    ".toml", ".ts", ".tsx", ".xml", ".yaml", ".yml",
})  # fmt: skip
_NAMES: Final = frozenset({
    ".netrc", ".npmrc", ".pgpass", ".pypirc", ".yarnrc", "bootstrap", "credentials", "dockerfile",
    "makefile", "pip.conf", "procfile", "requirements.txt",
})  # fmt: skip
# Files that machines write and whose long hashes are no credentials.
_MACHINE_WRITTEN: Final = frozenset({
    "composer.lock", "deps.json", "npm-shrinkwrap.json", "package-lock.json", "pipfile.lock",
    "pnpm-lock.yaml", "poetry.lock", "uv.lock", "yarn.lock",
})  # fmt: skip
_PRIVATE_HOME: Final = re.compile(r"(?:[^/]+/)*node_modules/(?:@[^/]+/)?[^/@.][^/]*+")
_PRIVATE: Final = re.compile(rb"\"private\"[ \t]{0,4}:[ \t]{0,4}true")
_LARGEST_MANIFEST: Final = 64 * 1024
_INSTALLED: Final = frozenset({"node_modules", ".pnpm", ".yarn", "bower_components", "gems"})
# Declarations hold no values, styles and pictures no credentials, and manuals only examples.
_WITHOUT_VALUES: Final = (
    ".d.ts", ".md", ".rst", ".css", ".svg", ".csv", ".pyi", ".h", ".pyc", ".class",
)  # fmt: skip
_LARGEST_OTHER: Final = 1024 * 1024
_HEAD: Final = 512
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_METADATA: Final = (".dist-info", ".egg-info")


def own_text(archive: Archive) -> Iterator[Entry]:
    """Members worth searching: text of the owner's, whatever its name."""
    installed = _installed_files(archive)
    private = _private_folders(archive)
    unlisted = _folders_without_record(archive)
    for entry in archive.entries:
        folder, _, name = entry.name.rpartition("/")
        if (
            entry.name not in installed
            and not f"{folder}/".startswith(unlisted)
            and not _is_third_party(folder, private)
            and not archive.installed.has_test_data(folder)
            and _is_text(archive, entry, name.lower())
        ):
            yield entry


def _is_text(archive: Archive, entry: Entry, name: str) -> bool:
    if name in _MACHINE_WRITTEN or name.endswith(_WITHOUT_VALUES):
        return False
    if name in _NAMES or name.startswith(".env") or posixpath.splitext(name)[1] in _TEXT:
        return True
    if not 0 < entry.size <= _LARGEST_OTHER:
        return False
    head = archive.head(entry, _HEAD)
    return bool(head) and not _BINARY.search(head)


def _is_third_party(folder: str, private: frozenset[str]) -> bool:
    for one in private:
        rest = f"{folder}/".removeprefix(f"{one}/")
        if rest != f"{folder}/" and _INSTALLED.isdisjoint(rest.split("/")):
            return False
    parts = folder.split("/")
    return (
        not _INSTALLED.isdisjoint(parts)
        or is_vendored(folder)
        or any(part.endswith(_METADATA) for part in parts)
    )


def is_published_path(path: str) -> bool:
    """Whether a path that a bundler wrote down lies in an installed package."""
    return not _INSTALLED.isdisjoint(path.split("/")) or "webpack/" in path


def _installed_files(archive: Archive) -> frozenset[str]:
    """Files that Python's installers put there, which each package's RECORD lists.

    Format: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    files: set[str] = set()
    for entry in archive.named("RECORD"):
        metadata, _, _ = entry.name.rpartition("/")
        if not metadata.endswith(".dist-info") or not _is_published(archive, metadata):
            continue
        data = archive.read(entry)
        if data is None:
            continue
        root = posixpath.dirname(metadata)
        for row in csv.reader(data.decode("utf-8", "replace").splitlines()):
            if row:
                files.add(posixpath.normpath(posixpath.join(root, row[0])))
    return frozenset(files)


def _is_published(archive: Archive, metadata: str) -> bool:
    """Whether a distribution is one of those that everybody can have; else it is the owner's own.

    uv, Poetry and pip install the project itself like any other package, with a RECORD that lists
    all of its code; where it came from, they write into direct_url.json (PEP 610).
    """
    name = metadata.rpartition("/")[2].partition("-")[0]
    return pypi_name(name) in _published() and f"{metadata}/direct_url.json" not in archive.names


@cache
def _published() -> frozenset[str]:
    return frozenset(project for projects in owners().values() for project in projects)


def _private_folders(archive: Archive) -> frozenset[str]:
    """Packages in node_modules that can be published nowhere: the owner's own workspaces."""
    found = set()
    for entry in archive.named("package.json"):
        folder = entry.name.rpartition("/")[0]
        if _PRIVATE_HOME.fullmatch(folder) and entry.size <= _LARGEST_MANIFEST:
            data = archive.read(entry)
            if data and _PRIVATE.search(data):
                found.add(folder)
    return frozenset(found)


def _folders_without_record(archive: Archive) -> tuple[str, ...]:
    """Where packages without a RECORD stand, which some build tools remove to save space.

    What is left to go by is the package's own name, which most have as their folder.
    """
    metadata = {
        folder
        for entry in archive.entries
        if (folder := entry.name.rpartition("/")[0]).endswith(".dist-info")
    }
    listed = {entry.name.rpartition("/")[0] for entry in archive.named("RECORD")}
    folders = set()
    for folder in metadata - listed:
        if not _is_published(archive, folder):
            continue
        root, _, name = folder.rpartition("/")
        package = re.sub(r"[-_.]+", "_", name.partition("-")[0]).lower()
        folders.add(f"{root}/{package}/" if root else f"{package}/")
    return tuple(folders)
