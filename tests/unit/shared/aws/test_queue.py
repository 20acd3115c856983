"""A batch: each message on its own, none lost in silence, no payload in the log."""

import io
import json
from typing import Any

from functions.shared.aws.queue import consume
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from tests.unit.conftest import World
from tests.unit.shared.events import native, sqs_batch

SECRET = "s3cret-payload"
GOOD = json.dumps(native("good", {"functionName": "orders"}))
BAD = json.dumps(native("bad", {"note": SECRET}))


def work(world: World, *bodies: str, deliveries: int = 1) -> tuple[list[str], list[str]]:
    """Consume a batch; returns what was handled and the ids of what shall come again."""
    handled: list[str] = []

    def handle(envelope: Envelope) -> None:
        if envelope.detail_type == "bad":
            raise KeyError(envelope.detail["note"])
        if envelope.detail_type == "odd":
            raise MalformedEventError("detail.x: expected y", found=SECRET)
        handled.append(envelope.detail_type)

    answer = consume(
        sqs_batch(*bodies, deliveries=deliveries),
        handle,
        settings=world.warden.settings,
        sqs=world.warden.aws.sqs,
    )
    return handled, [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def dead(world: World) -> list[tuple[str, dict[str, str]]]:
    return world.drain_with_attributes(world.warden.settings.dead_letter_url)


def test_a_message_that_cannot_be_understood_is_set_aside_and_the_rest_goes_on(
    world: World, log: io.StringIO
) -> None:
    poison = f"{{{SECRET}"
    assert work(world, GOOD, poison, GOOD) == (["good", "good"], [])
    [(body, attributes)] = dead(world)
    assert body == poison
    assert attributes["MessageId"] == "m1"
    assert attributes["Reason"].startswith("body: not JSON")
    assert "body: not JSON" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_message_whose_handling_fails_comes_again(world: World, log: io.StringIO) -> None:
    assert work(world, BAD, GOOD) == (["good"], ["m0"])
    assert dead(world) == []
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [failure] = [line for line in lines if line.get("message") == "message failed"]
    assert failure["error"] == "KeyError"
    assert failure["at"].startswith("test_queue.py:")
    assert SECRET not in json.dumps(lines)


def test_the_last_delivery_is_set_aside_with_its_reason(world: World, log: io.StringIO) -> None:
    assert work(world, BAD, GOOD, deliveries=4) == (["good"], [])
    [(body, attributes)] = dead(world)
    assert body == BAD
    assert "failed 4 times, last with KeyError" in attributes["Reason"]
    assert attributes["Part"]
    assert attributes["Function"] == "unknown"
    assert SECRET in attributes["Reason"], "whoever redrives it may know"
    assert "failed 4 times, last with KeyError" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_fault_found_by_a_handler_is_logged_without_what_was_found(
    world: World, log: io.StringIO
) -> None:
    work(world, json.dumps(native("odd", {})))
    out = log.getvalue()
    assert "detail.x: expected y" in out
    assert SECRET not in out
    [(_, attributes)] = dead(world)
    assert SECRET in attributes["Reason"]


def test_what_cannot_be_set_aside_comes_again(world: World) -> None:
    settings = world.warden.settings.model_copy(update={"dead_letter_url": "https://sqs/none"})

    def handle(_: Envelope) -> None:
        raise AssertionError

    batch = sqs_batch("{", deliveries=4)
    answer: Any = consume(batch, handle, settings=settings, sqs=world.warden.aws.sqs)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}


def test_a_dead_letter_names_the_function_that_it_is_about(world: World) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
    by_arn = json.dumps(native("bad", {"functionArn": f"{arn}:7", "note": SECRET}))
    by_name = json.dumps(native("bad", {"requestParameters": {"functionName": "checkout"}}))
    work(world, by_arn, by_name, deliveries=4)
    assert [attributes["Function"] for _, attributes in dead(world)] == [arn, "checkout"]


def test_what_ended_the_process_each_time_is_set_aside_with_function_and_part(
    world: World,
) -> None:
    """A message that crashes the function, or takes all its time, never comes to an error."""
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
    killer = json.dumps({"source": "x", "detail-type": "x", "detail": {"functionArn": arn}})
    assert work(world, killer, deliveries=5) == ([], [])
    [(body, attributes)] = dead(world)
    assert (body, attributes["Function"]) == (killer, arn)
    assert attributes["Part"]
    assert "delivered 4 times without an end" in attributes["Reason"]
