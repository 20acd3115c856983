"""Publishing messages to the SNS topics that people and machines subscribe to.

A message may go to two topics: the one of its route, and the one of the chats. Each is a place of
its own, with a message of its own in the outbox: where one topic fails, a retry repeats nothing in
the other.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from functions.notifier.formats.attributes import attributes
from functions.notifier.formats.body import sns_body
from functions.notifier.formats.chat import chat
from functions.notifier.formats.subject import subject
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.notification import Notification
from functions.shared.alerting.routing import MAIN

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef, PublishInputTypeDef


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as one topic is going to get it.

    Attributes:
        topic: ARN of the topic.
        message: What is published.
        attributes: What filter policies select by.
        subject: Subject of a message that is worded for each protocol; empty for the chats'.
    """

    topic: str
    message: str
    attributes: Mapping[str, str | tuple[str, ...]]
    subject: str = ""

    def to_json(self) -> str:
        """The stored form; `from_json` reads it back without loss.

        The message is compressed: with its quotation marks escaped once more, one at the limit of
        SNS would not fit into an item of DynamoDB (400 KB).
        """
        packed = base64.b64encode(zlib.compress(self.message.encode())).decode()
        return json.dumps(asdict(self) | {"message": packed}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Outgoing":
        """Read what `to_json` wrote."""
        document: dict[str, Any] = json.loads(text)
        document["message"] = zlib.decompress(base64.b64decode(document["message"])).decode()
        marks = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.pop("attributes").items()
        }
        return cls(attributes=marks, **document)


CHAT: Final = "#chat"
"""The place of the chats; no route can be called so."""


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
        """Where a message on a route goes, one `publish` for each.

        A route without a topic leads to the main one: better told there than not at all.
        """
        first = route if route in self._topics else MAIN
        return (first, CHAT) if CHAT in self._topics else (first,)

    def address(self, place: str) -> str:
        """The ARN of a place's topic; `KeyError` where there is no such place."""
        return self._topics[place]

    def render(self, notification: Notification, context: Context, place: str) -> Outgoing:
        """Write a message for one place.

        Args:
            notification: The message.
            context: What its links need.
            place: One of `places`.

        Raises:
            KeyError: There is no such place.
        """
        topic, marks = self._topics[place], attributes(notification)
        if place == CHAT:
            said = json.dumps(chat(notification, context), ensure_ascii=False)
            return Outgoing(topic, said, marks)
        body = sns_body(notification, context)
        return Outgoing(topic, body, marks, subject=subject(notification))

    def publish(self, outgoing: Outgoing) -> None:
        """Publish a message that was written for one place.

        Raises:
            ClientError: SNS did not take it; nobody was told there.
            BotoCoreError: SNS was not reached, or its answer did not arrive: then people may have
                been told, and a retry tells them again.
        """
        request: PublishInputTypeDef = {
            "TopicArn": outgoing.topic,
            "Message": outgoing.message,
            "MessageAttributes": message_attributes(outgoing.attributes),
        }
        if outgoing.subject:
            request |= {"Subject": outgoing.subject, "MessageStructure": "json"}
        self._client.publish(**request)


def message_attributes(
    marks: Mapping[str, str | tuple[str, ...]],
) -> dict[str, "MessageAttributeValueTypeDef"]:
    """The attributes that filter policies select by, as SNS wants them.

    SNS refuses a message with an empty attribute (SNS developer guide, "Message attributes"), so
    an empty one is left out.
    """
    return {name: _attribute(value) for name, value in marks.items() if value}


def _attribute(value: str | tuple[str, ...]) -> "MessageAttributeValueTypeDef":
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(value, ensure_ascii=False)}
