"""Chats, Opsgenie and any web server as subscribers of the bus of alerts.

Bodies are built of safe fields only (docs/routing.md, "Another pager"): words of fixed lists,
digests, and the summary, which has neither quotation marks nor backslashes.
"""

from dataclasses import replace
from typing import Any, Final

from aws_cdk import aws_events as events
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from functions.shared.alerting.notification import TO_PEOPLE, AlertEvent
from functions.shared.events.message_types import WARDEN_SOURCE
from stacks.bus_subscriber import BusSubscriber, Wanted, field
from stacks.pager_duty import ACKNOWLEDGES, RESOLVES, TRIGGERS

OPSGENIE: Final = "https://api.opsgenie.com/v2/alerts"
"""Opsgenie's Alert API; accounts in its EU region have https://api.eu.opsgenie.com/v2/alerts."""

_PRIORITIES: Final = {"critical": "P1", "high": "P2", "medium": "P3", "low": "P4", "info": "P5"}
_TO_CHATS: Final = (*TO_PEOPLE, AlertEvent.ACKNOWLEDGED, AlertEvent.UNMUTED)
_PER_SECOND: Final = 1
"""Slack API documentation, "Rate limits": one message a second for an incoming webhook."""


class Chat(BusSubscriber):
    """Posts a line for each change of each wanted alert to an incoming webhook.

    Attributes:
        destination: The webhook.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        url: secrets.ISecret,
        wanted: Wanted,
        body: dict[str, Any],
    ) -> None:
        """Attach one channel.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            bus: The bus of alerts.
            url: Secret whose whole text is the webhook's address: who knows it can post there.
            wanted: Which alerts.
            body: What is posted.
        """
        super().__init__(scope, id, bus=bus)
        connection = events.Connection(
            self,
            "Connection",
            description="An incoming webhook, whose address is its own credential",
            # A connection cannot be without credentials.
            authorization=events.Authorization.api_key("X-Sent-By", url.secret_value),
        )
        self.destination = events.ApiDestination(
            self,
            "Webhook",
            connection=connection,
            # CloudFormation resolves the reference when it deploys; the template has no address.
            endpoint=url.secret_value.unsafe_unwrap(),
            http_method=events.HttpMethod.POST,
            rate_limit_per_second=_PER_SECOND,
        )
        self._post(
            "Post",
            "Posts changes of alerts to a channel",
            wanted.opening(_TO_CHATS),
            self.destination,
            body,
        )


class SlackWebhook(Chat):
    """Posts alerts to a Slack channel through an incoming webhook.

    The text is `plain_text`, in which Slack resolves no mention, link or emphasis: titles come from
    functions. For whole messages, with threads and buttons, use the topic for Amazon Q.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        url: secrets.ISecret,
        wanted: Wanted,
    ) -> None:
        """Attach one channel; see `Chat`."""
        lines = "\n".join(_lines())
        text = {"type": "plain_text", "text": lines, "emoji": False}
        body = {"blocks": [{"type": "section", "text": text}]}
        super().__init__(scope, id, bus=bus, url=url, wanted=wanted, body=body)


