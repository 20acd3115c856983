"""Who hears of alerts over HTTPS: what a pager, a chat or any web server has in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.shared.alerting.notification import AlertEvent
from stacks import event_patterns
from stacks.work_queue import DeadLetters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alerts a subscriber hears of; an empty condition is met by all of them.

    Attributes:
        severities: Severities.
        owners: Owners; `unknown` where nobody knows.
        environments: Environments, likewise.
        kinds: Kinds of finding.
        rules: Rules.
    """

    severities: Sequence[str] = ()
    owners: Sequence[str] = ()
    environments: Sequence[str] = ()
    kinds: Sequence[str] = ()
    rules: Sequence[str] = ()

    def opening(self, changes: Sequence[AlertEvent]) -> events.EventPattern:
        """Changes of wanted alerts that people are told of."""
        return self._pattern(changes=changes, severities=self.severities)

    def everything(self) -> events.EventPattern:
        """Every change of wanted alerts, muted or not."""
        return self._pattern(severities=self.severities, muted_too=True)

    def following(self, changes: Sequence[AlertEvent]) -> events.EventPattern:
        """Changes whatever the severity, muted or not: both may have changed since the opening."""
        return self._pattern(changes=changes, muted_too=True)

    def ending(self, changes: Sequence[AlertEvent]) -> events.EventPattern:
        """Likewise, where nothing of the incident is open any more with a wanted severity."""
        over = self.severities
        return self._pattern(changes=changes, muted_too=True, incident_over=over)

    def _pattern(self, **more: Any) -> events.EventPattern:
        return event_patterns.alerts(
            owners=self.owners,
            environments=self.environments,
            kinds=self.kinds,
            rules=self.rules,
            **more,
        )


class BusSubscriber(Construct):
    """Posts events of the bus of alerts; what is not taken waits in a dead-letter queue.

    Attributes:
        dead_letters: Where events end that the other side did not take.
    """

    def __init__(self, scope: Construct, id: str, *, bus: events.IEventBus) -> None:  # noqa: A002 - CDK's own name for it
        """Make the queue of what was not taken."""
        super().__init__(scope, id)
        self.dead_letters = DeadLetters(self, "DeadLetters").queue
        self._bus = bus

    def undelivered(self) -> cloudwatch.Metric:
        """Events that were not taken; an alarm on it tells that nobody hears."""
        return self.dead_letters.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(5), statistic="Maximum"
        )

    def _post(
        self,
        id_: str,
        description: str,
        pattern: events.EventPattern,
        destination: events.IApiDestination,
        body: dict[str, Any],
        **parameters: Any,
    ) -> None:
        """Post a body for each event that a pattern lets through."""
        target = targets.ApiDestination(
            destination,
            dead_letter_queue=self.dead_letters,
            event=events.RuleTargetInput.from_object(body),
            **parameters,
        )
        events.Rule(
            self,
            id_,
            event_bus=self._bus,
            description=description,
            event_pattern=pattern,
            targets=[target],
        )


def field(path: str) -> str:
    """A field of the alert's event, inserted as it is."""
    return events.EventField.from_path(f"$.detail.{path}")
