"""Which members of an archive are text that the function's owner wrote."""

import csv
import posixpath
import re
from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.placement import is_vendored

_TEXT: Final = frozenset({
    ".bash", ".cfg", ".cjs", ".conf", ".cs", ".env", ".go", ".groovy", ".hcl", ".ini", ".java",
    ".js", ".json", ".jsx", ".key", ".kt", ".mjs", ".pem", ".php", ".properties", ".ps1", ".py",
    ".rb", ".rs", ".sh", ".sql", ".tf", ".tfvars", ".toml", ".ts", ".tsx", ".xml", ".yaml", ".yml",
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
_INSTALLED: Final = frozenset({"node_modules", ".pnpm", ".yarn", "bower_components", "gems"})
_METADATA: Final = (".dist-info", ".egg-info")


def own_text(archive: Archive) -> Iterator[Entry]:
    """Members worth searching: text, of the owner's, and not part of a test."""
    installed = _installed_files(archive)
    unlisted = _folders_without_record(archive)
    for entry in archive.entries:
        folder, _, name = entry.name.rpartition("/")
        if (
            _is_text(name.lower())
            and entry.name not in installed
            and not f"{folder}/".startswith(unlisted)
            and not _is_third_party(folder)
            and not archive.installed.has_test_data(folder)
        ):
            yield entry


def _is_text(name: str) -> bool:
    if name in _MACHINE_WRITTEN or name.endswith(".d.ts"):  # declarations hold no values
        return False
    return name in _NAMES or name.startswith(".env") or posixpath.splitext(name)[1] in _TEXT


def _is_third_party(folder: str) -> bool:
    parts = folder.split("/")
    return (
        not _INSTALLED.isdisjoint(parts)
        or is_vendored(folder)
        or any(part.endswith(_METADATA) for part in parts)
    )


def _installed_files(archive: Archive) -> frozenset[str]:
    """Files that Python's installers put there, which each package's RECORD lists.

    Format: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    files: set[str] = set()
    for entry in archive.named("RECORD"):
        metadata, _, _ = entry.name.rpartition("/")
        if not metadata.endswith(".dist-info"):
            continue
        data = archive.read(entry)
        if data is None:
            continue
        root = posixpath.dirname(metadata)
        for row in csv.reader(data.decode("utf-8", "replace").splitlines()):
            if row:
                files.add(posixpath.normpath(posixpath.join(root, row[0])))
    return frozenset(files)


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
        root, _, name = folder.rpartition("/")
        package = re.sub(r"[-_.]+", "_", name.partition("-")[0]).lower()
        folders.add(f"{root}/{package}/" if root else f"{package}/")
    return tuple(folders)
