"""A graph of flows drawn for people: one SVG that needs nothing else. Pure.

Every text of the estate is escaped and shortened; the whole of it stands in the node's tooltip.
What colour says, words or line styles say too.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from functions.shared.core.text import plain
from functions.shared.flows.graph import Graph, Link, Node
from functions.shared.flows.layout import Layout, Slot, lay_out
from functions.shared.flows.peer import CLIENT, FUNCTION, HOST, Peer

MOST_NODES: Final = 120
"""Nodes that one drawing shows; the rest is counted in a line below it."""

_MOST_LABELS: Final = 60
_WIDTH: Final = 190
_HEIGHT: Final = 44
_ROW: Final = 62
_BEND_ROW: Final = 26
_GAP: Final = 190
_MARGIN: Final = 24
_HEAD: Final = 56
_NAME_LENGTH: Final = 22
_FAULTY: Final = 0.01
_LETTER: Final = 5.7  # mean width of a label's letters
_LINE: Final = 12

_COLOURS: Final = {FUNCTION: ("#e8f0fe", "#1a56b0"), HOST: ("#f6eafd", "#7a2ea0")}
_OUTSIDE: Final = ("#f1f1f1", "#5a5a5a")
_SERVICE: Final = ("#fff4e0", "#a85d00")
_STYLE: Final = """
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#1b1b1b}
.kind{font-size:10.5px;fill:#555}.name{font-size:13px;font-weight:600}
.label{font-size:10.5px;fill:#333}.title{font-size:16px;font-weight:600}.note{font-size:12px}
path{fill:none;stroke:#7a7a7a;stroke-width:1.4}
path.planned{stroke-dasharray:5 4;stroke:#9a9a9a}
path.faulty{stroke:#c25a00;stroke-width:2}
path.round{stroke:#8a2be2;stroke-width:2.4}
path.new{stroke:#c4001a;stroke-width:2.6}
.label.new{fill:#c4001a;font-weight:600}.label.faulty{fill:#9c4700}.label.round{fill:#6a1fb5}
""".strip()
_LEGEND: Final = (
    ("", "traced calls"),
    ("planned", "by configuration only"),
    ("faulty", "calls with faults"),
    ("round", "part of a cycle"),
    ("new", "new"),
)


def svg(graph: Graph, title: str = "Flows") -> str:
    """Draw a graph.

    Args:
        graph: The graph; one with more than `MOST_NODES` nodes is drawn in part.
        title: Stands above it.
    """
    shown = most_telling(graph, MOST_NODES)
    layout = lay_out(
        [node.peer for node in shown.nodes], [(one.caller, one.callee) for one in shown.links]
    )
    places = _places(layout)
    width = max((x for x, _ in places.values()), default=0) + _WIDTH + _MARGIN
    bottom = max((y for _, y in places.values()), default=_HEAD) + _ROW + _MARGIN
    width, height = max(width, 760), bottom + 46
    labels = len(shown.links) <= _MOST_LABELS
    parts = [
        _opening(width, height),
        f"<title>{escape(plain(title, 150))}</title><style>{_STYLE}</style>{_arrows()}",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text class="title" x="{_MARGIN}" y="32">{escape(plain(title, 90))}</text>',
        *_links(shown, layout, places, with_labels=labels),
        *(_node(node, places[_slot_of(node.peer, layout)]) for node in shown.nodes),
        *_foot(graph, shown, bottom),
        "</svg>",
    ]
    return "\n".join(parts)


def _opening(width: float, height: float) -> str:
    size = f"{width:.0f} {height:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img">'
    )


def most_telling(graph: Graph, most: int) -> Graph:
    """A graph without the nodes that tell least, so that it has at most so many.

    Nodes of cycles, of new links, of links with faults and of many calls stay.
    """
    if len(graph.nodes) <= most:
        return graph
    weight: dict[Peer, float] = {node.peer: 0.0 for node in graph.nodes}
    for link in graph.links:
        worth = 1 + link.tally.calls + 1e6 * link.is_new + 1e3 * link.tally.faults
        for peer in (link.caller, link.callee):
            weight[peer] += worth
    for way in graph.cycles:
        for peer in way:
            weight[peer] += 1e9
    kept = set(sorted(weight, key=lambda peer: (-weight[peer], peer))[:most])
    return Graph(
        graph.made_at,
        tuple(node for node in graph.nodes if node.peer in kept),
        tuple(one for one in graph.links if one.caller in kept and one.callee in kept),
        tuple(way for way in graph.cycles if kept.issuperset(way)),
    )


def link_label(link: Link) -> str:
    """What stands beside a link: calls, time, faults, and whether it is new."""
    tally = link.tally
    words = ["NEW"] if link.is_new else []
    if tally.calls:
        words.append(f"{_short(tally.calls)} call{'s' if tally.calls > 1 else ''}")
        words.append(f"{tally.mean_milliseconds:,} ms")
    if share := fault_share(link):
        words.append(f"{share:.0%} faults" if share >= _FAULTY else "<1% faults")
    return " · ".join(words)


def fault_share(link: Link) -> float:
    """Share of a link's traced calls that ended in a fault."""
    return link.tally.faults / link.tally.calls if link.tally.calls else 0.0


def _places(layout: Layout) -> dict[Slot, tuple[float, float]]:
    """The upper left corner of each slot; columns are centred on each other."""
    heights = [sum(map(_row, column)) for column in layout.columns]
    tallest = max(heights, default=0)
    places = {}
    for number, column in enumerate(layout.columns):
        x = _MARGIN + number * (_WIDTH + _GAP)
        y = _HEAD + (tallest - heights[number]) / 2
        for slot in column:
            places[slot] = (float(x), y)
            y += _row(slot)
    return places


def _row(slot: Slot) -> int:
    return _BEND_ROW if slot.passing_to else _ROW


def _slot_of(peer: Peer, layout: Layout) -> Slot:
    return next(
        Slot(peer, None, number)
        for number, column in enumerate(layout.columns)
        if Slot(peer, None, number) in column
    )


def _node(node: Node, place: tuple[float, float]) -> str:
    x, y = place
    peer = node.peer
    fill, stroke = _COLOURS.get(peer.kind, _SERVICE if peer.is_aws_service else _OUTSIDE)
    kind = peer.label.removesuffix(peer.name).strip() if peer.name else peer.kind
    name = "leaves no trace" if peer.kind == CLIENT else peer.name or "(any)"
    kind = "caller" if peer.kind == CLIENT else kind
    if node.learning:
        kind += " · still learning"
    tip = escape(plain(node.function or peer.label, 300))
    return (
        f'<g><title>{tip}</title><rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" rx="7" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{2 if node.function else 1}"/>'
        f'<text class="kind" x="{x + 10:.0f}" y="{y + 16:.0f}">{escape(plain(kind, 34))}</text>'
        f'<text class="name" x="{x + 10:.0f}" y="{y + 34:.0f}">'
        f"{escape(plain(name, _NAME_LENGTH))}</text></g>"
    )


def _links(
    graph: Graph,
    layout: Layout,
    places: Mapping[Slot, tuple[float, float]],
    *,
    with_labels: bool,
) -> Iterator[str]:
    rounds = {(a, b) for way in graph.cycles for a, b in zip(way, (*way[1:], way[0]), strict=True)}
    degree: dict[Peer, int] = {}
    for link in graph.links:
        for peer in (link.caller, link.callee):
            degree[peer] = degree.get(peer, 0) + 1
    texts = []
    for link in graph.links:
        pair = (link.caller, link.callee)
        look = _look(link, in_cycle=pair in rounds)
        if link.caller == link.callee:
            x, y = places[_slot_of(link.caller, layout)]
            points = _loop(x, y)
            at = (x + _WIDTH - 56, y - 8, "end")
        else:
            way = layout.ways[pair]
            points = _curve(way, places)
            at = _label_place(way, places, near_callee=degree[pair[1]] <= degree[pair[0]])
        tip = escape(plain(f"{link.caller.label} → {link.callee.label}: {_words(link)}", 400))
        yield (
            f'<g><title>{tip}</title><path class="{look}" d="{points}" '
            f'marker-end="url(#to-{look or "plain"})"/></g>'
        )
        if with_labels and (label := link_label(link)):
            texts.append((label, at, look))
    yield from _labels(texts)


def _look(link: Link, *, in_cycle: bool) -> str:
    if link.is_new:
        return "new"
    if in_cycle:
        return "round"
    if fault_share(link) >= _FAULTY:
        return "faulty"
    return "" if link.tally.calls else "planned"


def _curve(way: Sequence[Slot], places: Mapping[Slot, tuple[float, float]]) -> str:
    points = []
    leads_right = way[-1].column > way[0].column
    for number, slot in enumerate(way):
        x, y = places[slot]
        if slot.passing_to:
            middle = y + _BEND_ROW / 2
            ends = [(x, middle), (x + _WIDTH, middle)]
            points += ends if leads_right else ends[::-1]
        else:
            outgoing = number == 0
            right = outgoing if leads_right else not outgoing
            if way[0].column == way[-1].column:
                right = True
            points.append((x + _WIDTH if right else x, y + _HEIGHT / 2))
    d = f"M{points[0][0]:.0f},{points[0][1]:.0f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 == x1:  # within one column: a bow to the right
            d += f" C{x0 + 60:.0f},{y0:.0f} {x1 + 60:.0f},{y1:.0f} {x1:.0f},{y1:.0f}"
        else:
            half = (x1 - x0) / 2
            d += f" C{x0 + half:.0f},{y0:.0f} {x1 - half:.0f},{y1:.0f} {x1:.0f},{y1:.0f}"
    return d


def _loop(x: float, y: float) -> str:
    right, top = x + _WIDTH, y
    return (
        f"M{right - 50:.0f},{top:.0f} C{right - 50:.0f},{top - 26:.0f} "
        f"{right - 10:.0f},{top - 26:.0f} {right - 14:.0f},{top:.0f}"
    )


def _label_place(
    way: Sequence[Slot], places: Mapping[Slot, tuple[float, float]], *, near_callee: bool
) -> tuple[float, float, str]:
    slot, next_to_it = (way[-1], way[-2]) if near_callee else (way[0], way[1])
    x, y = places[slot]
    # On the side of the line from which it does not come.
    comes_from_above = places[next_to_it][1] < y - 1
    leads_right = way[-1].column >= way[0].column
    beside_left = near_callee == leads_right
    if way[0].column == way[-1].column:
        beside_left = False
    return (
        x - 14 if beside_left else x + _WIDTH + 8,
        y + _HEIGHT / 2 + (14 if comes_from_above else -5),
        "end" if beside_left else "start",
    )


def _labels(texts: Sequence[tuple[str, tuple[float, float, str], str]]) -> Iterator[str]:
    """Labels beside each other; one that finds no room stays in its link's tooltip only."""
    taken: list[tuple[float, float, float]] = []
    for text, (x, y, anchor), look in texts:
        length = _LETTER * len(text)
        start = max(x - length if anchor == "end" else x, 4.0)
        for move in (0, _LINE, -_LINE, 2 * _LINE, -2 * _LINE):
            box = (start, start + length, y + move)
            if not any(_overlap(box, other) for other in taken):
                taken.append(box)
                yield _label(text, start + (length if anchor == "end" else 0), box[2], anchor, look)
                break


def _overlap(box: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return box[0] <= other[1] and other[0] <= box[1] and abs(box[2] - other[2]) < _LINE


def _label(text: str, x: float, y: float, anchor: str, look: str) -> str:
    return (
        f'<text class="label {look}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" '
        f'paint-order="stroke" stroke="#ffffff" stroke-width="3">{escape(text)}</text>'
    )


def _words(link: Link) -> str:
    p90 = link.p90_milliseconds
    lately = [] if p90 is None else [f"90 % of the latest within {p90:,} ms"]
    sources = ", ".join(sorted(link.via))
    said = [link_label(link) or "no traced call", *lately, f"known from {sources}"]
    return (
        f"{'; '.join(said)}; "
        f"first seen {link.first_seen:%Y-%m-%d %H:%M} UTC, "
        f"last seen {link.last_seen:%Y-%m-%d %H:%M} UTC"
    )


def _short(count: int) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count / size:.3g}{letter}"
    return str(count)


def _arrows() -> str:
    colours = {
        "plain": "#7a7a7a", "planned": "#9a9a9a", "faulty": "#c25a00",
        "round": "#8a2be2", "new": "#c4001a",
    }  # fmt: skip
    markers = "".join(
        f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" '
        f'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" style="fill:{colour};stroke:none"/></marker>'
        for name, colour in colours.items()
    )
    return f"<defs>{markers}</defs>"


def _foot(graph: Graph, shown: Graph, bottom: float) -> Iterator[str]:
    x = float(_MARGIN)
    for look, words in _LEGEND:
        yield (
            f'<path class="{look}" d="M{x:.0f},{bottom:.0f} L{x + 30:.0f},{bottom:.0f}"/>'
            f'<text class="note" x="{x + 36:.0f}" y="{bottom + 4:.0f}">{words}</text>'
        )
        x += 52 + 7 * len(words)
    left_out = len(graph.nodes) - len(shown.nodes)
    note = f"{len(graph.nodes)} nodes, {len(graph.links)} links; {graph.made_at:%Y-%m-%d %H:%M} UTC"
    if left_out:
        note += f"; {left_out} nodes and {len(graph.links) - len(shown.links)} links not drawn"
    note += ". Calls are those that X-Ray sampled."
    yield f'<text class="note" x="{_MARGIN}" y="{bottom + 28:.0f}">{escape(note)}</text>'
