"""A part of Warden that takes its work from a queue."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.message_types import MessageType
from stacks.part import Part
from stacks.reach import Reach
from stacks.reminder import remind
from stacks.target import Target
from stacks.warden_function import WardenFunction
from stacks.work_queue import WorkQueue


class QueuedPart(Construct):
    """A queue with its dead letters, and the function that consumes it: what such parts repeat.

    A part makes itself in two steps, because what its function reaches may need the queue: first
    this class's constructor, then `consume_with`.

    Attributes:
        part: Which part it is.
        queue: Where its work arrives.
        function: The function that does it.
        late_after: How long a message may wait before an alarm tells of it.
    """

    function: WardenFunction

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        part: Part,
        config: WardenConfig,
        timeout: Duration,
        late_after: Duration,
        target: Target | None = None,
    ) -> None:
        """Make the queue.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            part: Which part it is.
            config: The `warden` block.
            timeout: Longest run of the function.
            late_after: How long a message may wait before an alarm tells of it: longer than it
                may wait on purpose and be repeated once.
            target: Where it runs; a real account where none is given.
        """
        super().__init__(scope, id)
        self.part, self.late_after = part, late_after
        self._config, self._timeout, self._target = config, timeout, target or Target.aws()
        self.queue = WorkQueue(self, "Work", timeout=timeout)

    @property
    def dead_letters(self) -> sqs.IQueue:
        """Where messages end that it could not handle."""
        return self.queue.dead_letters

    @property
    def outputs(self) -> dict[str, str]:
        """What the stack tells of it, by the name of the output."""
        return {
            f"{self.part.output_name}QueueUrl": self.queue.queue.queue_url,
            f"{self.part.output_name}DeadLettersUrl": self.dead_letters.queue_url,
        }

    def consume_with(
        self,
        id_: str,
        description: str,
        *,
        reach: Reach,
        memory_mib: int,
        at_once: int,
        batch: int = 10,
        scratch_mib: int = 512,
        recursive_loop: lambda_.RecursiveLoop | None = None,
    ) -> None:
        """Make the function and have it consume the queue.

        Args:
            id_: Name of the function's construct.
            description: What it does, for the console.
            reach: What it works with besides its queue.
            memory_mib: Memory, and with it the share of a processor.
            at_once: Most invocations at the same time; protects the API limits of the account.
            batch: Most messages of one invocation; one, where each is the work of seconds.
            scratch_mib: Room in /tmp.
            recursive_loop: Whether Lambda may stop it when its own messages come back to it.
        """
        self.function = WardenFunction(
            self,
            id_,
            part=self.part,
            description=description,
            config=self._config,
            target=self._target,
            reach=self.queue.consumers_reach | reach,
            memory_mib=memory_mib,
            timeout=self._timeout,
            scratch_mib=scratch_mib,
            recursive_loop=recursive_loop,
        )
        self.function.consume(self.queue, at_once=at_once, batch=batch)

    def hear(self, id_: str, description: str, pattern: events.EventPattern) -> None:
        """Have events of the default bus put into the queue.

        Args:
            id_: Name of the rule's construct.
            description: Which events, for the console.
            pattern: The same for EventBridge.
        """
        events.Rule(
            self,
            id_,
            description=description,
            event_pattern=pattern,
            targets=[self.queue.as_target()],
        )

    def remind(
        self, id_: str, kind: MessageType, description: str, schedule: events.Schedule
    ) -> None:
        """Have a clock put the same message into the queue again and again; see `remind`."""
        remind(self, id_, kind, description, queue=self.queue, schedule=schedule)
