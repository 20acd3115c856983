"""Everything between a finding and a person: the notifier, its topics, its bus, its clock."""

from collections.abc import Mapping
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
from stacks.permissions.places import Places
from stacks.reminder import remind
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment, queue_places
from stacks.work_queue import WorkQueue

_EVERY: Final = Duration.minutes(1)


class Alerting(Construct):
    """The notifier with its queue, topics and bus. Whoever judges functions needs it.

    Attributes:
        topics: Where people are told.
        bus: Where machines are told.
        state: Table of what is remembered.
        artifacts: Bucket of what is too long to remember.
        queue: The notifier's queue.
        function: The notifier.
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
        super().__init__(scope, id)
        self.state, self.artifacts = state, artifacts
        self.topics = AlertTopic(
            self,
            "Topics",
            emails=config.alert_emails,
            policy=config.notifications,
            prefix=config.name_prefix,
        )
        self.bus = AlertBus(self, "Bus", prefix=config.name_prefix)
        timeout = Duration.minutes(5)
        self.queue = WorkQueue(self, "Work", timeout=timeout)
        self.function = WardenFunction(
            self,
            "Notify",
            part=Part.NOTIFIER,
            description="Tells people and machines of alerts",
            config=config,
            target=target or Target.aws(),
            places=self.places(
                config,
                **queue_places(self.queue),
                topics=tuple(self.topics.arns),
                bus=self.bus.bus.event_bus_arn,
            ),
            memory_mib=512,
            timeout=timeout,
            environment={
                **self.environment,
                **queue_environment(self.queue),
                **self.topics.environment,
                "WARDEN_ALERT_BUS": self.bus.bus.event_bus_name,
            },
        )
        self.function.consume(self.queue, at_once=2)
        remind(
            self,
            "Clock",
            MessageType.NOTIFIER_CLOCK,
            "Makes the notifier look for reminders, and for news whose nudge was lost",
            queue=self.queue,
            schedule=events.Schedule.rate(_EVERY),
        )
        NotifierClocks(self, "Clocks", policy=config.notifications, queue=self.queue)

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables of every function that writes alerts."""
        return {
            "WARDEN_TABLE": self.state.table.table_name,
            "WARDEN_BUCKET": self.artifacts.bucket.bucket_name,
            "WARDEN_NOTIFIER_QUEUE_URL": self.queue.queue.queue_url,
        }

    def places(self, config: WardenConfig, **more: str | tuple[str, ...]) -> Places:
        """What the permissions of a function that writes alerts name, and more."""
        return Places(
            prefix=config.name_prefix,
            table=self.state.table.table_arn,
            bucket=self.artifacts.bucket.bucket_arn,
            notifier_queue=self.queue.queue.queue_arn,
            **more,  # type: ignore[arg-type] # the dataclass names and checks them
        )
