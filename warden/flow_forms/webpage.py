"""A graph of flows as a page of its own: the drawing, and every link as a row. Pure."""

from html import escape
from typing import Final

from functions.shared.core.text import plain
from functions.shared.flows.drawing import fault_share, svg
from functions.shared.flows.graph import Graph, Link

MOST_ROWS: Final = 2000
"""Links that the table lists; the rest is counted below it."""

_STYLE: Final = """
body{font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;
margin:24px;color:#1b1b1b;background:#fff}
figure{margin:0 0 24px;overflow-x:auto;border:1px solid #ddd;border-radius:8px}
table{border-collapse:collapse}
th,td{padding:5px 12px;text-align:left;border-bottom:1px solid #e4e4e4}
td.t{white-space:nowrap}
td.n{text-align:right;font-variant-numeric:tabular-nums}tr.new td{background:#fff0f1}
""".strip()
_HEAD: Final = (
    "Caller", "Callee", "Calls", "Mean ms", "Faults", "Known from", "First seen", "Last seen", "",
)  # fmt: skip


def webpage(graph: Graph, title: str = "Flows") -> str:
    """The page; it loads nothing and runs no script."""
    heading = escape(plain(title, 150))
    links = sorted(graph.links, key=lambda link: (not link.is_new, -fault_share(link)))
    rows = "\n".join(map(_row, links[:MOST_ROWS]))
    left_out = len(links) - MOST_ROWS
    rest = f"<p>{left_out} more links are not listed.</p>" if left_out > 0 else ""
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{_STYLE}</style></head><body>\n<figure>{svg(graph, title)}</figure>\n"
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{rest}\n"
        "</body></html>\n"
    )


def _row(link: Link) -> str:
    tally = link.tally
    mean = "" if tally.mean_milliseconds is None else f"{tally.mean_milliseconds:,}"
    cells = [
        f"<td>{escape(link.caller.label)}</td>",
        f"<td>{escape(link.callee.label)}</td>",
        f'<td class="n">{tally.calls:,}</td>',
        f'<td class="n">{mean}</td>',
        f'<td class="n">{tally.faults:,}</td>',
        f"<td>{escape(', '.join(sorted(link.via)))}</td>",
        f'<td class="t">{link.first_seen:%Y-%m-%d %H:%M}</td>',
        f'<td class="t">{link.last_seen:%Y-%m-%d %H:%M}</td>',
        f"<td>{'new' if link.is_new else ''}</td>",
    ]
    return f'<tr class="{"new" if link.is_new else ""}">{"".join(cells)}</tr>'
