"""A clock that puts the same message into a queue, again and again."""

from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType
from stacks.work_queue import WorkQueue


def remind(
    scope: Construct,
    id_: str,
    kind: MessageType,
    description: str,
    *,
    queue: WorkQueue,
    schedule: events.Schedule,
) -> None:
    """Make the clock, a rule on the default bus.

    Args:
        scope: Parent construct.
        id_: Name within the parent.
        kind: The message, which says all; its detail is empty.
        description: What it makes somebody do, for the console.
        queue: Where the message goes.
        schedule: When.
    """
    events.Rule(
        scope,
        id_,
        description=description,
        schedule=schedule,
        targets=[queue.as_target(events.RuleTargetInput.from_object(own_message(kind)))],
    )
