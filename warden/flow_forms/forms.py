"""The forms in which a graph of flows is printed, by name."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from functions.shared.flows.drawing import svg
from functions.shared.flows.graph import Graph, document
from warden.flow_forms.dot import dot
from warden.flow_forms.table import table
from warden.flow_forms.webpage import webpage


def as_json(graph: Graph, _: str) -> str:
    """The graph for programs."""
    return json.dumps(document(graph), indent=2, ensure_ascii=False)


def as_dot(graph: Graph, _: str) -> str:
    """The graph for Graphviz."""
    return dot(graph)


FORMS: Final[Mapping[str, Callable[[Graph, str], str]]] = {
    "table": table,
    "json": as_json,
    "svg": svg,
    "html": webpage,
    "dot": as_dot,
}
"""What each form is written by: from a graph and its title to text."""
