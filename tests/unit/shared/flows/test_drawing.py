"""Pictures of graphs: well-formed, escaped, bounded, and saying what there is."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.flows.drawing import MOST_NODES, svg
from functions.shared.flows.graph import Graph
from functions.shared.flows.peer import Peer
from tests.unit.shared.flows.graphs import graph, link
from warden.flow_forms.dot import dot
from warden.flow_forms.webpage import webpage

ORDERS, BILLING = Peer("function", "orders"), Peer("function", "billing")
QUEUE = Peer("sqs", "jobs")
HOSTILE = Peer("host", "\"><script>alert(1)</script>&'\u202e{}")
EXAMPLE = graph(
    link(Peer("client"), ORDERS, is_new=True),
    link(ORDERS, QUEUE, 12_345, faults=1000),
    link(QUEUE, BILLING, 0),
    link(BILLING, ORDERS),
    link(BILLING, BILLING),
    link(ORDERS, HOSTILE),
)


def texts(picture: str) -> list[str]:
    tree = ET.fromstring(picture)  # noqa: S314 - our own
    return ["".join(one.itertext()) for one in tree.iter() if one.tag.endswith(("text", "title"))]


def test_a_picture_names_everything() -> None:
    shown = texts(svg(EXAMPLE, "Flows of orders"))
    assert {"Flows of orders", "orders", "billing", "jobs", "SQS queue"} <= set(shown)
    assert "12.3k calls · 80 ms · 8% faults" in shown
    assert "NEW · 10 calls · 80 ms" in shown
    assert any("5 nodes, 6 links" in text for text in shown)


@pytest.mark.parametrize("draw", [svg, webpage])
def test_hostile_names_are_text(draw: object) -> None:
    assert callable(draw)
    picture = draw(EXAMPLE, "<b>title</b>")
    assert "<script" not in picture
    assert "<b>" not in picture
    assert "\u202e" not in picture
    assert "alert(1)" in picture


def test_hostile_names_stay_inside_their_quotes() -> None:
    for line in dot(EXAMPLE).splitlines():
        assert len(re.findall(r'(?<!\\)"', line)) % 2 == 0
    assert '\\"><script>' in dot(EXAMPLE)


def test_an_empty_graph_is_a_picture_too() -> None:
    assert "0 nodes, 0 links" in svg(Graph(EXAMPLE.made_at, (), ()))


def test_a_large_graph_is_drawn_in_part_and_says_so() -> None:
    hub = Peer("function", "hub")
    spokes = [link(hub, Peer("host", f"h{n}.example.com"), n) for n in range(1, 1000)]
    new = link(hub, Peer("host", "new.example.com"), 1, is_new=True)
    picture = svg(graph(*spokes, new))
    assert picture.count("<rect") == MOST_NODES + 1
    assert "new.example.com" in picture
    assert "881 nodes and 881 links not drawn" in picture
    assert len(picture) < 200_000


names = st.text(max_size=30)
peers = st.builds(Peer, st.sampled_from(["function", "sqs", "host", "client", "url"]), names)
links = st.builds(link, peers, peers, st.integers(0, 5), is_new=st.booleans())


@given(st.lists(links, max_size=25))
def test_any_graph_is_well_formed(many: list[object]) -> None:
    unique = {(one.caller, one.callee): one for one in many}  # type: ignore[attr-defined]
    picture = svg(graph(*unique.values()))  # type: ignore[arg-type]
    assert texts(picture)
    assert "nan" not in picture
