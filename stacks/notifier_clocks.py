"""The clocks of what the notifier does besides telling of alerts: digests, and counting."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.shared.alerting.nudge import DIGEST_DUE, HOUR
from functions.shared.config import NotificationPolicy
from functions.shared.events.envelope import WARDEN_SOURCE
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
        self._queue = queue
        self._clock(
            "Hour",
            "Makes the notifier count what is open",
            events.Schedule.rate(Duration.hours(1)),
            HOUR,
        )
        if policy.digest != "off":
            weekly = {"week_day": "MON"} if policy.digest == "weekly" else {}
            self._clock(
                "Digest",
                "Makes the notifier send the digests",
                events.Schedule.cron(minute="0", hour=str(policy.digest_hour), **weekly),
                DIGEST_DUE,
            )

    def _clock(
        self, name: str, description: str, schedule: events.Schedule, detail_type: str
    ) -> None:
        message = {"source": WARDEN_SOURCE, "detail-type": detail_type, "detail": {}}
        events.Rule(
            self,
            name,
            description=description,
            schedule=schedule,
            targets=[
                targets.SqsQueue(
                    self._queue.queue,
                    dead_letter_queue=self._queue.dead_letters,
                    message=events.RuleTargetInput.from_object(message),
                )
            ],
        )
