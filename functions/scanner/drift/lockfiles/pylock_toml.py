"""pylock.toml, the lockfile of the standard (PEP 751).

https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

import re
from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.toml_text import faults_named
from functions.scanner.drift.markers import Target, applies
from functions.scanner.drift.versions import normal_name
from functions.shared.core import bounded_toml

_FIX: Final = "upload the file that your tool wrote as pylock.toml"
_CHOSEN: Final = re.compile(r"\bin\s+(extras|dependency_groups)\b")


def parse_pylock(source: Source) -> Locked:
    """Read the file. What a group or an extra brings is not called missing.

    Raises:
        LockfileError: It is no pylock.toml.
    """
    with faults_named(source.name, _FIX):
        document = bounded_toml.loads(source.text)
        if "lock-version" not in document:
            raise LockfileError(source.name, "no lock-version", _FIX)
        rows: list[dict[str, Any]] = document.get("packages", [])
        own = frozenset(_name(row) for row in rows if "directory" in row)
        packages = [
            LockedPackage(_name(row), str(row.get("version", "")), _need(row, source.target))
            for row in rows
            if "directory" not in row
        ]
    return Locked("PyPI", tuple(packages), own=own)


def _name(row: dict[str, Any]) -> str:
    return normal_name("PyPI", str(row["name"]))


def _need(row: dict[str, Any], target: Target) -> Need:
    marker = str(row.get("marker", ""))
    if _CHOSEN.search(marker):
        return Need.OPTIONAL
    return Need.RUNTIME if applies(marker, target) else Need.OPTIONAL
