"""pnpm-lock.yaml, lockfile versions 5 to 9.

https://github.com/pnpm/spec/tree/master/lockfile
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.yaml_text import load_mapping
from functions.scanner.drift.reach import Edges, needs

_FIX: Final = "upload the file that `pnpm install` wrote"
# A name, its version, then the peers it was resolved with: /name/1.0.0_peer (5),
# /name@1.0.0(peer) (6), name@1.0.0(peer) (9)
_KEY: Final = re.compile(r"/?(?P<name>(?:@[^/@]+/)?[^/@]+)[/@](?P<version>[^(_/]+)(?:[_(].*)?")


def parse_pnpm_lock(source: Source) -> Locked:
    """Read the file; it tells development dependencies apart itself.

    Raises:
        LockfileError: It is no pnpm-lock.yaml.
    """
    document = load_mapping(source.name, source.text, _FIX)
    if "lockfileVersion" not in document:
        raise LockfileError(source.name, "no lockfileVersion", _FIX)
    members: dict[str, frozenset[int]] = {}
    try:
        rows: dict[str, Any] = document.get("packages") or {}
        if "snapshots" in document:
            snapshots, importers = document["snapshots"] or {}, document.get("importers") or {}
            parents = _parents(snapshots, importers)
            packages = [
                replace(
                    _locked(key, rows.get(_base(key)) or {}, need),
                    parents=frozenset(parents.get(key, ())),
                )
                for key, need in _walk(snapshots, importers)
            ]
            members = _members(snapshots, importers)
        else:
            packages = [_locked(key, row, _flagged(row)) for key, row in rows.items()]
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise LockfileError(source.name, f"not understood ({error})", _FIX) from error
    return Locked("npm", tuple(packages), own=_own(document), members=members)


def _own(document: dict[str, Any]) -> frozenset[str]:
    """Names of the repository's own projects, as far as others depend on them."""
    importers = document.get("importers")
    rows = importers.values() if isinstance(importers, dict) else ()
    return frozenset(
        str(name)
        for row in rows
        for kind in ("dependencies", "optionalDependencies", "devDependencies")
        for name, value in ((row or {}).get(kind) or {}).items()
        if isinstance(value, dict) and str(value.get("version")).startswith(("link:", "file:"))
    )


def _locked(key: str, row: dict[str, Any], need: Need) -> LockedPackage:
    match = _KEY.fullmatch(key)
    name = str(row.get("name") or (match["name"] if match else _base(key).rpartition("@")[0]))
    version = str(row.get("version") or (match["version"] if match else ""))
    if ":" in version:
        return LockedPackage(name, "", Need.OPTIONAL if version.startswith("file:") else need)
    return LockedPackage(name, version, need)


def _base(key: str) -> str:
    """The key without the peers it was resolved with."""
    return key.partition("(")[0]


def _flagged(row: dict[str, Any]) -> Need:
    """Need of an entry of versions 5 and 6, which carries flags."""
    if str(row.get("dev", "")).lower() == "true":
        return Need.DEVELOPMENT
    optional = str(row.get("optional", "")).lower() == "true"
    return Need.OPTIONAL if optional else Need.RUNTIME


def _walk(snapshots: dict[str, Any], importers: dict[str, Any]) -> list[tuple[str, Need]]:
    """Entries of version 9 with their need, walked from the projects' dependencies."""

    def edges(key: str) -> Edges:
        row = snapshots.get(key) or {}
        return Edges(
            tuple(_targets(row.get("dependencies"))),
            tuple(_targets(row.get("optionalDependencies"))),
        )

    projects = list(importers.values())
    found = needs(
        snapshots,
        runtime=[key for item in projects for key in _targets(item.get("dependencies"))],
        optional=[key for item in projects for key in _targets(item.get("optionalDependencies"))],
        edges=edges,
    )
    return list(found.items())


def _members(snapshots: dict[str, Any], importers: dict[str, Any]) -> dict[str, frozenset[int]]:
    """What each project needs, by its place among the entries."""
    if len(importers) < 2:
        return {}
    return {
        name: frozenset(
            place
            for place, (_, need) in enumerate(_walk(snapshots, _linked(name, importers)))
            if need is Need.RUNTIME
        )
        for name in importers
    }


def _linked(name: str, importers: dict[str, Any]) -> dict[str, Any]:
    """A project with those of the same repository that it depends on, by their folders."""
    found: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name in found or name not in importers:
            continue
        found[name] = importers[name]
        for target in _targets((importers[name] or {}).get("dependencies")):
            _, link, folder = target.partition("@link:")
            waiting += [posixpath.normpath(posixpath.join(name, folder))] if link else []
    return found


def _parents(snapshots: dict[str, Any], importers: dict[str, Any]) -> dict[str, set[str]]:
    """Names of the packages that depend on each entry; empty for the projects themselves."""
    found: dict[str, set[str]] = {}
    above = [*((_base(key).rpartition("@")[0], row) for key, row in snapshots.items())]
    above += [("", row) for row in importers.values()]
    for name, row in above:
        for kind in ("dependencies", "optionalDependencies", "devDependencies"):
            for target in _targets((row or {}).get(kind)):
                found.setdefault(target, set()).add(name)
    return found


def _targets(table: dict[str, Any] | None) -> Iterator[str]:
    """Keys of the entries that a dependency table points to."""
    for name, value in (table or {}).items():
        version = str(value["version"] if isinstance(value, dict) else value)
        # An alias carries the real name with its version.
        yield version if "@" in _base(version)[1:] else f"{name}@{version}"
