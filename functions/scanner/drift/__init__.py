"""Drift: what is deployed against what the repository's lockfile says."""

from functions.scanner.drift.compare import Drift, VersionChange, compare
from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.registry import is_lockfile, read_lockfile

__all__ = [
    "Drift",
    "Locked",
    "LockedPackage",
    "LockfileError",
    "Need",
    "VersionChange",
    "compare",
    "is_lockfile",
    "read_lockfile",
]
