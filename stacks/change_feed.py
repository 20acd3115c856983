"""From the default event bus to the queues of the consumers."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from constructs import Construct

from stacks import event_patterns
from stacks.warden_function import WardenFunction
from stacks.work_queue import WorkQueue


class ChangeFeed(Construct):
    """Rules that put every change of a function into the queue of each consumer.

    EventBridge allows five targets a rule; a sixth consumer needs a second feed.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        changes_to: Sequence[WorkQueue],
        own: Sequence[WardenFunction] = (),
    ) -> None:
        """Make the rules.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            changes_to: Queues for changes, as CloudTrail and Lambda itself report them.
            own: Functions whose own calls are no changes.
        """
        super().__init__(scope, id)
        self._rule(
            "ApiCalls",
            "Changes of functions, recorded by CloudTrail",
            event_patterns.api_calls([function.role.role_arn for function in own]),
            changes_to,
        )
        self._rule(
            "StateEvents",
            "Changes of functions, told by Lambda itself",
            event_patterns.state_events(),
            changes_to,
        )

    def _rule(
        self, id_: str, description: str, pattern: events.EventPattern, to: Sequence[WorkQueue]
    ) -> None:
        events.Rule(
            self,
            id_,
            description=description,
            event_pattern=pattern,
            targets=[queue.as_target() for queue in to],
        )
