"""Cargo.lock (https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html)."""

from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.toml_text import faults_named
from functions.shared.core import bounded_toml

_FIX: Final = "upload the file that `cargo build` wrote"


def parse_cargo_lock(source: Source) -> Locked:
    """Read the file.

    It lists what any member needs on any platform, also for building and testing, and does not say
    which is which. So nothing is called missing.

    Raises:
        LockfileError: It is no Cargo.lock.
    """
    with faults_named(source.name, _FIX):
        document = bounded_toml.loads(source.text)
        rows: list[dict[str, Any]] = document.get("package", [])
        if not rows:
            raise LockfileError(source.name, "no package", _FIX)
        own = frozenset(str(row["name"]) for row in rows if "source" not in row)
        packages = [
            LockedPackage(str(row["name"]), str(row["version"]), Need.OPTIONAL)
            for row in rows
            if "source" in row
        ]
    return Locked("crates.io", tuple(packages), own=own)
