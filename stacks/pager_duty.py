"""Paging through PagerDuty: the model of how any other pager is attached to the bus of alerts."""

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import aws_events as events
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from functions.shared.alerting.notification import AlertEvent
from stacks.bus_subscriber import BusSubscriber, Wanted, field

ENDPOINT: Final = "https://events.pagerduty.com/v2/enqueue"
"""PagerDuty's Events API v2; accounts in its EU region have https://events.eu.pagerduty.com/…"""

_PER_SECOND: Final = 2
"""PagerDuty developer documentation, "Events API Rate Limits": some 120 calls a minute and key."""

TRIGGERS: Final = (
    AlertEvent.OPENED,
    AlertEvent.UPDATED,
    AlertEvent.REMINDER,
    AlertEvent.FLAPPING,
    AlertEvent.UNMUTED,
)
ACKNOWLEDGES: Final = (AlertEvent.ACKNOWLEDGED,)
RESOLVES: Final = (AlertEvent.RESOLVED, AlertEvent.WAIVED, AlertEvent.UPDATED)
"""Which change becomes which action. A waiver ends a page: somebody accepted the finding. So does
an update that leaves nothing of the incident urgent."""


class PagerDuty(BusSubscriber):
    """Pages for urgent alerts, acknowledges and resolves the pages again.

    One API destination, and one rule for each action of the Events API v2. The incident's key is
    the `dedup_key`: fifteen functions deployed with one fault are one page, to which each of them,
    and each reminder, adds; it ends when none of them is urgent any more.

    Muted alerts page nobody. Resolutions and acknowledgements are sent whether muted or not and of
    whatever severity: an alert may have been muted, or become less urgent, after it paged, and
    PagerDuty drops what belongs to no open page.

    What could not be delivered waits in a dead-letter queue, and an alarm can be set on it.

    Attributes:
        connection: Holds the routing key.
        destination: PagerDuty's endpoint.
        dead_letters: Where events end that PagerDuty did not take.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        bus: events.IEventBus,
        routing_key: secrets.ISecret,
        severities: Sequence[str] = ("critical", "high"),
        owners: Sequence[str] = (),
        environments: Sequence[str] = (),
        kinds: Sequence[str] = (),
        rules: Sequence[str] = (),
        endpoint: str = ENDPOINT,
    ) -> None:
        """Attach one service of PagerDuty.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            bus: The bus of alerts: `AlertBus.bus`, or a reference to it by name.
            routing_key: Secret whose whole text is the integration key of the service. It is read
                when the stack is deployed; deploy again after a rotation.
            severities: What is worth a page.
            owners: Whose alerts this service is paged for; everybody's where empty.
            environments: Environments that page; all where empty.
            kinds: Kinds of finding that page; all where empty.
            rules: Rules that page; all where empty.
            endpoint: Where events are sent.
        """
        super().__init__(scope, id, bus=bus)
        key = routing_key.secret_value
        self.connection = events.Connection(
            self,
            "Connection",
            description="The routing key that Lambda Warden pages with",
            # A connection cannot be without credentials; PagerDuty reads the key in the body.
            authorization=events.Authorization.api_key("X-Routing-Key", key),
            body_parameters={"routing_key": events.HttpParameter.from_secret(key)},
        )
        self.destination = events.ApiDestination(
            self,
            "EventsApi",
            connection=self.connection,
            description="PagerDuty's Events API v2",
            endpoint=endpoint,
            http_method=events.HttpMethod.POST,
            rate_limit_per_second=_PER_SECOND,
        )
        wanted = Wanted(
            severities=severities,
            owners=owners,
            environments=environments,
            kinds=kinds,
            rules=rules,
        )
        for id_, description, pattern, body in (
            ("Trigger", "Pages somebody", wanted.opening(TRIGGERS), _trigger()),
            (
                "Acknowledge",
                "Tells PagerDuty that somebody works on it",
                wanted.following(ACKNOWLEDGES),
                _follow_up("acknowledge"),
            ),
            ("Resolve", "Ends a page", wanted.ending(RESOLVES), _follow_up("resolve")),
        ):
            self._post(id_, description, pattern, self.destination, body)


def _trigger() -> dict[str, Any]:
    return {
        **_follow_up("trigger"),
        "client": "Lambda Warden",
        "payload": field("pager.payload"),
        "links": field("pager.links"),
    }


def _follow_up(action: str) -> dict[str, Any]:
    return {"event_action": action, "dedup_key": field("incident.key")}
