"""Bundler's Gemfile.lock (https://bundler.io/guides/rationale.html)."""

import re
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source

_FIX: Final = "upload the file that `bundle lock` wrote"
# A gem's version never holds a dash: what follows one is the platform it was built for.
_SPEC: Final = re.compile(
    r" {4}(?P<name>[\w.-]+) \((?P<version>[^)\s-]+)(?:-(?P<platform>[^)]+))?\)"
)
_SECTIONS: Final = ("GEM", "GIT", "PATH", "PLUGIN SOURCE")


def parse_gemfile_lock(source: Source) -> Locked:
    """Read the file; it does not tell groups apart, so every gem counts as needed.

    Raises:
        LockfileError: It is no Gemfile.lock.
    """
    packages: dict[LockedPackage, None] = {}
    section = ""
    sections = set()
    own = set()
    for line in source.text.splitlines():
        if line and not line.startswith(" "):
            section = line.strip()
            sections.add(section)
        match = _SPEC.fullmatch(line.rstrip()) if section in _SECTIONS else None
        if match is None:
            continue
        if section == "PATH":
            own.add(match["name"])
        else:
            packages[LockedPackage(match["name"], match["version"], Need.RUNTIME)] = None
    if "DEPENDENCIES" not in sections and not packages:
        raise LockfileError(source.name, "no section of gems", _FIX)
    return Locked("RubyGems", tuple(packages), own=frozenset(own))
