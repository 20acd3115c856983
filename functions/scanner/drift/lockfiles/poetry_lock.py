"""poetry.lock, all versions.

https://python-poetry.org/docs/basic-usage/#committing-your-poetrylock-file-to-version-control
"""

from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.toml_text import faults_named
from functions.scanner.drift.markers import Target, applies
from functions.scanner.drift.pyproject import parse_pyproject
from functions.scanner.drift.reach import Edges, needs
from functions.scanner.drift.versions import normal_name
from functions.shared.core import bounded_toml

_FIX: Final = "upload the file that `poetry lock` wrote"
_LOCAL: Final = frozenset({"directory", "file"})


def parse_poetry_lock(source: Source) -> Locked:
    """Read the file.

    Older versions name a category and newer ones groups; between them a pyproject.toml tells
    development dependencies apart, and without one every package counts as needed.

    Raises:
        LockfileError: It is no poetry.lock.
    """
    with faults_named(source.name, _FIX):
        document = bounded_toml.loads(source.text)
        if "metadata" not in document:
            raise LockfileError(source.name, "no metadata", _FIX)
        rows: list[dict[str, Any]] = document.get("package", [])
        names = [normal_name("PyPI", str(row["name"])) for row in rows]
        walked, own = _walked(source, rows, names)
        packages = [
            LockedPackage(name, str(row["version"]), _need(row, walked.get(name), source.target))
            for name, row in zip(names, rows, strict=True)
        ]
    return Locked("PyPI", tuple(packages), own=own)


def _need(row: dict[str, Any], walked: Need | None, target: Target) -> Need:
    need = walked or Need.RUNTIME
    if "groups" in row:
        need = Need.RUNTIME if "main" in row["groups"] else Need.DEVELOPMENT
    elif "category" in row:
        need = Need.RUNTIME if row["category"] == "main" else Need.DEVELOPMENT
    if need is not Need.RUNTIME:
        return need
    markers = row.get("markers", "")
    marker = markers.get("main", "") if isinstance(markers, dict) else str(markers)
    local = (row.get("source") or {}).get("type") in _LOCAL
    return Need.OPTIONAL if row.get("optional") or local or not applies(marker, target) else need


def _walked(
    source: Source, rows: list[dict[str, Any]], names: list[str]
) -> tuple[dict[str, Need], frozenset[str]]:
    """Need of every package by what pyproject.toml asks for; empty without one."""
    manifest = source.manifests.get("pyproject.toml")
    if manifest is None:
        return {}, frozenset()
    project = parse_pyproject(manifest)
    dependencies = {
        name: row.get("dependencies") or {} for name, row in zip(names, rows, strict=True)
    }

    def edges(name: str) -> Edges:
        required: list[str] = []
        optional: list[str] = []
        for key, wanted in dependencies[name].items():
            always = _always(wanted, source.target)
            (required if always else optional).append(normal_name("PyPI", key))
        return Edges(tuple(required), tuple(optional))

    walked = needs(names, runtime=project.runtime, optional=project.optional, edges=edges)
    return walked, frozenset({project.name} - {""})


def _always(wanted: object, target: Target) -> bool:
    """Whether a dependency, written in one of Poetry's three forms, is always needed."""
    if isinstance(wanted, list):
        return any(_always(item, target) for item in wanted)
    if isinstance(wanted, dict):
        return not wanted.get("optional") and applies(str(wanted.get("markers", "")), target)
    return True
