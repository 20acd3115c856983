"""Which locked packages a function needs: what its dependencies lead to."""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, TypeVar

from functions.scanner.drift.locked import Need

Node = TypeVar("Node", bound=Hashable)


class Edges(NamedTuple):
    """Where a package leads: dependencies it cannot do without, and others."""

    required: tuple[Hashable, ...] = ()
    optional: tuple[Hashable, ...] = ()


def needs(
    nodes: Iterable[Node],
    *,
    runtime: Iterable[Node],
    optional: Iterable[Node] = (),
    edges: Callable[[Node], Edges],
) -> dict[Node, Need]:
    """Classify every package of a lockfile by how it is reached.

    Args:
        nodes: All packages.
        runtime: Those that the function depends on directly.
        optional: Those that it depends on directly but can do without.
        edges: The dependencies of a package; names that are no node are ignored.

    Returns:
        RUNTIME where required dependencies alone lead to it, OPTIONAL where others do,
        DEVELOPMENT where nothing of these does.
    """
    found = dict.fromkeys(nodes, Need.DEVELOPMENT)
    rank = {Need.DEVELOPMENT: 0, Need.OPTIONAL: 1, Need.RUNTIME: 2}
    waiting = [(node, Need.RUNTIME) for node in runtime]
    waiting += [(node, Need.OPTIONAL) for node in optional]
    while waiting:
        node, need = waiting.pop()
        if node not in found or rank[found[node]] >= rank[need]:
            continue
        found[node] = need
        out = edges(node)
        waiting += [(target, need) for target in out.required]  # type: ignore[misc]  # ids of the same kind
        waiting += [(target, Need.OPTIONAL) for target in out.optional]  # type: ignore[misc]  # likewise
    return found
