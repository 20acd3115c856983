"""Drift: what is deployed against what the repository's lockfile says."""

from functions.scanner.drift.compare import Change, Drift, compare
from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.registry import is_lockfile, read_lockfile

__all__ = [
    "Change",
    "Drift",
    "Locked",
    "LockedPackage",
    "LockfileError",
    "Need",
    "compare",
    "is_lockfile",
    "read_lockfile",
]
