"""The anomaly-detector: does a function behave as it always did?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.envelope import WARDEN_SOURCE
from stacks import event_patterns
from stacks.alerting import Alerting
from stacks.part import Part
from stacks.restore_schedules import RestoreSchedules
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment
from stacks.work_queue import WorkQueue

METRIC_TICK = "Metric Tick"
"""Detail-type of the message that makes the detector look at the metrics."""

FLOW_LOOK = "Flow Look"
"""Detail-type of the message that makes the detector look at who calls whom."""
_PAGES_AT_ONCE = 10
"""When the whole account is unusual, all groups of functions are looked at in the same minute."""


class AnomalyDetector(Construct):
    """The anomaly-detector with its queue and its clock; feed it changes with a `ChangeFeed`.

    Attributes:
        queue: Where changes, ticks and reminders go.
        function: The function that judges and, in enforce mode, caps.
        schedules: Where its one-time schedules live.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        target: Target | None = None,
    ) -> None:
        """Make queue, clock, schedule group and function; `config.detector` is its policy."""
        super().__init__(scope, id)
        timeout = Duration.minutes(2)
        self.queue = WorkQueue(self, "Work", timeout=timeout)
        self.schedules = RestoreSchedules(
            self, "Restores", prefix=config.name_prefix, queue=self.queue.queue
        )
        self.function = WardenFunction(
            self,
            "Detect",
            part=Part.ANOMALY_DETECTOR,
            description="Judges the metrics and traces of functions against their own history",
            config=config,
            target=target or Target.aws(),
            places=alerting.places(
                config,
                queue=self.queue.queue.queue_arn,
                dead_letters=self.queue.dead_letters.queue_arn,
                schedule_group=self.schedules.group_name,
                schedule_role=self.schedules.role.role_arn,
            ),
            memory_mib=512,
            timeout=timeout,
            environment={
                **queue_environment(self.queue),
                **alerting.environment,
                "WARDEN_SCHEDULE_GROUP": self.schedules.group_name,
                "WARDEN_SCHEDULE_ROLE_ARN": self.schedules.role.role_arn,
            },
        )
        self.function.consume(self.queue, at_once=_PAGES_AT_ONCE, batch=1)
        self._send(
            "Tick",
            METRIC_TICK,
            "Makes the anomaly-detector watch the account and whoever is due",
            every=Duration.minutes(1),
        )
        if config.detector.flows.enabled:
            self._send(
                "FlowLook",
                FLOW_LOOK,
                "Makes the anomaly-detector look at who calls whom",
                every=Duration.hours(config.detector.flows.look_hours),
            )
            self._hear_of_new_targets()

    def _send(self, id_: str, kind: str, description: str, *, every: Duration) -> None:
        message = {"source": WARDEN_SOURCE, "detail-type": kind, "detail": {}}
        events.Rule(
            self,
            id_,
            description=description,
            schedule=events.Schedule.rate(every),
            targets=[
                targets.SqsQueue(
                    self.queue.queue,
                    dead_letter_queue=self.queue.dead_letters,
                    message=events.RuleTargetInput.from_object(message),
                )
            ],
        )

    def _hear_of_new_targets(self) -> None:
        """A rule that gets a function as its target explains who calls it from then on."""
        events.Rule(
            self,
            "NewTargets",
            description="Functions that became targets of EventBridge rules",
            event_pattern=event_patterns.new_targets(),
            targets=[targets.SqsQueue(self.queue.queue, dead_letter_queue=self.queue.dead_letters)],
        )
