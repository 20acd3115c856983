"""Calling a function regularly without losing a failed call."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from stacks.reach import Reach
from stacks.warden_function import WardenFunction
from stacks.work_queue import DeadLetters


class ScheduledCalls(Construct):
    """A clock for one function, and the queue where its failed calls end.

    Attributes:
        dead_letters: Calls that EventBridge could not deliver, or that failed three times.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        schedule: events.Schedule | None,
    ) -> None:
        """Make the queue; the clock starts with `call`.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            schedule: When to call; None for calls by hand only.
        """
        super().__init__(scope, id)
        self._schedule = schedule
        self.dead_letters = DeadLetters(self, "DeadLetters").queue

    @property
    def reach(self) -> Reach:
        """What the function that is called works with."""
        return Reach({"dead_letters": self.dead_letters.queue_arn})

    def call(self, function: WardenFunction) -> None:
        """Start calling a function."""
        function.keep_failed_calls(self.dead_letters)
        if self._schedule is None:
            return
        events.Rule(
            self,
            "Clock",
            description=f"Calls Lambda Warden's {function.part.value}",
            schedule=self._schedule,
            targets=[
                targets.LambdaFunction(
                    function.function, dead_letter_queue=self.dead_letters, retry_attempts=2
                )
            ],
        )
