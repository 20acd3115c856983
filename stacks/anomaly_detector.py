"""The anomaly-detector: does a function behave as it always did?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.message_types import MessageType
from stacks import event_patterns
from stacks.alerting import Alerting
from stacks.part import Part
from stacks.reminder import remind
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment, queue_places
from stacks.work_queue import WorkQueue

_PAGES_AT_ONCE = 10
"""When the whole account is unusual, all groups of functions are looked at in the same minute."""


class AnomalyDetector(Construct):
    """The anomaly-detector with its queue and its clock; feed it changes with a `ChangeFeed`.

    Attributes:
        queue: Where changes and ticks go.
        function: The function that judges.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        guard_queue: WorkQueue,
        target: Target | None = None,
    ) -> None:
        """Make queue, clock and function; `config.detector` is its policy.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            alerting: Where it writes down what it found.
            guard_queue: Where it asks the guard to act.
            target: Where it runs; a real account where none is given.
        """
        super().__init__(scope, id)
        timeout = Duration.minutes(2)
        self.queue = WorkQueue(self, "Work", timeout=timeout)
        self.function = WardenFunction(
            self,
            "Detect",
            part=Part.ANOMALY_DETECTOR,
            description="Judges the metrics and traces of functions against their own history",
            config=config,
            target=target or Target.aws(),
            places=alerting.places(
                config,
                **queue_places(self.queue),
                guard_queue=guard_queue.queue.queue_arn,
            ),
            memory_mib=512,
            timeout=timeout,
            environment={
                **queue_environment(self.queue),
                **alerting.environment,
                "WARDEN_GUARD_QUEUE_URL": guard_queue.queue.queue_url,
            },
        )
        self.function.consume(self.queue, at_once=_PAGES_AT_ONCE, batch=1)
        remind(
            self,
            "Tick",
            MessageType.METRIC_TICK,
            "Makes the anomaly-detector watch the account and whoever is due",
            queue=self.queue,
            schedule=events.Schedule.rate(Duration.minutes(1)),
        )
        if config.detector.flows.enabled:
            remind(
                self,
                "FlowLook",
                MessageType.FLOW_LOOK,
                "Makes the anomaly-detector look at who calls whom",
                queue=self.queue,
                schedule=events.Schedule.rate(Duration.hours(config.detector.flows.look_hours)),
            )
            self._hear_of_new_targets()

    def _hear_of_new_targets(self) -> None:
        """A rule that gets a function as its target explains who calls it from then on."""
        events.Rule(
            self,
            "NewTargets",
            description="Functions that became targets of EventBridge rules",
            event_pattern=event_patterns.new_targets(),
            targets=[self.queue.as_target()],
        )
