"""Refreshes the table of import names that the scanner recognises stripped Python packages by.

Reads a list of project names (JSON as published at https://hugovk.dev/top-pypi-packages/), asks
the Python Package Index for each project's newest wheel and lists that wheel's directory with a
ranged request; nothing is installed. Run from the repository's root:

    python -m bench.import_names top-pypi-packages.json
"""

import argparse
import io
import json
import os
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, cast
from urllib.parse import urljoin

import urllib3

from functions.scanner.inventory.ranged import DownloadError, RangedFile
from functions.scanner.inventory.readers.naming import pypi_name

TARGET: Final = Path("functions/scanner/inventory/data/import_names.json")
_INDEX: Final = os.environ.get("PIP_INDEX_URL", "").rstrip("/")
"""The simple index to read, named as pip wants it named."""
_JSON: Final = {"Accept": "application/vnd.pypi.simple.v1+json"}
_SUFFIXES: Final = (".py", ".so")
_NO_IMPORTS: Final = frozenset(
    {"tests", "test", "docs", "doc", "examples", "benchmarks", "scripts"}
)


def import_names(paths: list[str]) -> Iterator[str]:
    """Dotted names that a wheel's paths can be imported by: outermost packages and modules."""
    packages = {path.rpartition("/")[0] for path in paths if path.endswith("/__init__.py")}
    for path in paths:
        folder, _, file = path.rpartition("/")
        if not path.endswith(_SUFFIXES):
            continue
        parts = folder.split("/") if folder else []
        prefixes = ["/".join(parts[: length + 1]) for length in range(len(parts))]
        regular = next((prefix for prefix in prefixes if prefix in packages), None)
        if regular:
            yield regular.replace("/", ".")
        elif not parts:
            yield file.split(".")[0]


def wheel_names(project: str, pool: urllib3.PoolManager) -> set[str]:
    """Import names of a project's newest release, empty where it has no wheel."""
    answer = pool.request("GET", f"{_INDEX}/{project}/", headers=_JSON)
    if answer.status != 200:
        return set()
    wheels = [item for item in answer.json()["files"] if item["filename"].endswith(".whl")]
    if not wheels:
        return set()
    newest = max(wheels, key=lambda item: str(item["upload-time"]))
    url = urljoin(f"{_INDEX}/{project}/", newest["url"])
    file = cast("BinaryIO", RangedFile(url, pool=pool))
    with zipfile.ZipFile(io.BufferedReader(cast("io.RawIOBase", file))) as wheel:
        names = set(import_names(wheel.namelist()))
    return {name for name in names if name.split(".")[0] not in _NO_IMPORTS and _importable(name)}


def _importable(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def main() -> int:
    """Write the table; prints the projects that could not be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", type=Path)
    parser.add_argument("--most", type=int, default=4000)
    arguments = parser.parse_args()
    if not _INDEX:
        parser.error("PIP_INDEX_URL: not set; name the index of Python packages to read")
    rows = json.loads(arguments.projects.read_text())["rows"][: arguments.most]
    pool = urllib3.PoolManager(maxsize=16)
    owners: dict[str, list[str]] = defaultdict(list)

    def read(project: str) -> tuple[str, set[str]]:
        try:
            return project, wheel_names(project, pool)
        except (DownloadError, zipfile.BadZipFile, urllib3.exceptions.HTTPError) as error:
            sys.stderr.write(f"{project}: {error}\n")
            return project, set()

    with ThreadPoolExecutor(16) as workers:
        for project, names in workers.map(read, [row["project"] for row in rows]):
            for name in sorted(names)[:40]:
                owners[name].append(pypi_name(project))
    table = {
        "source": "import names in the newest wheels of the projects most downloaded from PyPI",
        "date": datetime.now(UTC).date().isoformat(),
        "projects": len(rows),
        "owners": {name: owners[name] for name in sorted(owners)},
    }
    TARGET.write_text(json.dumps(table, indent=0, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