class TeamsWebhook(Chat):
    """Posts alerts to a Teams channel through a webhook of its Workflows app, as adaptive card."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        url: secrets.ISecret,
        wanted: Wanted,
    ) -> None:
        """Attach one channel; see `Chat`."""
        blocks = [{"type": "TextBlock", "text": line, "wrap": True} for line in _lines()]
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [blocks[0] | {"weight": "Bolder"}, *blocks[1:]],
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        body = {"type": "message", "attachments": [attachment]}
        super().__init__(scope, id, bus=bus, url=url, wanted=wanted, body=body)


class Opsgenie(BusSubscriber):
    """Opens, acknowledges and closes alerts of Opsgenie or of Jira Service Management's alert API.

    The incident's key is the alias: what has one fault is one alert there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        api_key: secrets.ISecret,
        wanted: Wanted = Wanted(severities=("critical", "high")),  # noqa: B008 - it is frozen
        endpoint: str = OPSGENIE,
    ) -> None:
        """Attach one integration.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            bus: The bus of alerts.
            api_key: Secret whose whole text is `GenieKey` and the key of an API integration.
            wanted: Which alerts.
            endpoint: The alert API.
        """
        super().__init__(scope, id, bus=bus)
        connection = events.Connection(
            self,
            "Connection",
            description="The key that Lambda Warden opens alerts of Opsgenie with",
            authorization=events.Authorization.api_key("Authorization", api_key.secret_value),
        )

        def post(id_: str, path: str = "") -> events.ApiDestination:
            return events.ApiDestination(
                self,
                f"{id_}Call",
                connection=connection,
                endpoint=f"{endpoint}{path}",
                http_method=events.HttpMethod.POST,
            )

        create = post("Create")
        for severity in wanted.severities or tuple(_PRIORITIES):
            self._post(
                f"Create-{severity}",
                f"Opens alerts of {severity} severity",
                replace(wanted, severities=(severity,)).opening(TRIGGERS),
                create,
                _opened(_PRIORITIES[severity]),
            )
        for id_, action, pattern in (
            ("Acknowledge", "acknowledge", wanted.following(ACKNOWLEDGES)),
            ("Close", "close", wanted.ending(RESOLVES)),
        ):
            self._post(
                id_,
                f"Has Opsgenie {action} an alert",
                pattern,
                post(id_, f"/*/{action}?identifierType=alias"),
                {"source": "Lambda Warden"},
                path_parameter_values=["$.detail.incident.key"],
            )


class CloudEventsWebhook(BusSubscriber):
    """Posts each change of each wanted alert to a web server as a CloudEvent, muted ones included.

    EventBridge cannot sign what it posts: a connection proves itself by a header, basic
    authentication or OAuth. Whoever needs a signature hangs a function of their own on the bus.

    Attributes:
        destination: The web server.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        endpoint: str,
        authorization: events.Authorization,
        wanted: Wanted = Wanted(),  # noqa: B008 - it is frozen
    ) -> None:
        """Attach one web server.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            bus: The bus of alerts.
            endpoint: Its address, over HTTPS.
            authorization: How EventBridge proves itself there.
            wanted: Which alerts.
        """
        super().__init__(scope, id, bus=bus)
        connection = events.Connection(
            self,
            "Connection",
            description="Where Lambda Warden posts CloudEvents",
            authorization=authorization,
        )
        self.destination = events.ApiDestination(
            self,
            "Server",
            connection=connection,
            endpoint=endpoint,
            http_method=events.HttpMethod.POST,
        )
        self._post(
            "Post",
            "Posts changes of alerts as CloudEvents",
            wanted.everything(),
            self.destination,
            _cloud_event(),
            header_parameters={"Content-Type": "application/cloudevents+json; charset=utf-8"},
        )


def _lines() -> list[str]:
    return [
        f"{field('severity')}, {field('event')}: {field('pager.payload.summary')}",
        f"Rule {field('rule')}. warden alerts {field('fingerprint')}",
    ]


def _opened(priority: str) -> dict[str, Any]:
    return {
        "message": field("pager.payload.summary"),
        "alias": field("incident.key"),
        "description": f"warden alerts {field('fingerprint')}",
        "details": field("pager.payload.custom_details"),
        "entity": field("pager.payload.component"),
        "source": "Lambda Warden",
        "tags": [field("rule"), field("kind"), field("severity")],
        "priority": priority,
    }


def _cloud_event() -> dict[str, Any]:
    """Source: CloudEvents 1.0.2, "Required attributes" and "JSON event format"."""
    return {
        "specversion": "1.0",
        "id": events.EventField.event_id,
        "source": WARDEN_SOURCE,
        "type": f"{WARDEN_SOURCE}.alert.{field('event')}",
        "subject": field("fingerprint"),
        "time": events.EventField.time,
        "datacontenttype": "application/json",
        "data": events.EventField.from_path("$.detail"),
    }
