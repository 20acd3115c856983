"""Paging through PagerDuty: the model of how any other pager is attached to the bus of alerts."""

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from functions.shared.alerting.notification import AlertEvent
from stacks import event_patterns
from stacks.work_queue import DeadLetters

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
RESOLVES: Final = (AlertEvent.RESOLVED, AlertEvent.WAIVED)
"""Which change becomes which action. A waiver ends a page: somebody accepted the finding."""


class PagerDuty(Construct):
    """Pages for urgent alerts, acknowledges and resolves the pages again.

    One API destination, and one rule for each action of the Events API v2. The alert's fingerprint
    is the `dedup_key`, so a reminder adds to the page that is open instead of opening another.

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
            endpoint: Where events are sent.
        """
        super().__init__(scope, id)
        self.dead_letters = DeadLetters(self, "DeadLetters").queue
        self._bus = bus
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
        self._rule(
            "Trigger",
            "Pages somebody",
            event_patterns.alerts(changes=TRIGGERS, severities=severities, owners=owners),
            _trigger(),
        )
        self._rule(
            "Acknowledge",
            "Tells PagerDuty that somebody works on it",
            event_patterns.alerts(changes=ACKNOWLEDGES, owners=owners, muted_too=True),
            _follow_up("acknowledge"),
        )
        self._rule(
            "Resolve",
            "Ends a page",
            event_patterns.alerts(changes=RESOLVES, owners=owners, muted_too=True),
            _follow_up("resolve"),
        )

    def undelivered(self) -> cloudwatch.Metric:
        """Events that PagerDuty did not take; an alarm on it tells that the pager is silent."""
        return self.dead_letters.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(5), statistic="Maximum"
        )

    def _rule(
        self, id_: str, description: str, pattern: events.EventPattern, body: dict[str, Any]
    ) -> None:
        events.Rule(
            self,
            id_,
            event_bus=self._bus,
            description=description,
            event_pattern=pattern,
            targets=[
                targets.ApiDestination(
                    self.destination,
                    dead_letter_queue=self.dead_letters,
                    event=events.RuleTargetInput.from_object(body),
                )
            ],
        )


def _trigger() -> dict[str, Any]:
    return {
        **_follow_up("trigger"),
        "client": "Lambda Warden",
        "payload": _field("pager.payload"),
        "links": _field("pager.links"),
    }


def _follow_up(action: str) -> dict[str, Any]:
    return {"event_action": action, "dedup_key": _field("fingerprint")}


def _field(path: str) -> str:
    return events.EventField.from_path(f"$.detail.{path}")
