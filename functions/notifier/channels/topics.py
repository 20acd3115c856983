"""Publishing messages to the SNS topics that people and machines subscribe to.

A message may go to two topics: the one of its route, and the one of the chats. Each is a place of
its own, rendered and published by a call of its own, so that whoever writes down what was told
writes it down for each: where the second fails, a retry does not repeat the first.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from functions.shared.alerting.formats.attributes import attributes
from functions.shared.alerting.formats.body import sns_body
from functions.shared.alerting.formats.chat import chat
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.subject import subject
from functions.shared.alerting.notification import Notification
from functions.shared.routing import MAIN

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

CHAT: Final = "#chat"
"""The place of the chats; no route can be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message as one topic gets it.

    Attributes:
        topic: ARN of the topic.
        body: What is published.
        subject: Subject of an e-mail; empty where nobody gets one.
        is_structured: Whether the body holds a text for each protocol.
        attributes: What filter policies select by; several values become an array.
    """

    topic: str
    body: str
    subject: str = ""
    is_structured: bool = False
    attributes: Mapping[str, str | tuple[str, ...]]

    def to_json(self) -> str:
        """Serialise for the state table; `from_json` reads it back without loss.

        The body is compressed: with its quotation marks escaped once more, one at the limit of SNS
        would not fit into an item of DynamoDB (400 KB).
        """
        packed = base64.b64encode(zlib.compress(self.body.encode())).decode()
        document = {
            "topic": self.topic,
            "subject": self.subject,
            "is_structured": self.is_structured,
            "attributes": dict(self.attributes),
            "body": packed,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        document = json.loads(text)
        body = zlib.decompress(base64.b64decode(document.pop("body"))).decode()
        values = {
            name: value if isinstance(value, str) else tuple(value)
            for name, value in document.pop("attributes").items()
        }
        return cls(body=body, attributes=values, **document)


class Topics:
    """The main topic, the topics of the routes, and the one of the chats."""

    def __init__(
        self, client: "SNSClient", main: str, routes: Mapping[str, str], chat: str = ""
    ) -> None:
        """Remember where to publish.

        Args:
            client: Client of SNS.
            main: ARN of the main topic.
            routes: ARNs of the routes' topics, by the route's name.
            chat: ARN of the chats' topic, empty where there is none.
        """
        self._client = client
        self._topics = {MAIN: main, **routes} | ({CHAT: chat} if chat else {})

    def places(self, route: str) -> tuple[str, ...]:
        """Where a message on a route goes; each is rendered and published on its own.

        A route without a topic leads to the main one: better told there than not at all.
        """
        first = route if route in self._topics else MAIN
        return (first, CHAT) if CHAT in self._topics else (first,)

    def address(self, place: str) -> str:
        """The ARN of a place's topic; `KeyError` where there is no such place."""
        return self._topics[place]

    def render(self, notification: Notification, context: Context, place: str) -> Outgoing:
        """Put a message into the form that a place wants.

        Args:
            notification: The message.
            context: What its links need.
            place: One of `places`.

        Raises:
            KeyError: There is no such place.
        """
        topic = self.address(place)
        if place == CHAT:
            return Outgoing(
                topic=topic,
                body=json.dumps(chat(notification, context), ensure_ascii=False),
                attributes=attributes(notification),
            )
        return Outgoing(
            topic=topic,
            body=sns_body(notification, context),
            subject=subject(notification),
            is_structured=True,
            attributes=attributes(notification),
        )

    def publish(self, outgoing: Outgoing) -> None:
        """Publish a message to its topic.

        Raises:
            ClientError: SNS did not take it; nobody was told.
            BotoCoreError: SNS was not reached, or its answer did not arrive: then people may have
                been told, and a repetition tells them again.
        """
        self._client.publish(
            TopicArn=outgoing.topic,
            Message=outgoing.body,
            MessageAttributes=_attributes(outgoing.attributes),
            **({"Subject": outgoing.subject} if outgoing.subject else {}),
            **({"MessageStructure": "json"} if outgoing.is_structured else {}),
        )


def _attributes(
    values: Mapping[str, str | tuple[str, ...]],
) -> "dict[str, MessageAttributeValueTypeDef]":
    """The attributes as SNS wants them.

    SNS refuses a message with an empty attribute (SNS developer guide, "Message attributes"), so
    an empty one is left out.
    """
    return {name: _attribute(value) for name, value in values.items() if value}


def _attribute(value: str | tuple[str, ...]) -> "MessageAttributeValueTypeDef":
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(value, ensure_ascii=False)}
