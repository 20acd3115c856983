"""Pipenv's Pipfile.lock (https://pipenv.pypa.io/en/latest/pipfile.html)."""

import json
from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.markers import Target, applies
from functions.scanner.drift.versions import normal_name

_FIX: Final = "upload the file that `pipenv lock` wrote"


def parse_pipfile_lock(source: Source) -> Locked:
    """Read the file; it keeps development dependencies in a section of their own.

    Raises:
        LockfileError: It is no Pipfile.lock.
    """
    try:
        document = json.loads(source.text)
        sections = {"default": document["default"], "develop": document.get("develop") or {}}
        packages = [
            _locked(name, row, section, source.target) for section, rows in sections.items()
            for name, row in rows.items()
        ]  # fmt: skip
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise LockfileError(source.name, f"not understood ({error!r})", _FIX) from error
    return Locked("PyPI", tuple(packages))


def _locked(name: str, row: dict[str, Any], section: str, target: Target) -> LockedPackage:
    version = str(row.get("version", "")).removeprefix("==")
    need = Need.DEVELOPMENT
    if section == "default":
        here = applies(str(row.get("markers", "")), target) and "path" not in row
        need = Need.RUNTIME if here else Need.OPTIONAL
    return LockedPackage(normal_name("PyPI", name), version, need)
