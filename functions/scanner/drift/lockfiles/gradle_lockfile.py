"""gradle.lockfile (https://docs.gradle.org/current/userguide/dependency_locking.html)."""

from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source

_FIX: Final = "upload the file that `gradle dependencies --write-locks` wrote"
_EMPTY: Final = "empty"


def parse_gradle_lockfile(source: Source) -> Locked:
    """Read the file; the names of its configurations tell what is needed at run time.

    Raises:
        LockfileError: A line is not of the form `group:artifact:version=configurations`.
    """
    packages = []
    for number, raw in enumerate(source.text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        coordinates, equals, configurations = line.partition("=")
        if coordinates == _EMPTY:
            continue
        parts = coordinates.split(":")
        if not equals or len(parts) != 3 or not all(parts):
            raise LockfileError(source.name, f"line {number} names no package", _FIX)
        need = _need(configurations.split(","))
        packages.append(LockedPackage(f"{parts[0]}:{parts[1]}", parts[2], need))
    return Locked("Maven", tuple(packages))


def _need(configurations: list[str]) -> Need:
    names = [name.strip().lower() for name in configurations]
    if any(name.endswith("runtimeclasspath") and "test" not in name for name in names):
        return Need.RUNTIME
    tests = all("test" in name for name in names)
    return Need.DEVELOPMENT if tests else Need.OPTIONAL
