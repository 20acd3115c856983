"""What X-Ray's answers say about functions."""

import json
from datetime import timedelta

from demo.local_aws.xray.graph import service_graph
from demo.local_aws.xray.segment import read_segment
from demo.local_aws.xray.trace import Trace
from functions.anomaly_detector.flows.service_graph import parts_of, traced
from functions.shared.flows.edge import Direction, Sighting, Tally, Window
from functions.shared.flows.peer import Peer
from functions.shared.flows.times import NO_TIMES, Times
from tests.unit.anomaly_detector.flows.graphs import HOME, graph, seen
from tests.unit.conftest import NOW

HOUR = Window(NOW, NOW + timedelta(hours=1))


def peers(sightings: object, name: str, direction: Direction) -> set[Peer]:
    assert isinstance(sightings, dict)
    found: list[Sighting] = sightings.get(name, [])
    return {one.peer for one in found if one.direction is direction}


def test_the_two_services_of_a_function_are_one() -> None:
    shown = seen([("client:", "fn:orders"), ("fn:orders", "remote:api.example.com")], HOUR)
    assert peers(shown.sightings, "orders", Direction.CALLER) == {Peer("client")}
    assert peers(shown.sightings, "orders", Direction.CALLEE) == {Peer("host", "api.example.com")}
    assert shown.functions == {"orders"}


def test_a_function_that_calls_itself_calls() -> None:
    shown = seen([("fn:orders", "fn:orders")], HOUR)
    assert peers(shown.sightings, "orders", Direction.CALLER) == {Peer("function", "orders")}
    assert peers(shown.sightings, "orders", Direction.CALLEE) == {Peer("function", "orders")}


def test_answers_for_several_parts_are_added_up() -> None:
    calls = [("client:", "fn:orders")]
    answers = [graph(calls, NOW, count=3, faults=1), graph(calls, NOW + timedelta(minutes=30))]
    shown = traced(answers, HOUR, HOME)
    (one,) = shown.sightings["orders"]
    assert one.tally == Tally(13, 1, 1300)
    assert (one.first, one.last) == (NOW, NOW + timedelta(minutes=31))


def test_how_long_calls_take_is_told_of_callees() -> None:
    calls = [("client:", "fn:orders"), ("fn:orders", "remote:api.example.com")]
    answers = [graph(calls, NOW, count=3), graph(calls, NOW, seconds=2.0)]
    shown = traced(answers, HOUR, HOME)
    assert [(one.direction, one.times) for one in shown.sightings["orders"]] == [
        (Direction.CALLER, NO_TIMES),
        (Direction.CALLEE, Times.of([(0.1, 3), (2.0, 10)])),
    ]
    bare = graph(calls, NOW)
    for service in bare:
        for one in service["Edges"]:
            del one["ResponseTimeHistogram"]
    seen_so = traced([bare], HOUR, HOME).sightings["orders"]
    assert all(one.times == NO_TIMES for one in seen_so)


def test_times_outside_of_the_window_are_drawn_into_it() -> None:
    shown = traced([graph([("client:", "fn:orders")], NOW - timedelta(days=1))], HOUR, HOME)
    (one,) = shown.sightings["orders"]
    assert (one.first, one.last) == (NOW, NOW)


def test_functions_of_other_accounts_are_peers_only() -> None:
    services = graph([("fn:theirs", "fn:orders")], NOW)
    for service in services:
        if service["Name"] == "theirs":
            service["AccountId"] = "999999999999"
    shown = traced([services], HOUR, HOME)
    assert list(shown.sightings) == ["orders"]
    assert peers(shown.sightings, "orders", Direction.CALLER) == {
        Peer("function", "999999999999:theirs")
    }


def test_an_edge_to_nowhere_and_a_hostile_name_do_no_harm() -> None:
    services = graph([("client:", "fn:orders")], NOW)
    services[0]["Edges"].append({"ReferenceId": 99})
    services.append({"ReferenceId": 7, "Name": "x y\n", "Type": "AWS::Lambda::Function"})
    services.append({})
    shown = traced([services], HOUR, HOME)
    assert set(shown.sightings) == {"orders"}
    assert shown.functions == {"orders"}


def test_long_windows_are_read_in_parts_that_xray_answers() -> None:
    parts = list(parts_of(Window(NOW, NOW + timedelta(hours=13))))
    assert [part.until - part.since for part in parts] == [
        timedelta(hours=6), timedelta(hours=6), timedelta(hours=1),
    ]  # fmt: skip
    assert list(parts_of(Window(NOW, NOW))) == []


def test_the_graph_of_the_embedded_aws_is_understood() -> None:
    trace = Trace("1")
    for number, parent, name, origin in (
        ("1", "", "a", "AWS::Lambda::Function"),
        ("2", "1", "b", "AWS::Lambda"),
        ("3", "2", "b", "AWS::Lambda::Function"),
    ):
        document = {
            "id": number * 16,
            "parent_id": parent * 16,
            "trace_id": f"1-{int(NOW.timestamp()):08x}-{'a' * 24}",
            "name": name,
            "origin": origin,
            "start_time": NOW.timestamp(),
            "end_time": NOW.timestamp() + 1,
        }
        trace.add(read_segment(json.dumps(document)))
    services = service_graph([trace], HOME.account)
    for service in services:
        service.pop("StartTime")
        service.pop("EndTime")
        for edge in service["Edges"]:
            edge.pop("StartTime")
            edge.pop("EndTime")
    shown = traced([services], HOUR, HOME)  # type: ignore[list-item]
    assert peers(shown.sightings, "b", Direction.CALLER) == {Peer("function", "a")}
    assert peers(shown.sightings, "a", Direction.CALLEE) == {Peer("function", "b")}
