"""Messages for people: each topic gets the form that its readers want, and the attributes."""

import base64
import json
import random
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st

from functions.notifier.channels.topics import CHAT, Outgoing, Topics
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.routing import MAIN
from functions.shared.core.severity import Severity
from tests.unit.conftest import ACCOUNT, NOW, REGION, World
from tests.unit.notifier.notices import message, notice

CONTEXT = Context(now=NOW)
ITEM = 400 * 1024
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"


@dataclass
class Readers:
    """Topics with a queue behind each."""

    world: World
    topics: Topics

    def got(self, name: str) -> list[dict[str, Any]]:
        """What arrived in a queue since the last look, as SNS wraps it."""
        return [json.loads(body) for body in self.world.drain(self._queue(name))]

    def _queue(self, name: str) -> str:
        sqs = self.world.warden.aws.sqs
        return sqs.get_queue_url(QueueName=f"{name}-readers")["QueueUrl"]


@pytest.fixture
def readers(world: World) -> Readers:
    aws = world.warden.aws
    arns = {}
    for name in ("main", "payments", "chat"):
        arns[name] = aws.sns.create_topic(Name=name)["TopicArn"]
        aws.sqs.create_queue(QueueName=f"{name}-readers")
        endpoint = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}-readers"
        aws.sns.subscribe(TopicArn=arns[name], Protocol="sqs", Endpoint=endpoint)
    routes = {"payments": arns["payments"]}
    return Readers(world, Topics(aws.sns, arns["main"], routes, arns["chat"]))


def tell(readers: Readers, place: str, *notices: Any) -> None:
    topics = readers.topics
    topics.publish(topics.render(message(*notices), CONTEXT, place))


def test_a_route_leads_to_its_topic_and_to_the_chats(readers: Readers) -> None:
    assert readers.topics.places("payments") == ("payments", CHAT)
    assert readers.topics.places(MAIN) == (MAIN, CHAT)


def test_a_route_without_a_topic_leads_to_the_main_one(world: World) -> None:
    topics = Topics(world.warden.aws.sns, "arn:main", {})
    assert topics.places("forgotten") == (MAIN,)


def test_a_place_is_told_once_and_no_other_is(readers: Readers) -> None:
    tell(readers, "payments")
    assert len(readers.got("payments")) == 1
    assert readers.got("main") == []
    assert readers.got("chat") == []


def test_a_mailbox_gets_a_subject_and_a_machine_the_whole_document(readers: Readers) -> None:
    tell(readers, MAIN, notice("checkout"), notice("orders"))
    (got,) = readers.got("main")
    assert "2 functions" in got["Subject"]
    names = [one["function"]["name"] for one in json.loads(got["Message"])["alerts"]]
    assert names == ["checkout", "orders"]


def test_a_chat_gets_the_form_that_it_shows(readers: Readers) -> None:
    tell(readers, CHAT)
    (got,) = readers.got("chat")
    assert json.loads(got["Message"])["source"] == "custom"
    assert "Subject" not in got


def test_what_all_alerts_share_is_text_and_what_differs_is_an_array(readers: Readers) -> None:
    tell(readers, MAIN, notice("checkout"), notice("orders", severity=Severity.CRITICAL))
    (got,) = readers.got("main")
    attributes = got["MessageAttributes"]
    assert attributes["owner"] == {"Type": "String", "Value": "payments"}
    assert attributes["severity"]["Type"] == "String.Array"
    assert set(json.loads(attributes["severity"]["Value"])) == {"critical", "high"}
    assert attributes["function"]["Type"] == "String.Array"
    assert set(json.loads(attributes["function"]["Value"])) == {"checkout", "orders"}


def test_an_empty_attribute_does_not_stop_a_message(readers: Readers) -> None:
    arn = readers.topics.render(message(), CONTEXT, MAIN).topic
    attributes: dict[str, str | tuple[str, ...]] = {"owner": "", "function": (), "severity": "high"}
    readers.topics.publish(Outgoing(arn, "{}", attributes))
    (got,) = readers.got("main")
    assert set(got["MessageAttributes"]) == {"severity"}


def test_a_message_that_sns_does_not_take_is_no_message(world: World) -> None:
    topics = Topics(world.warden.aws.sns, TOPIC, {})
    outgoing = topics.render(message(), CONTEXT, MAIN)
    with Stubber(world.warden.aws.sns) as stub:
        stub.add_client_error("publish", "InternalError", expected_params=_any_publication())
        with pytest.raises(ClientError, match="InternalError"):
            topics.publish(outgoing)


def _any_publication() -> dict[str, Any]:
    names = ("TopicArn", "Message", "MessageAttributes", "Subject", "MessageStructure")
    return dict.fromkeys(names, ANY)


@given(
    body=st.text(st.characters(exclude_categories=["Cs"])),
    attributes=st.dictionaries(st.text(), st.text() | st.lists(st.text()).map(tuple)),
)
def test_a_message_that_waits_stays_as_it_is(
    body: str, attributes: dict[str, str | tuple[str, ...]]
) -> None:
    outgoing = Outgoing(TOPIC, body, attributes, subject="[HIGH] orders")
    assert Outgoing.from_json(outgoing.to_json()) == outgoing


@pytest.mark.parametrize("kind", ["quotes", "noise"])
def test_the_longest_message_that_sns_takes_can_wait_in_the_table(kind: str) -> None:
    noise = random.Random(1).randbytes(200 * 1024)  # noqa: S311 - no secret
    body = {"quotes": '\\"' * (127 * 1024), "noise": base64.b64encode(noise).decode()[: 255 * 1024]}
    attributes = {"function": tuple(f"function-{number}" for number in range(40))}
    outgoing = Outgoing(TOPIC, body[kind], attributes)
    assert len(outgoing.to_json().encode()) < ITEM - 2048
