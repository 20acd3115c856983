"""Who calls whom, as a drawing and as the links that deserve a look. Pure."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from functions.shared.flows.drawing import fault_share, link_label, svg
from functions.shared.flows.graph import Graph, Link
from functions.shared.flows.peer import Peer

ROWS: Final = 40
"""Links that are listed; the drawing shows more of them."""


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of the estate.

    Attributes:
        drawing: The graph as a `data:` address; empty where there is nothing to draw.
        nodes: How many nodes there are.
        links: How many links there are.
        new: How many of them are new.
        cycles: Calls that lead back to where they began, in words.
        worth_a_look: New links, then those with faults, then the busiest.
    """

    drawing: str
    nodes: int
    links: int
    new: int
    cycles: tuple[str, ...]
    worth_a_look: tuple[tuple[Link, str], ...]


def flows_of(graph: Graph) -> Flows:
    """What a report shows of a graph."""
    ordered = sorted(graph.links, key=_first)
    return Flows(
        drawing=_drawn(graph) if graph.links else "",
        nodes=len(graph.nodes),
        links=len(graph.links),
        new=sum(link.is_new for link in graph.links),
        cycles=tuple(_way(way) for way in graph.cycles[:ROWS]),
        worth_a_look=tuple((link, link_label(link)) for link in ordered[:ROWS]),
    )


def _first(link: Link) -> tuple[bool, float, int, str]:
    return (not link.is_new, -fault_share(link), -link.tally.calls, link.caller.label)


def _way(way: Sequence[Peer]) -> str:
    labels = [peer.label for peer in way]
    return " → ".join([*labels, labels[0]])


def _drawn(graph: Graph) -> str:
    encoded = base64.b64encode(svg(graph, "Flows of the estate").encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"
