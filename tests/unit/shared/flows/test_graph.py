"""From stored edges to a graph, and to data and back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared.core.arn import FunctionArn
from functions.shared.flows.edge import Direction, Edge, Tally, Via
from functions.shared.flows.graph import DocumentError, document, from_document, read_graph
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle, ExplainingChange, FlowState
from functions.shared.flows.store import FlowStore
from functions.shared.flows.times import Times
from functions.shared.state.table import ConflictError
from tests.unit.conftest import NOW, World
from tests.unit.shared.flows.graphs import graph, link

KEEP = timedelta(days=90)
ORDERS, BILLING = (
    FunctionArn.parse(name, account="123456789012", region="eu-west-1")
    for name in ("orders", "billing")
)


def edge(direction: Direction, name: str, calls: int = 3) -> Edge:
    return Edge(
        direction,
        Peer("function", name),
        NOW - timedelta(days=2),
        NOW,
        frozenset({Via.TRACE, Via.POLICY}),
        Tally(calls, 1, 200),
        traced_first=NOW - timedelta(days=2),
        traced_last=NOW,
        counted_until=NOW,
        times=Times.of([(0.05, 90), (2.0, 10)]),
        usual=Times.of([(0.05, 1000)]),
    )


def test_a_stored_edge_comes_back_as_it_was(world: World) -> None:
    store = FlowStore(world.warden.table, KEEP)
    one = edge(Direction.CALLER, "crawler")
    store.save_edge(ORDERS, one)
    assert store.edges(ORDERS) == [replace(one, revision=1)]
    with pytest.raises(ConflictError):
        store.save_edge(ORDERS, one)
    store.save_edge(ORDERS, replace(one, revision=1, active=5))
    with pytest.raises(ConflictError):
        store.save_edge(ORDERS, replace(one, revision=1, active=6))
    assert store.edges(ORDERS)[0].active == 5


def test_a_stored_state_comes_back_and_changes_are_kept_apart(world: World) -> None:
    store = FlowStore(world.warden.table, KEEP)
    change = ExplainingChange(NOW, "code updated", "alice")
    store.note_change(ORDERS, change, NOW)
    store.note_change(ORDERS, change, NOW)
    state = replace(
        store.state(ORDERS),
        since=NOW,
        observations=3,
        sources=(Peer("sqs", "jobs"),),
        unread=("reading: Denied",),
        cycles=(Cycle((Peer("function", "orders"),), NOW, NOW),),
    )
    store.save_state(state, NOW, active=True)
    store.note_change(ORDERS, ExplainingChange(NOW + timedelta(hours=1), "created", "bob"), NOW)
    read = store.state(ORDERS)
    assert [one.by for one in read.changes] == ["bob", "alice"]
    granted = ExplainingChange(
        NOW + timedelta(hours=2), "permission added", "eve", Peer("sns", "news")
    )
    store.note_change(ORDERS, granted, NOW)
    assert store.state(ORDERS).changes[0] == granted
    assert replace(read, changes=state.changes) == state
    assert [one.function for one in store.states()] == [ORDERS]


def test_only_so_many_changes_are_remembered(world: World) -> None:
    store = FlowStore(world.warden.table, KEEP)
    for number in range(15):
        store.note_change(
            ORDERS, ExplainingChange(NOW + timedelta(minutes=number), "created", "x"), NOW
        )
    assert len(store.state(ORDERS).changes) == 10
    assert store.state(ORDERS).changes[0].at == NOW + timedelta(minutes=14)


def test_an_edge_that_two_functions_remember_is_one_link(world: World) -> None:
    store = FlowStore(world.warden.table, KEEP)
    store.save_edge(ORDERS, edge(Direction.CALLEE, "billing", 3))
    store.save_edge(BILLING, edge(Direction.CALLER, "orders", 5))
    for function in (ORDERS, BILLING):
        store.save_state(FlowState(function, since=NOW), NOW, active=True)
    whole = read_graph(store, 7, NOW)
    (only,) = whole.links
    assert only.p90_milliseconds is not None
    assert 50 <= only.p90_milliseconds <= 63
    assert (only.caller.name, only.callee.name, only.tally.calls) == ("orders", "billing", 5)
    assert {node.function for node in whole.nodes} == {str(ORDERS), str(BILLING)}
    assert len(read_graph(store, 7, NOW, ORDERS).links) == 1
    assert read_graph(store, 7, NOW + timedelta(days=91)).links == ()


def test_a_document_reads_back_without_loss() -> None:
    orders = Peer("function", "orders")
    slow = replace(link(orders, orders, 7, faults=1), p90_milliseconds=180)
    made = graph(link(Peer("client"), orders, is_new=True), slow)
    assert from_document(json.loads(json.dumps(document(made)))) == made


@pytest.mark.parametrize("wrong", [{}, {"version": "9"}, {"version": "1.0", "nodes": [1]}])
def test_a_document_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DocumentError):
        from_document(wrong)
