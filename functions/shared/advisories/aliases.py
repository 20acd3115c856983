"""One flaw, many names: records joined through the aliases they share.

OSV defines aliases as symmetric and transitive (https://ossf.github.io/osv-schema/#aliases-field),
so the names of one flaw are a connected component of the graph of ids.
"""

from collections.abc import Iterable, Iterator


class Aliases:
    """A union-find over the names of flaws."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def join(self, names: Iterable[str]) -> None:
        """State that all these names mean the same flaw."""
        first: str | None = None
        for name in names:
            root = self._root(name)
            if first is None:
                first = root
            elif root != first:
                self._parent[root] = first

    def flaws(self) -> Iterator[tuple[str, ...]]:
        """Yield each flaw's names, sorted."""
        members: dict[str, list[str]] = {}
        for name in self._parent:
            members.setdefault(self._root(name), []).append(name)
        for names in members.values():
            yield tuple(sorted(names))

    def _root(self, name: str) -> str:
        parent = self._parent
        root = parent.setdefault(name, name)
        while (above := parent[root]) != root:
            # Halve the path, so that long chains of aliases stay cheap.
            parent[root] = parent[above]
            root = parent[root]
        return root
