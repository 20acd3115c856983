"""The clock of the digests."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.shared.config import NotificationPolicy
from functions.shared.events.envelope import WARDEN_SOURCE
from stacks.work_queue import WorkQueue

DIGEST_DUE = "Digest Due"
"""Detail-type of the message that makes the notifier send digests."""


class DigestSchedule(Construct):
    """Tells the notifier when digests fall due; makes nothing where nobody wants any."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        policy: NotificationPolicy,
        queue: WorkQueue,
    ) -> None:
        """Make the clock.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            policy: Says how often, and at which hour.
            queue: The notifier's queue.
        """
        super().__init__(scope, id)
        if policy.digest == "off":
            return
        weekly = {"week_day": "MON"} if policy.digest == "weekly" else {}
        message = {"source": WARDEN_SOURCE, "detail-type": DIGEST_DUE, "detail": {}}
        events.Rule(
            self,
            "Clock",
            description="Makes the notifier send the digests",
            schedule=events.Schedule.cron(minute="0", hour=str(policy.digest_hour), **weekly),
            targets=[
                targets.SqsQueue(
                    queue.queue,
                    dead_letter_queue=queue.dead_letters,
                    message=events.RuleTargetInput.from_object(message),
                )
            ],
        )
