"""Calls that lead back to where they began."""

from hypothesis import given
from hypothesis import strategies as st

from functions.shared.flows.cycles import cycles, possible_cycles
from functions.shared.flows.peer import Peer

A, B, C = (Peer("function", name) for name in "abc")
QUEUE, BUCKET, HOST = Peer("sqs", "jobs"), Peer("s3", "files"), Peer("host", "example.com")


def test_a_chain_is_no_cycle() -> None:
    assert cycles({A: {B, QUEUE}, QUEUE: {C}, B: {C, HOST}}) == []


def test_a_cycle_begins_with_its_first_function() -> None:
    assert cycles({B: {QUEUE}, QUEUE: {A}, A: {B}}) == [(A, B, QUEUE)]


def test_a_function_that_calls_itself() -> None:
    assert cycles({A: {A, B}}) == [(A,)]


def test_the_shortest_way_round_is_named() -> None:
    assert cycles({A: {B, C}, B: {A}, C: {B}}) == [(A, B)]


def test_two_groups_are_two_cycles() -> None:
    assert cycles({A: {B}, B: {A, C}, C: {QUEUE}, QUEUE: {C}}) == [(A, B), (C, QUEUE)]


def test_a_bucket_that_is_read_by_whom_it_invokes_is_no_cycle() -> None:
    assert cycles({BUCKET: {A}, A: {BUCKET}}) == []


TABLE = Peer("dynamodb", "orders")


def test_what_may_be_written_to_whom_it_came_from_is_a_possible_cycle() -> None:
    assert possible_cycles({BUCKET: {A}, A: {BUCKET}}) == [(A, BUCKET)]
    assert possible_cycles({BUCKET: {B}, B: {A}, A: {BUCKET}}) == [(A, BUCKET, B)]


def test_a_table_without_a_stream_is_no_cycle() -> None:
    assert possible_cycles({A: {TABLE, BUCKET}, B: {TABLE}, BUCKET: {B}}) == []


def test_each_carrier_has_its_own_way_round_whatever_else_goes_round() -> None:
    calls = {A: {BUCKET, TABLE, QUEUE}, BUCKET: {A}, TABLE: {A}, QUEUE: {A}}
    assert possible_cycles(calls) == [(A, TABLE), (A, BUCKET)]
    assert cycles(calls) == [(A, QUEUE)]


def test_nameless_services_lead_nowhere() -> None:
    for kind in ("sqs", "s3"):
        anything = Peer(kind)
        assert cycles({anything: {A}, A: {anything}}) == []
        assert possible_cycles({anything: {A}, A: {anything}}) == []


def test_thousands_of_functions_in_a_row_are_no_problem() -> None:
    row = [Peer("function", f"f{number:05}") for number in range(5000)]
    calls = {a: {b} for a, b in zip(row, [*row[1:], row[0]], strict=True)}
    (way,) = cycles(calls)
    assert list(way) == row


peers = st.sampled_from([Peer("function", name) for name in "abcdef"])


@given(st.dictionaries(peers, st.frozensets(peers)))
def test_every_cycle_is_one(calls: dict[Peer, frozenset[Peer]]) -> None:
    for way in cycles(calls):
        for caller, callee in zip(way, (*way[1:], way[0]), strict=True):
            assert callee in calls[caller]
        assert len(set(way)) == len(way)
