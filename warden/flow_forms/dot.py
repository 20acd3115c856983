"""A graph of flows in Graphviz' language, for other tools to draw. Pure.

Source: Graphviz, "DOT Language": a quoted text may hold anything but an unescaped quotation mark.
"""

from typing import Final

from functions.shared.flows.drawing import link_label
from functions.shared.flows.graph import Graph

_SHAPES: Final = {"function": "box", "host": "ellipse"}


def dot(graph: Graph) -> str:
    """The graph as a `digraph`."""
    lines = ["digraph flows {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for node in graph.nodes:
        shape = _SHAPES.get(node.peer.kind, "cylinder" if node.peer.is_aws_service else "plaintext")
        lines.append(f"  {_text(node.peer.id)} [label={_text(node.peer.label)}, shape={shape}];")
    for link in graph.links:
        style = "solid" if link.tally.calls else "dashed"
        colour = ", color=red" if link.is_new else ""
        lines.append(
            f"  {_text(link.caller.id)} -> {_text(link.callee.id)} "
            f"[label={_text(link_label(link))}, style={style}{colour}];"
        )
    return "\n".join([*lines, "}"])


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
