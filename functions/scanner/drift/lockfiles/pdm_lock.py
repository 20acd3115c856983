"""pdm.lock (https://pdm-project.org/en/latest/usage/lock-targets/)."""

from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.toml_text import faults_named
from functions.scanner.drift.markers import Target, applies
from functions.scanner.drift.pyproject import parse_pyproject
from functions.scanner.drift.versions import normal_name
from functions.shared.core import bounded_toml

_FIX: Final = "upload the file that `pdm lock` wrote"
_MAIN: Final = "default"
_RISING: Final = (Need.DEVELOPMENT, Need.OPTIONAL, Need.RUNTIME)


def parse_pdm_lock(source: Source) -> Locked:
    """Read the file; its groups tell development dependencies apart.

    Raises:
        LockfileError: It is no pdm.lock.
    """
    with faults_named(source.name, _FIX):
        document = bounded_toml.loads(source.text)
        if "metadata" not in document:
            raise LockfileError(source.name, "no metadata", _FIX)
        rows: list[dict[str, Any]] = document.get("package", [])
        packages = {
            (normal_name("PyPI", str(row["name"])), str(row["version"])): _need(row, source.target)
            # The same package stands once for each set of extras that was asked of it.
            for row in sorted(rows, key=lambda row: _RISING.index(_need(row, source.target)))
        }
    manifest = source.manifests.get("pyproject.toml")
    own = frozenset({parse_pyproject(manifest).name} - {""}) if manifest else frozenset()
    locked = tuple(LockedPackage(name, version, need) for (name, version), need in packages.items())
    return Locked("PyPI", locked, own=own)


def _need(row: dict[str, Any], target: Target) -> Need:
    groups = row.get("groups", [_MAIN])
    if _MAIN not in groups:
        return Need.DEVELOPMENT if all("dev" in str(one) for one in groups) else Need.OPTIONAL
    here = "path" not in row and applies(str(row.get("marker", "")), target)
    return Need.RUNTIME if here else Need.OPTIONAL
