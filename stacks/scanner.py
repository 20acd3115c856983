"""The scanner: what is inside a deployed function, and is it known to be vulnerable?"""

from aws_cdk import Duration
from constructs import Construct

from functions.shared.config import QuarantineReason, WardenConfig
from stacks.alerting import Alerting
from stacks.guard_requests import quarantine_reach
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.target import Target
from stacks.work_queue import WorkQueue


class Scanner(QueuedPart):
    """The scanner with its queue; feed it with a `ChangeFeed`."""

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
        """Make the queue and the function; see the classes of the arguments.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            alerting: Where it writes down what it found.
            guard_queue: Where it asks for functions to be stopped, if policy wants that.
            target: Where it runs; a real account where none is given.

        Raises:
            ConfigError: Policy wants that, and there is no guard.
        """
        requests = quarantine_reach(QuarantineReason.KNOWN_EXPLOITED, config, guard_queue)
        super().__init__(
            scope,
            id,
            part=Part.SCANNER,
            config=config,
            timeout=Duration.minutes(5),
            late_after=Duration.minutes(60),
            target=target,
        )
        self.consume_with(
            "Scan",
            "Reads the packages of deployed functions and looks them up in advisories",
            reach=alerting.reach | requests,
            memory_mib=1536,  # an artefact stays in memory while it is read
            scratch_mib=2048,  # the newest advisory index and the one before it
            at_once=4,
            batch=1,  # a look may take long, and nobody waits behind another function
        )
