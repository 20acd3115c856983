"""A part of Warden that a clock calls."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.part import Part
from stacks.reach import Reach
from stacks.scheduled_calls import ScheduledCalls
from stacks.target import Target
from stacks.warden_function import WardenFunction


class ScheduledPart(Construct):
    """A function, its clock, and the queue of its failed calls: what such parts repeat.

    Attributes:
        part: Which part it is.
        function: The function that is called.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        function_id: str,
        description: str,
        *,
        part: Part,
        config: WardenConfig,
        schedule: events.Schedule | None,
        reach: Reach,
        memory_mib: int,
        scratch_mib: int = 512,
        timeout: Duration | None = None,
        target: Target | None = None,
    ) -> None:
        """Make all three.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            function_id: Name of the function's construct.
            description: What it does, for the console.
            part: Which part it is.
            config: The `warden` block.
            schedule: When it is called; None for calls by hand only.
            reach: What it works with.
            memory_mib: Memory, and with it the share of a processor.
            scratch_mib: Room in /tmp.
            timeout: Longest run; a quarter of an hour, Lambda's longest, where none is given.
            target: Where it runs; a real account where none is given.
        """
        super().__init__(scope, id)
        self.part = part
        calls = ScheduledCalls(self, "Schedule", schedule=schedule)
        self._dead_letters = calls.dead_letters
        self.function = WardenFunction(
            self,
            function_id,
            part=part,
            description=description,
            config=config,
            target=target or Target.aws(),
            reach=calls.reach | reach,
            memory_mib=memory_mib,
            timeout=timeout or Duration.minutes(15),
            scratch_mib=scratch_mib,
        )
        calls.call(self.function)

    @property
    def dead_letters(self) -> sqs.IQueue:
        """Where calls end that failed for good."""
        return self._dead_letters

    @property
    def outputs(self) -> dict[str, str]:
        """What the stack tells of it, by the name of the output."""
        return {f"{self.part.output_name}FunctionName": self.function.function.function_name}
