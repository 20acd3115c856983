"""The anomaly-detector: does a function behave as it always did?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.events.message_types import MessageType
from stacks import event_patterns
from stacks.alerting import Alerting
from stacks.guard_requests import guard_reach
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.target import Target
from stacks.work_queue import WorkQueue

_PAGES_AT_ONCE = 10
"""When the whole account is unusual, all groups of functions are looked at in the same minute."""


class AnomalyDetector(QueuedPart):
    """The anomaly-detector with its queue and its clock; feed it changes with a `ChangeFeed`."""

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
        super().__init__(
            scope,
            id,
            part=Part.ANOMALY_DETECTOR,
            config=config,
            timeout=Duration.minutes(2),
            late_after=Duration.minutes(30),
            target=target,
        )
        self.consume_with(
            "Detect",
            "Judges the metrics and traces of functions against their own history",
            reach=alerting.reach | guard_reach(guard_queue),
            memory_mib=512,
            at_once=_PAGES_AT_ONCE,
            batch=1,
        )
        self.remind(
            "Tick",
            MessageType.METRIC_TICK,
            "Makes the anomaly-detector watch the account and whoever is due",
            events.Schedule.rate(Duration.minutes(1)),
        )
        self.hear(
            "HealthNotices",
            "Notices of AWS Health that functions were stopped, or are abused",
            event_patterns.health_notices(),
        )
        if config.detector.flows.enabled:
            self.remind(
                "FlowLook",
                MessageType.FLOW_LOOK,
                "Makes the anomaly-detector look at who calls whom",
                events.Schedule.rate(Duration.hours(config.detector.flows.look_hours)),
            )
            # A rule that gets a function as its target explains who calls it from then on.
            self.hear(
                "NewTargets",
                "Functions that became targets of EventBridge rules",
                event_patterns.new_targets(),
            )
