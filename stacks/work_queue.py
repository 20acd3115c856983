"""The queue in front of a consumer."""

from collections.abc import Iterable
from typing import Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.reach import Reach

MAX_RECEIVES: Final = 4
"""Deliveries of a message before its consumer sets it aside, with its reason."""

_MORE_RECEIVES: Final = 3
"""Further deliveries before SQS does, which knows no reason, no part and no function.

The consumer uses the first of them to set aside what ended its process each time; the others are
for a process that ends before it gets that far.
"""

_VISIBILITY_TIMES_TIMEOUT: Final = 6
"""Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping"."""

_KEPT: Final = Duration.days(14)


class DeadLetters(Construct):
    """A queue that nobody consumes: what ends here waits two weeks for a person."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Make the queue."""
        super().__init__(scope, id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_KEPT,
        )
        Validations.of(self.queue).acknowledge(
            Acknowledgment(
                id="AwsSolutions-SQS3",
                reason="This is a dead-letter queue; nothing consumes it that could fail.",
            )
        )


class WorkQueue(Construct):
    """A queue with its dead-letter queue, both encrypted at rest and on the way.

    It buffers bursts of deployments, lets a consumer fail on one message without losing the
    others, and keeps what could not be handled, from where it can be redriven.
    """

    def __init__(self, scope: Construct, id: str, *, timeout: Duration) -> None:  # noqa: A002 - CDK's own name for it
        """Make both queues.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            timeout: Timeout of the function that consumes the queue.
        """
        super().__init__(scope, id)
        self.dead_letters = DeadLetters(self, "DeadLetters").queue
        self.visibility = Duration.seconds(timeout.to_seconds() * _VISIBILITY_TIMES_TIMEOUT)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=self.visibility,
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MAX_RECEIVES + _MORE_RECEIVES
            ),
        )

    def take_only_from(self, roles: Iterable[iam.IRole], others: Iterable[str] = ()) -> None:
        """Take messages from these roles and from AWS's own services, whatever others may do.

        Services still need a permission of their own here, which each rule that has the queue as
        its target brings along. To be called once; both are of the form that `aws:PrincipalArn`
        has for sessions of a role, so that no session's name can look like another role.

        Args:
            roles: The roles of Warden's functions that write to the queue.
            others: ARNs or patterns of principals beside them.
        """
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OnlyWardenSends",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "ArnNotLike": {
                        "aws:PrincipalArn": [*(role.role_arn for role in roles), *others]
                    },
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            )
        )

    @property
    def consumers_reach(self) -> Reach:
        """What the function that consumes it works with."""
        return Reach(
            {"queue": self.queue.queue_arn, "dead_letters": self.dead_letters.queue_arn},
            {
                "WARDEN_QUEUE_URL": self.queue.queue_url,
                "WARDEN_QUEUE_ARN": self.queue.queue_arn,
                "WARDEN_DEAD_LETTER_URL": self.dead_letters.queue_url,
                "WARDEN_MAX_RECEIVES": str(MAX_RECEIVES),
                "WARDEN_VISIBILITY_SECONDS": str(self.visibility.to_seconds()),
            },
        )

    def as_target(self, message: events.RuleTargetInput | None = None) -> targets.SqsQueue:
        """The queue as the target of a rule; what EventBridge cannot deliver is set aside, too.

        Args:
            message: What is sent; None for the event itself.
        """
        return targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letters, message=message)


def changes_reach(queues: Iterable[WorkQueue]) -> Reach:
    """What a function works with that tells others of functions, by their queues."""
    every = tuple(queues)
    if not every:
        return Reach()
    return Reach(
        {"change_queues": tuple(one.queue.queue_arn for one in every)},
        {"WARDEN_CHANGE_QUEUE_URLS": ",".join(one.queue.queue_url for one in every)},
    )
