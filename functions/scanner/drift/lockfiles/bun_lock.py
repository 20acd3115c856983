"""bun.lock, the text lockfile of Bun: JSON with commas before closing brackets.

https://bun.com/docs/pm/lockfile; the keys of `packages` are paths in the tree of node_modules.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.reach import Edges, needs

_FIX: Final = "upload the file that `bun install` wrote"
# A string (to its end, or that of the text), or what stands between strings.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[^"]++', re.DOTALL)


def parse_bun_lock(source: Source) -> Locked:
    """Read the file; it tells development dependencies apart itself.

    Raises:
        LockfileError: It is no bun.lock.
    """
    try:
        document = json.loads("".join(map(_as_json, _tokens(source.text))))
        return _Tree(document["packages"], document["workspaces"]).locked()
    except (ValueError, RecursionError) as error:
        raise LockfileError(source.name, f"no bun.lock ({error})", _FIX) from error
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise LockfileError(source.name, f"a package is incomplete ({error})", _FIX) from error


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while match := _TOKEN.match(text, at):
        yield match[0]
        at = match.end()


def _as_json(token: str) -> str:
    """A part of the text without the commas before closing brackets."""
    if token.startswith('"'):
        return token
    first, *others = token.split(",")
    return first + "".join(
        other if other.lstrip().startswith(("}", "]")) else f",{other}" for other in others
    )


class _Tree:
    """The packages of a bun.lock, by their path in node_modules."""

    def __init__(self, rows: Mapping[str, list[Any]], workspaces: Mapping[str, Any]) -> None:
        self._rows = rows
        self._projects = list(workspaces.values())
        self._homes = {_name(one): folder for folder, one in workspaces.items() if _name(one)}
        self._own = {str(one["name"]) for one in self._projects if one.get("name")}

    def locked(self) -> Locked:
        """All packages but the repository's own, with their need."""
        found = needs(
            self._rows,
            runtime=[
                key for one in self._projects for key in self._of(one, "dependencies", _name(one))
            ],
            optional=[
                key
                for one in self._projects
                for key in self._of(one, "optionalDependencies", _name(one))
            ],
            edges=self._edges,
        )
        packages: list[LockedPackage] = []
        places: dict[str, int] = {}
        for key, need in found.items():
            places[key] = len(packages)
            name, _, version = str(self._rows[key][0])[1:].partition("@")
            name = str(self._rows[key][0])[0] + name
            if version.startswith(("workspace:", "link:")):
                self._own.add(name)
                del places[key]
            elif ":" in version or "#" in version:  # git, a file, an address: no version is named
                packages.append(LockedPackage(name, "", need))
            else:
                packages.append(
                    LockedPackage(name, version, self._for_here(key, need), self._folder(key))
                )
        return Locked(
            "npm", tuple(packages), own=frozenset(self._own), members=self._members(places)
        )

    def _members(self, places: Mapping[str, int]) -> dict[str, frozenset[int]]:
        """What each project needs, by its place among the packages."""
        if len(self._projects) < 2:
            return {}
        return {
            str(one.get("name", "")): frozenset(
                places[key]
                for key, need in needs(
                    self._rows,
                    runtime=list(self._of(one, "dependencies", _name(one))),
                    edges=self._edges,
                ).items()
                if need is Need.RUNTIME and key in places
            )
            for one in self._projects
        }

    def _folder(self, path: str) -> str:
        """The folder that a path of package names leads to; projects have folders of their own."""
        for name, folder in self._homes.items():
            if folder and path.startswith(f"{name}/"):
                return f"{folder}/{_modules(path[len(name) + 1 :])}"
        return _modules(path)

    def _for_here(self, key: str, need: Need) -> Need:
        bound = {"os", "cpu"} & set(self._table(key))
        return Need.OPTIONAL if bound and need is Need.RUNTIME else need

    def _table(self, key: str) -> Mapping[str, Any]:
        """What a package's row says of its dependencies; of a workspace, its own table does."""
        name, workspace, _ = str(self._rows[key][0]).partition("@workspace:")
        if workspace:
            return next((one for one in self._projects if one.get("name") == name), {})
        return next((one for one in self._rows[key] if isinstance(one, dict)), {})

    def _edges(self, key: str) -> Edges:
        table = self._table(key)
        return Edges(
            tuple(self._of(table, "dependencies", key)),
            (
                *self._of(table, "optionalDependencies", key),
                *self._of(table, "peerDependencies", key),
            ),
        )

    def _direct(self, project: Mapping[str, Any], kind: str) -> Iterator[str]:
        """Keys of what a project depends on, as Node finds them from its folder."""
        return self._of(project, kind, _name(project))

    def _of(self, table: Mapping[str, Any], kind: str, under: str = "") -> Iterator[str]:
        """Keys of the packages that a table of dependencies names, as Node finds them."""
        for name in table.get(kind) or {}:
            folder = under
            while folder and f"{folder}/{name}" not in self._rows:
                folder = _above(folder)
            yield f"{folder}/{name}" if folder else name


def _modules(path: str) -> str:
    parts = path.split("/")
    return "/".join(
        part if index and parts[index - 1].startswith("@") else f"node_modules/{part}"
        for index, part in enumerate(parts)
    )


def _name(project: Mapping[str, Any]) -> str:
    return str(project.get("name", ""))


def _above(path: str) -> str:
    """The path of the package that holds this one; a scope belongs to its name."""
    above = path.rpartition("/")[0]
    scoped = above.rpartition("/")[2].startswith("@")
    return above.rpartition("/")[0] if scoped else above
