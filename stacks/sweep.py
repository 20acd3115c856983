"""The sweep: what did the events miss?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.part import Part
from stacks.reach import Reach
from stacks.scheduled_part import ScheduledPart
from stacks.state_table import StateTable
from stacks.target import Target


class Sweep(ScheduledPart):
    """Lists the estate every few hours and puts what differs from the record on the default bus."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        state: StateTable,
        target: Target | None = None,
    ) -> None:
        """Make the function and its clock."""
        super().__init__(
            scope,
            id,
            "Compare",
            "Lists the functions of the account and passes on what the events missed",
            part=Part.SWEEP,
            config=config,
            schedule=events.Schedule.rate(Duration.hours(config.sweep_hours)),
            reach=state.reach | Reach(environment={"WARDEN_EVENT_BUS": "default"}),
            memory_mib=512,
            target=target,
        )
