"""The whole of Lambda Warden in one stack."""

from typing import Any

from aws_cdk import CfnOutput, Stack, Tags
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks import event_patterns
from stacks.advisory_sync import AdvisorySync
from stacks.alerting import Alerting
from stacks.anomaly_detector import AnomalyDetector
from stacks.artifact_bucket import ArtifactBucket
from stacks.change_feed import ChangeFeed
from stacks.dashboard import WardenDashboard
from stacks.guard import Guard
from stacks.health_alarms import HealthAlarms
from stacks.lockfile_feed import LockfileFeed
from stacks.log_watch import LogWatch
from stacks.queued_part import QueuedPart
from stacks.reporter import Reporter
from stacks.scanner import Scanner
from stacks.scheduled_part import ScheduledPart
from stacks.sensor_layer import SensorLayer
from stacks.sensor_watch import SensorWatch
from stacks.state_table import StateTable
from stacks.sweep import Sweep
from stacks.tag_enforcer import TagEnforcer
from stacks.target import Target
from stacks.waiver_feed import WaiverFeed


class WardenStack(Stack):
    """Everything, wired together; its attributes are there to be built upon.

    Attributes:
        alerting: The notifier with its topics and its bus; subscribe to them.
        state: Table of what Warden remembers.
        artifacts: Bucket of inventories, advisories and lockfiles.
        scanner: Reads deployed code.
        tag_enforcer: Checks tags.
        anomaly_detector: Watches behaviour.
        guard: Limits runaways, and undoes it.
        sweep: Finds what events missed.
        advisory_sync: Fetches advisories.
        reporter: Writes the report of the estate.
        sensor_watch: Judges what the sensor tells; None unless `sensor.enabled`.
        sensor: The sensor, for functions to have; likewise.
        log_watch: Reads subscribed logs; None unless `logs.enabled`.
    """

    # CDK's own options (env, synthesizer, ...) are passed on as they are.
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        target: Target | None = None,
        **options: Any,
    ) -> None:
        """Make everything.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            target: Where it runs; a real account where none is given.
            options: Options of `aws_cdk.Stack`.

        Raises:
            ConfigError: A setting cannot be deployed.
        """
        options.setdefault("description", "Lambda Warden: watches the functions of this account")
        super().__init__(scope, id, **options)
        self.state = StateTable(self, "State", target=target)
        self.artifacts = ArtifactBucket(
            self, "Artifacts", keep_reports_days=config.report.keep_days, target=target
        )
        self.alerting = Alerting(
            self,
            "Alerting",
            config=config,
            state=self.state,
            artifacts=self.artifacts,
            target=target,
        )
        alerting = self.alerting
        self.guard = Guard(self, "Guard", config=config, alerting=alerting, target=target)
        self.scanner = Scanner(
            self,
            "Scanner",
            config=config,
            alerting=alerting,
            guard_queue=self.guard.queue,
            target=target,
        )
        self.tag_enforcer = TagEnforcer(
            self,
            "TagEnforcer",
            config=config,
            alerting=alerting,
            guard_queue=self.guard.queue,
            target=target,
        )
        self.anomaly_detector = AnomalyDetector(
            self,
            "AnomalyDetector",
            config=config,
            alerting=alerting,
            guard_queue=self.guard.queue,
            target=target,
        )
        judges = (self.scanner, self.tag_enforcer, self.anomaly_detector)
        self.sweep = Sweep(
            self,
            "Sweep",
            config=config,
            state=self.state,
            artifacts=self.artifacts,
            queues=[one.queue for one in judges],
            policy=self.tag_enforcer.policy.reach,
            target=target,
        )
        self.advisory_sync = AdvisorySync(
            self,
            "AdvisorySync",
            config=config,
            alerting=alerting,
            queues=[self.scanner.queue],
            target=target,
        )
        self.reporter = Reporter(
            self,
            "Reporter",
            config=config,
            state=self.state,
            artifacts=self.artifacts,
            target=target,
        )
        self.sensor_watch: SensorWatch | None = None
        self.sensor: SensorLayer | None = None
        if config.sensor.enabled:
            self.sensor_watch = SensorWatch(
                self, "SensorWatch", config=config, alerting=alerting, target=target
            )
            self.sensor = SensorLayer(self, "Sensor")
        self.log_watch: LogWatch | None = None
        if config.logs.enabled:
            self.log_watch = LogWatch(
                self, "LogWatch", config=config, alerting=alerting, target=target
            )
        self._take_only_own_messages(config)
        self._feed()
        self._watch(config)
        if config.dashboard:
            self._show(config)
        self._tell()
        self._tag(config)

    @property
    def _consumers(self) -> tuple[QueuedPart, ...]:
        """The parts that take messages from a queue."""
        return (
            self.scanner,
            self.tag_enforcer,
            self.anomaly_detector,
            self.guard,
            self.alerting,
        )

    @property
    def _scheduled(self) -> tuple[ScheduledPart, ...]:
        """The parts that a clock calls, or CloudWatch Logs."""
        optional = tuple(one for one in (self.sensor_watch, self.log_watch) if one)
        return (self.sweep, self.advisory_sync, self.reporter, *optional)

    @property
    def _parts(self) -> tuple[QueuedPart | ScheduledPart, ...]:
        return (*self._consumers, *self._scheduled)

    def _take_only_own_messages(self, config: WardenConfig) -> None:
        """Each queue takes messages from the parts that write to it, and from rules.

        Operators may redrive dead letters into the queues of changes. The guard's queue takes
        nothing from them: who asks the guard is part of what it decides on. The notifier's queue
        is open to who may write to queues at all: commands nudge it, and nothing that it takes
        does more than make it look.
        """
        self.guard.take_requests_from(
            self.anomaly_detector.function, self.scanner.function, self.tag_enforcer.function
        )
        for part, writers in (
            (self.scanner, (self.sweep, self.advisory_sync)),
            (self.tag_enforcer, (self.sweep,)),
            (self.anomaly_detector, (self.sweep,)),
        ):
            roles = [one.function.role for one in (part, *writers)]
            part.queue.take_only_from(roles, config.operators)

    def _feed(self) -> None:
        ChangeFeed(
            self,
            "Changes",
            changes_to=[
                self.scanner.queue,
                self.tag_enforcer.queue,
                self.anomaly_detector.queue,
            ],
            # No other part may change a function; the sweep changes Warden's own.
            own=[self.guard.function, self.sweep.function],
        )

        self.scanner.hear(
            "RiskyCalls",
            "Calls that open layers, loosen code signing or start machines",
            event_patterns.risky_calls([self.guard.function.role.role_arn]),
        )
        LockfileFeed(self, "Lockfiles", artifacts=self.artifacts, to=[self.scanner.queue])
        self.alerting.hear(
            "UnknownEvents",
            "Events of Lambda that Warden does not know",
            event_patterns.unknown_events(),
        )
        WaiverFeed(self, "Waivers", artifacts=self.artifacts, to=self.alerting.queue)

    def _watch(self, config: WardenConfig) -> None:
        alarms = HealthAlarms(
            self, "Health", prefix=config.name_prefix, alerts=self.alerting.topics
        )
        for part in self._parts:
            alarms.watch(part)

    def _show(self, config: WardenConfig) -> None:
        WardenDashboard(
            self,
            "Dashboard",
            config=config,
            state=self.state,
            artifacts=self.artifacts,
            functions=[one.function for one in self._parts],
            queues=[one.queue.queue for one in self._consumers],
            dead_letters=[one.dead_letters for one in self._parts],
        )

    def _tell(self) -> None:
        outputs = {
            "AlertTopicArn": self.alerting.topics.topic.topic_arn,
            "AlertBusName": self.alerting.bus.bus.event_bus_name,
            "StateTableName": self.state.table.table_name,
            "BucketName": self.artifacts.bucket.bucket_name,
        }
        for part in self._parts:
            outputs |= part.outputs
        if self.sensor:
            outputs["SensorLayerArn"] = self.sensor.version.layer_version_arn
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)

    def _tag(self, config: WardenConfig) -> None:
        """Warden keeps the tag policy that it asks others to keep."""
        lasting = [
            name
            for name, rules in self.tag_enforcer.policy.policy.environments.items()
            if rules.lifetime is None
        ]
        Tags.of(self).add(config.tags.owner_tag, config.owner)
        if lasting:
            Tags.of(self).add(config.tags.environment_tag, lasting[0])
