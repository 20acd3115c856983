"""The clocks of what the notifier does besides telling of alerts: digests, and counting."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import NotificationPolicy
from functions.shared.events.message_types import MessageType
from stacks.reminder import remind
from stacks.work_queue import WorkQueue


class NotifierClocks(Construct):
    """Has digests sent when they fall due, and what is open counted every hour."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        policy: NotificationPolicy,
        queue: WorkQueue,
    ) -> None:
        """Make the clocks.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            policy: Says how often digests are wanted, and at which hour.
            queue: The notifier's queue.
        """
        super().__init__(scope, id)
        remind(
            self,
            "Hour",
            MessageType.NOTIFIER_HOUR,
            "Makes the notifier count what is open",
            queue=queue,
            schedule=events.Schedule.rate(Duration.hours(1)),
        )
        if policy.digest != "off":
            weekly = {"week_day": "MON"} if policy.digest == "weekly" else {}
            remind(
                self,
                "Digest",
                MessageType.DIGEST_DUE,
                "Makes the notifier send the digests",
                queue=queue,
                schedule=events.Schedule.cron(minute="0", hour=str(policy.digest_hour), **weekly),
            )
