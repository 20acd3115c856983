"""Publishing messages to the SNS topics that people and machines subscribe to.

A message may go to two topics: the one of its route, and the one of the chats. Each is a place of
its own, published to by a call of its own, so that whoever writes down what was told writes it
down for each: where the second fails, a retry does not repeat the first.

    for place in topics.places(route):
        if place not in already_told:
            topics.publish(notification, context, place)
            write_down(place)
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

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

    def publish(self, notification: Notification, context: Context, place: str) -> None:
        """Publish a message in one place.

        Args:
            notification: The message.
            context: What its links need.
            place: One of `places`.

        Raises:
            ClientError: SNS did not take it; nobody was told there.
            BotoCoreError: SNS was not reached, or its answer did not arrive: then people may have
                been told, and a retry tells them again.
            KeyError: There is no such place.
        """
        topic = self._topics[place]
        if place == CHAT:
            self._client.publish(
                TopicArn=topic,
                Message=json.dumps(chat(notification, context), ensure_ascii=False),
                MessageAttributes=message_attributes(notification),
            )
        else:
            self._client.publish(
                TopicArn=topic,
                Subject=subject(notification),
                Message=sns_body(notification, context),
                MessageStructure="json",
                MessageAttributes=message_attributes(notification),
            )


def message_attributes(notification: Notification) -> dict[str, "MessageAttributeValueTypeDef"]:
    """The attributes that filter policies select by, as SNS wants them.

    SNS refuses a message with an empty attribute (SNS developer guide, "Message attributes"), so
    an empty one is left out.
    """
    return {name: _attribute(value) for name, value in attributes(notification).items() if value}


def _attribute(value: str | tuple[str, ...]) -> "MessageAttributeValueTypeDef":
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(value, ensure_ascii=False)}
