"""The uv.lock of uv (https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile)."""

from typing import Any, Final, TypeAlias

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.toml_text import faults_named
from functions.scanner.drift.markers import applies
from functions.scanner.drift.reach import Edges, needs
from functions.scanner.drift.versions import normal_name
from functions.shared.core import bounded_toml

_FIX: Final = "upload the file that `uv lock` wrote"
_OWN: Final = frozenset({"editable", "virtual"})
_LOCAL: Final = frozenset({"directory", "path"})
_Node: TypeAlias = tuple[str, str]
"""Index of the package as text, and the extra asked of it (or none)."""


def parse_uv_lock(source: Source) -> Locked:
    """Read the file; it tells development dependencies apart itself.

    Raises:
        LockfileError: It is no uv.lock.
    """
    with faults_named(source.name, _FIX):
        document = bounded_toml.loads(source.text)
        if "version" not in document:
            raise LockfileError(source.name, "no version", _FIX)
        return _Graph(document.get("package", []), source).locked()


class _Graph:
    """The packages of a uv.lock and how they depend on each other."""

    def __init__(self, rows: list[dict[str, Any]], source: Source) -> None:
        self._target = source.target
        self._rows = rows
        self._named: dict[str, list[int]] = {}
        for index, row in enumerate(rows):
            self._named.setdefault(str(row["name"]), []).append(index)
        self._own = [index for index, row in enumerate(rows) if _OWN & set(row.get("source") or {})]

    def locked(self) -> Locked:
        """All packages but the projects themselves, with their need."""
        nodes = [(str(index), "") for index in range(len(self._rows))]
        extras = [
            (str(index), extra)
            for index, row in enumerate(self._rows)
            for extra in row.get("optional-dependencies") or {}
        ]
        roots = [(str(index), "") for index in self._own] or nodes
        own_extras = [node for node in extras if int(node[0]) in self._own]
        found = needs([*nodes, *extras], runtime=roots, optional=own_extras, edges=self._edges)
        packages = [
            LockedPackage(
                normal_name("PyPI", str(row["name"])),
                str(row.get("version", "")),
                self._need(row, found[str(index), ""]),
            )
            for index, row in enumerate(self._rows)
            if index not in self._own
        ]
        own = frozenset(normal_name("PyPI", str(self._rows[index]["name"])) for index in self._own)
        return Locked("PyPI", tuple(packages), own=own, members=self._members(nodes, extras))

    def _members(self, nodes: list[_Node], extras: list[_Node]) -> dict[str, frozenset[int]]:
        """What each project of a workspace needs, by its place among the packages of others."""
        if len(self._own) < 2:
            return {}
        places = {
            str(index): place
            for place, index in enumerate(
                index for index in range(len(self._rows)) if index not in self._own
            )
        }
        return {
            str(self._rows[own]["name"]): frozenset(
                places[index]
                for (index, extra), need in needs(
                    [*nodes, *extras], runtime=[(str(own), "")], edges=self._edges
                ).items()
                if need is Need.RUNTIME and not extra and index in places
            )
            for own in self._own
        }

    def _need(self, row: dict[str, Any], need: Need) -> Need:
        local = _LOCAL & set(row.get("source") or {})
        return Need.OPTIONAL if local and need is Need.RUNTIME else need

    def _edges(self, node: _Node) -> Edges:
        row = self._rows[int(node[0])]
        extra = node[1]
        wanted = (
            row["optional-dependencies"][extra] if extra else row.get("dependencies") or []
        )  # fmt: skip
        required: list[_Node] = []
        optional: list[_Node] = []
        for item in wanted:
            targets = self._targets(item)
            always = applies(str(item.get("marker", "")), self._target)
            (required if always else optional).extend(targets)
        return Edges(tuple(required), tuple(optional))

    def _targets(self, item: dict[str, Any]) -> list[_Node]:
        """The package that a dependency names, and the extras asked of it."""
        found: list[_Node] = []
        for index in self._named.get(str(item["name"]), []):
            row = self._rows[index]
            if "version" in item and item["version"] != row.get("version"):
                continue
            found.append((str(index), ""))
            known = row.get("optional-dependencies") or {}
            found += [(str(index), extra) for extra in item.get("extra") or [] if extra in known]
        return found
