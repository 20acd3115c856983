"""The scanner: what is inside a deployed function, and is it known to be vulnerable?"""

from aws_cdk import Duration
from constructs import Construct

from functions.shared.config import QuarantineReason, WardenConfig
from stacks.alerting import Alerting
from stacks.guard_requests import GuardRequests
from stacks.part import Part
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment, queue_places
from stacks.work_queue import WorkQueue


class Scanner(Construct):
    """The scanner with its queue; feed it with a `ChangeFeed`.

    Attributes:
        queue: Where changes of functions go.
        function: The function that judges them.
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
        super().__init__(scope, id)
        timeout = Duration.minutes(5)
        requests = GuardRequests.of(QuarantineReason.KNOWN_EXPLOITED, config, guard_queue)
        self.queue = WorkQueue(self, "Work", timeout=timeout)
        self.function = WardenFunction(
            self,
            "Scan",
            part=Part.SCANNER,
            description="Reads the packages of deployed functions and looks them up in advisories",
            config=config,
            target=target or Target.aws(),
            places=alerting.places(
                config,
                **queue_places(self.queue),
                guard_queue=requests.queue_arn,
            ),
            memory_mib=1536,  # an artefact stays in memory while it is read
            timeout=timeout,
            scratch_mib=2048,  # the newest advisory index and the one before it
            environment={
                **queue_environment(self.queue),
                **alerting.environment,
                **requests.environment,
            },
        )
        # One message at a time: a look may take long, and nobody waits behind another function.
        self.function.consume(self.queue, at_once=4, batch=1)
