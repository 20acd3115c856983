"""The tag-enforcer: who owns a function, and when must it be gone?"""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.shared.config import QuarantineReason, WardenConfig
from functions.shared.events.message_types import MessageType
from stacks import event_patterns
from stacks.alerting import Alerting
from stacks.deployed_policy import DeployedPolicy
from stacks.guard_requests import quarantine_reach
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.target import Target
from stacks.work_queue import WorkQueue

_LONGEST_QUIET_GRACE: Final = 180
"""Minutes. A message waits in SQS for at most 15 minutes, so a longer grace period takes it
through the queue repeatedly; Lambda ends such a loop after about 16 rounds unless told that it is
meant (Lambda developer guide, "Use Lambda recursive loop detection")."""


class TagEnforcer(QueuedPart):
    """The tag-enforcer with its queue; feed it with a `ChangeFeed`.

    Attributes:
        policy: What it judges by, until somebody uploads another.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        guard_queue: WorkQueue | None = None,
        target: Target | None = None,
    ) -> None:
        """Make the queue and the function; `config.policy` names what it judges by.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            alerting: Where it writes down what it found.
            guard_queue: Where it asks for expired functions to be stopped, if policy wants that.
            target: Where it runs; a real account where none is given.

        Raises:
            ConfigError: Policy wants that, and there is no guard; or the policy is wrong.
        """
        requests = quarantine_reach(QuarantineReason.LIFECYCLE, config, guard_queue)
        super().__init__(
            scope,
            id,
            part=Part.TAG_ENFORCER,
            config=config,
            timeout=Duration.minutes(3),
            late_after=Duration.minutes(60),
            target=target,
        )
        self.policy = DeployedPolicy(self, "Policy", config=config)
        self.consume_with(
            "Enforce",
            "Checks the tags of functions against the tag policy",
            reach=alerting.reach | requests | self.policy.reach,
            memory_mib=512,
            at_once=2,
            recursive_loop=(
                lambda_.RecursiveLoop.ALLOW
                if config.tags.grace_minutes > _LONGEST_QUIET_GRACE
                else None
            ),
        )
        self.hear(
            "PolicyUploads",
            "A policy that was uploaded or taken away",
            event_patterns.changed_policy(alerting.artifacts.bucket.bucket_name),
        )
        self.remind(
            "PolicyReview",
            MessageType.POLICY_REVIEW,
            "Makes the tag-enforcer tell of exemptions that have ended",
            events.Schedule.rate(Duration.days(1)),
        )
        self.remind(
            "LifecycleReview",
            MessageType.LIFECYCLE_REVIEW,
            "Makes the tag-enforcer look at which functions are still called",
            events.Schedule.rate(Duration.days(1)),
        )
