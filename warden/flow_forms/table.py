"""A graph of flows as lines for people. Pure."""

from typing import Final

from functions.shared.flows.graph import Graph
from warden.output import columns

_HEAD: Final = ("CALLER", "CALLEE", "CALLS", "FAULTS", "KNOWN FROM", "LAST SEEN", "")


def table(graph: Graph, title: str) -> str:
    """Every link in a line, and how many there are."""
    rows = [
        (
            link.caller.label,
            link.callee.label,
            f"{link.tally.calls:,}",
            f"{link.tally.faults:,}",
            ", ".join(sorted(link.via)),
            f"{link.last_seen:%Y-%m-%d %H:%M}",
            "new" if link.is_new else "",
        )
        for link in graph.links
    ]
    lines = columns([_HEAD, *rows]) if rows else []
    count = "1 link" if len(rows) == 1 else f"{len(rows)} links"
    return "\n".join([*lines, f"{title}: {count}."])
