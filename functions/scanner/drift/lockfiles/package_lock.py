"""npm's package-lock.json and npm-shrinkwrap.json, versions 1 to 3.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.reach import Edges, needs

_DEEPEST = 100


def parse_package_lock(source: Source) -> Locked:
    """Read the file; it marks development dependencies itself.

    Raises:
        LockfileError: It is no package-lock.json.
    """
    members: dict[str, frozenset[int]] = {}
    try:
        document = json.loads(source.text)
        if isinstance(document.get("packages"), dict):
            packages, own = _packages(document["packages"])
            members = _members(document["packages"])
        elif isinstance(document.get("dependencies", {}), dict) and "lockfileVersion" in document:
            packages, own = list(_dependencies(document.get("dependencies", {}), "", 0)), set()
        else:
            raise LockfileError(source.name, "neither packages nor dependencies", _FIX)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError) as error:
        if isinstance(error, LockfileError):
            raise
        raise LockfileError(source.name, f"not understood ({error})", _FIX) from error
    own.add(str(document.get("name", "")))
    return Locked("npm", tuple(packages), own=frozenset(own - {""}), members=members)


_FIX = "upload the file that `npm install` wrote"


def _packages(table: dict[str, dict[str, Any]]) -> tuple[list[LockedPackage], set[str]]:
    """Entries of versions 2 and 3, keyed by their folder."""
    found, own = [], set()
    for folder, entry in table.items():
        _, mark, name = folder.rpartition("node_modules/")
        if not mark or entry.get("link"):
            # The project itself, a workspace, or the link to one.
            own.add(str(entry.get("name") or name or folder.rpartition("/")[2]))
            continue
        version = str(entry.get("version", ""))
        found.append(LockedPackage(str(entry.get("name") or name), version, _need(entry), folder))
    return found, own


def _members(table: dict[str, dict[str, Any]]) -> dict[str, frozenset[int]]:
    """What each workspace needs, by its place among the packages."""
    installed = [
        key for key, row in table.items() if "node_modules/" in key and not row.get("link")
    ]
    places = {key: place for place, key in enumerate(installed)}
    projects = [key for key in table if "node_modules/" not in key]
    if len(projects) < 2:
        return {}

    def edges(folder: str) -> Edges:
        row = table[folder]
        return Edges(
            tuple(_found(table, folder, row.get("dependencies") or {})),
            tuple(_found(table, folder, row.get("optionalDependencies") or {})),
        )

    return {
        str(table[project].get("name") or project or "."): frozenset(
            places[key]
            for key, need in needs(table, runtime=[project], edges=edges).items()
            if need is Need.RUNTIME and key in places
        )
        for project in projects
    }


def _found(table: dict[str, dict[str, Any]], folder: str, wanted: Iterable[str]) -> Iterator[str]:
    """The folders that Node finds these packages in, seen from one of them."""
    for name in wanted:
        above = folder
        while f"{above}/node_modules/{name}".lstrip("/") not in table and above:
            above = above.rpartition("/")[0]
        key = f"{above}/node_modules/{name}".lstrip("/")
        if key in table:
            row = table[key]
            yield str(row["resolved"]) if row.get("link") and row.get("resolved") in table else key


def _dependencies(
    table: dict[str, dict[str, Any]], above: str, depth: int
) -> Iterator[LockedPackage]:
    """Entries of version 1, nested as they are installed."""
    if depth > _DEEPEST:
        raise ValueError("dependencies nested too deep")
    for key, entry in table.items():
        name, version = key, str(entry.get("version", ""))
        if version.startswith("npm:"):
            name, _, version = version.removeprefix("npm:").rpartition("@")
        local = version.startswith(("file:", "link:"))
        exact = "" if ":" in version else version
        folder = f"{above}node_modules/{key}"
        yield LockedPackage(name, exact, Need.OPTIONAL if local else _need(entry), folder)
        yield from _dependencies(entry.get("dependencies") or {}, f"{folder}/", depth + 1)


def _need(entry: dict[str, Any]) -> Need:
    if entry.get("dev"):
        return Need.DEVELOPMENT
    optional = entry.get("optional") or entry.get("devOptional") or entry.get("peer")
    return Need.OPTIONAL if optional else Need.RUNTIME
