"""The sweep: what did the events miss?"""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.artifact_bucket import ArtifactBucket
from stacks.part import Part
from stacks.reach import Reach
from stacks.scheduled_part import ScheduledPart
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.work_queue import WorkQueue, changes_reach


class Sweep(ScheduledPart):
    """Lists the estate every few hours and has looked at what differs from the record."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        state: StateTable,
        artifacts: ArtifactBucket,
        queues: Sequence[WorkQueue],
        policy: Reach | None = None,
        target: Target | None = None,
    ) -> None:
        """Make the function and its clock.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            state: Table of what is remembered.
            artifacts: Bucket that the list of functions is written to.
            queues: Of the parts that judge functions.
            policy: The policy that the stack is deployed with; the default where none is given.
            target: Where it runs; a real account where none is given.
        """
        super().__init__(
            scope,
            id,
            "Compare",
            "Lists the functions of the account and passes on what the events missed",
            part=Part.SWEEP,
            config=config,
            schedule=events.Schedule.rate(Duration.hours(config.sweep_hours)),
            reach=state.reach | artifacts.reach | changes_reach(queues) | (policy or Reach()),
            memory_mib=512,
            target=target,
        )
