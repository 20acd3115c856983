"""Events for machines: each sent once, in as few requests as fit, and the untaken ones named."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from functions.notifier.channels.bus import AlertBus, Untaken
from functions.shared.aws.clients import Aws

LIMIT = 256 * 1024


class Bus:
    """A bus that takes what it is told to take, and every request it got."""

    def __init__(self, stub: Stubber, bus: AlertBus) -> None:
        self.bus = bus
        self._stub = stub

    def expect(
        self, details: list[dict[str, Any]], *, refuse: dict[int, str] | None = None
    ) -> None:
        refuse = refuse or {}
        answer = {
            "FailedEntryCount": len(refuse),
            "Entries": [
                {"ErrorCode": refuse[at], "ErrorMessage": "…"} if at in refuse else {"EventId": "1"}
                for at in range(len(details))
            ],
        }
        entries = [
            {
                "EventBusName": "watch-alerts",
                "Source": "lambda.warden",
                "DetailType": "Alert Opened",
                "Detail": json.dumps(detail, ensure_ascii=False),
            }
            for detail in details
        ]
        self._stub.add_response("put_events", answer, {"Entries": entries})

    def fail(self, code: str) -> None:
        self._stub.add_client_error("put_events", code)


@pytest.fixture
def bus(aws: Aws) -> Iterator[Bus]:
    with Stubber(aws.events) as stub:
        yield Bus(stub, AlertBus(aws.events, "watch-alerts"))
        stub.assert_no_pending_responses()


def opened(details: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [("Alert Opened", detail) for detail in details]


def test_nothing_is_asked_for_nothing(bus: Bus) -> None:
    assert bus.bus.send([]) == ()


def test_ten_events_share_a_request(bus: Bus) -> None:
    details = [{"fingerprint": str(number)} for number in range(23)]
    for start in (0, 10, 20):
        bus.expect(details[start : start + 10])
    assert bus.bus.send(opened(details)) == ()


def test_a_request_never_grows_past_the_limit(bus: Bus) -> None:
    big = {"reason": "ä" * (LIMIT // 4)}  # two bytes each
    details = [big, big, {"fingerprint": "small"}]
    bus.expect(details[:1])
    bus.expect(details[1:])
    assert bus.bus.send(opened(details)) == ()


def test_an_event_that_no_request_can_hold_is_named_and_the_others_go_on(bus: Bus) -> None:
    details = [{"a": "x"}, {"a": "x" * LIMIT}, {"a": "y"}]
    bus.expect([details[0], details[2]])
    assert bus.bus.send(opened(details)) == (Untaken(1, "TooLarge", for_good=True),)


def test_an_event_that_the_bus_refuses_is_named(bus: Bus) -> None:
    details = [{"fingerprint": str(number)} for number in range(12)]
    bus.expect(details[:10], refuse={3: "ThrottlingException"})
    bus.expect(details[10:])
    assert bus.bus.send(opened(details)) == (Untaken(3, "ThrottlingException"),)


def test_a_request_that_fails_leaves_its_events_and_no_others(bus: Bus) -> None:
    details = [{"fingerprint": str(number)} for number in range(12)]
    bus.fail("InternalException")
    bus.expect(details[10:], refuse={1: "InternalFailure"})
    untaken = bus.bus.send(opened(details))
    assert [one.index for one in untaken] == [*range(10), 11]
    assert {one.cause for one in untaken} == {"InternalException", "InternalFailure"}
    assert not any(one.for_good for one in untaken)
