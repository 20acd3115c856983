"""Refreshes the table of checksums by which the scanner tells versions of stripped packages.

Only for projects whose newest wheel states no version in its code. Each wheel's directory is
listed with ranged requests; nothing is installed. Run from the repository's root, after
`bench.import_names`, with the same list of projects:

    python -m bench.version_fingerprints top-pypi-packages.json
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from urllib.parse import urljoin

import urllib3
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import DirectoryError
from functions.scanner.inventory.limits import DEFAULT, Budget, WorkLimitError
from functions.scanner.inventory.problems import ProblemLog
from functions.scanner.inventory.ranged import DownloadError, RangedFile
from functions.scanner.inventory.readers.naming import pypi_name
from functions.scanner.inventory.readers.python_fingerprints import fingerprint
from functions.scanner.inventory.readers.python_imports import importables
from functions.scanner.inventory.readers.version_attributes import stated_version

_IMPORTS: Final = Path("functions/scanner/inventory/data/import_names.json")
_TARGET: Final = Path("functions/scanner/inventory/data/version_fingerprints.json")
_INDEX: Final = os.environ.get("PIP_INDEX_URL", "").rstrip("/")
"""The simple index to read, named as pip wants it named."""
_JSON: Final = {"Accept": "application/vnd.pypi.simple.v1+json"}


def wheels(project: str, pool: urllib3.PoolManager, most: int) -> list[tuple[str, str]]:
    """Version and URL of one wheel for each of the newest releases, newest first."""
    answer = pool.request("GET", f"{_INDEX}/{project}/", headers=_JSON)
    if answer.status != 200:
        return []
    chosen: dict[Any, tuple[int, str]] = {}
    for item in answer.json()["files"]:
        try:
            _, version, _, tags = parse_wheel_filename(item["filename"])
        except InvalidWheelFilename:
            continue
        platform = min((tag.platform for tag in tags), default="")
        rank = 0 if platform == "any" else 1 if "manylinux" in platform else 2
        if not version.is_prerelease and (version not in chosen or rank < chosen[version][0]):
            chosen[version] = rank, urljoin(f"{_INDEX}/{project}/", item["url"])
    newest = sorted(chosen, reverse=True)[:most]
    return [(str(version), chosen[version][1]) for version in newest]


def opened(url: str, pool: urllib3.PoolManager) -> Archive:
    """A wheel on the index as an archive."""
    file = cast("BinaryIO", RangedFile(url, pool=pool))
    return Archive(file, prefix="", budget=Budget(DEFAULT), log=ProblemLog())


def own_packages(archive: Archive, names: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Path of each package of the project in a wheel, and whether its code states a version."""
    for item in importables(archive):
        if item.names[0] in names:
            stated = any(
                stated_version(archive.read(entry) or b"", entry.name.rpartition("/")[2])
                for entry in item.files
            )
            yield item.path, stated


def fingerprints(
    project: str, names: frozenset[str], pool: urllib3.PoolManager, most: int
) -> dict[str, str]:
    """Checksum to version; empty where the newest release states its version anyway."""
    found: dict[str, str] = {}
    for number, (version, url) in enumerate(wheels(project, pool, most)):
        try:
            archive = opened(url, pool)
            if number == 0:
                packages = list(own_packages(archive, names))
                if not packages or any(stated for _, stated in packages):
                    return {}
            for item in importables(archive):
                if item.names[0] in names:
                    checksum = fingerprint(archive.with_extension(".py"), item.path)
                    found.setdefault(checksum, version)
        except (DownloadError, DirectoryError, WorkLimitError) as error:
            sys.stderr.write(f"{project} {version}: {error}\n")
    return found


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", type=Path)
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--releases", type=int, default=40)
    arguments = parser.parse_args()
    if not _INDEX:
        parser.error("PIP_INDEX_URL: not set; name the index of Python packages to read")
    rows = json.loads(arguments.projects.read_text())["rows"][: arguments.most]
    projects = [pypi_name(row["project"]) for row in rows]
    provided: dict[str, set[str]] = {}
    for name, owners in json.loads(_IMPORTS.read_text())["owners"].items():
        provided.setdefault(owners[0], set()).add(name)
    pool = urllib3.PoolManager(maxsize=16)

    def read(project: str) -> tuple[str, dict[str, str]]:
        names = frozenset(provided.get(project, ()))
        try:
            return project, fingerprints(project, names, pool, arguments.releases) if names else {}
        except urllib3.exceptions.HTTPError as error:
            sys.stderr.write(f"{project}: {error}\n")
            return project, {}

    with ThreadPoolExecutor(16) as workers:
        versions = {project: found for project, found in workers.map(read, projects) if found}
    table = {
        "source": "modules in the newest wheels of projects on PyPI whose code states no version",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions,
    }
    _TARGET.write_text(json.dumps(table, separators=(",", ":")).replace("},", "},\n") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
