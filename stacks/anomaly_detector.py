"""The anomaly-detector: does a function behave as it always did?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.envelope import WARDEN_SOURCE
from stacks.alert_topic import AlertTopic
from stacks.part import Part
from stacks.permissions.places import Places
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment
from stacks.work_queue import WorkQueue

METRIC_TICK = "Metric Tick"
"""Detail-type of the message that makes the detector look at the metrics."""


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
        alerts: AlertTopic,
        state: StateTable,
        guard_queue: WorkQueue,
        target: Target | None = None,
    ) -> None:
        """Make queue, clock and function; `config.detector` is its policy.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            alerts: Where it tells what it found.
            state: What it remembers.
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
            places=Places(
                prefix=config.name_prefix,
                queue=self.queue.queue.queue_arn,
                dead_letters=self.queue.dead_letters.queue_arn,
                table=state.table.table_arn,
                topic=alerts.topic.topic_arn,
                guard_queue=guard_queue.queue.queue_arn,
            ),
            memory_mib=1024,
            timeout=timeout,
            environment={
                **queue_environment(self.queue),
                "WARDEN_TABLE": state.table.table_name,
                "WARDEN_TOPIC_ARN": alerts.topic.topic_arn,
                "WARDEN_GUARD_QUEUE_URL": guard_queue.queue.queue_url,
            },
        )
        self.function.consume(self.queue, at_once=3)
        self._tick(Duration.minutes(config.detector.tick_minutes))

    def _tick(self, every: Duration) -> None:
        tick = {"source": WARDEN_SOURCE, "detail-type": METRIC_TICK, "detail": {}}
        events.Rule(
            self,
            "Tick",
            description="Makes the anomaly-detector look at the newest metrics",
            schedule=events.Schedule.rate(every),
            targets=[
                targets.SqsQueue(
                    self.queue.queue,
                    dead_letter_queue=self.queue.dead_letters,
                    message=events.RuleTargetInput.from_object(tick),
                )
            ],
        )
