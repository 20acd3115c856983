"""Everything between a finding and a person: the notifier, its topics, its bus, its clock."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.message_types import MessageType
from stacks.alert_bus import AlertBus
from stacks.alert_topic import AlertTopic
from stacks.artifact_bucket import ArtifactBucket
from stacks.notifier_clocks import NotifierClocks
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.reach import Reach
from stacks.state_table import StateTable
from stacks.target import Target

_EVERY: Final = Duration.minutes(1)


class Alerting(QueuedPart):
    """The notifier with its queue, topics and bus. Whoever judges functions needs it.

    Attributes:
        topics: Where people are told.
        bus: Where machines are told.
        state: Table of what is remembered.
        artifacts: Bucket of what is too long to remember.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        state: StateTable,
        artifacts: ArtifactBucket,
        target: Target | None = None,
    ) -> None:
        """Make all of it; `config.notifications` says when people are told, and where."""
        super().__init__(
            scope,
            id,
            part=Part.NOTIFIER,
            config=config,
            timeout=Duration.minutes(5),
            late_after=Duration.minutes(60),
            target=target,
        )
        self.state, self.artifacts = state, artifacts
        self.topics = AlertTopic(
            self,
            "Topics",
            emails=config.alert_emails,
            policy=config.notifications,
            prefix=config.name_prefix,
            key=config.topic_key,
        )
        self.bus = AlertBus(self, "Bus", prefix=config.name_prefix)
        self.consume_with(
            "Notify",
            "Tells people and machines of alerts",
            reach=self.reach | self.topics.reach | self.bus.reach,
            memory_mib=512,
            at_once=2,
        )
        self.remind(
            "Clock",
            MessageType.NOTIFIER_CLOCK,
            "Makes the notifier look for reminders, and for changes whose nudge was lost",
            events.Schedule.rate(_EVERY),
        )
        NotifierClocks(self, "Clocks", policy=config.notifications, queue=self.queue)

    @property
    def reach(self) -> Reach:
        """What every function that writes alerts works with."""
        notifier = self.queue.queue
        return (
            self.state.reach
            | self.artifacts.reach
            | Reach(
                {"notifier_queue": notifier.queue_arn},
                {"WARDEN_NOTIFIER_QUEUE_URL": notifier.queue_url},
            )
        )
