"""The sweep: what did the events miss?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.part import Part
from stacks.permissions.places import Places
from stacks.scheduled_calls import ScheduledCalls
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.warden_function import WardenFunction


class Sweep(Construct):
    """Lists the estate every few hours and puts what differs from the record on the default bus.

    Attributes:
        function: The function that compares.
        dead_letters: Where calls that failed for good end.
    """

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
        super().__init__(scope, id)
        calls = ScheduledCalls(
            self, "Schedule", schedule=events.Schedule.rate(Duration.hours(config.sweep_hours))
        )
        self.dead_letters = calls.dead_letters
        self.function = WardenFunction(
            self,
            "Compare",
            part=Part.SWEEP,
            description="Lists the functions of the account and passes on what the events missed",
            config=config,
            target=target or Target.aws(),
            places=Places(
                prefix=config.name_prefix,
                dead_letters=self.dead_letters.queue_arn,
                table=state.table.table_arn,
            ),
            memory_mib=512,
            timeout=Duration.minutes(15),
            environment={"WARDEN_TABLE": state.table.table_name, "WARDEN_EVENT_BUS": "default"},
        )
        calls.call(self.function)
