"""The whole of Lambda Warden in one stack."""

from typing import Any

from aws_cdk import CfnOutput, Stack, Tags
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.advisory_sync import AdvisorySync
from stacks.alert_topic import AlertTopic
from stacks.anomaly_detector import AnomalyDetector
from stacks.artifact_bucket import ArtifactBucket
from stacks.change_feed import ChangeFeed
from stacks.guard import Guard
from stacks.health_alarms import HealthAlarms
from stacks.lockfile_feed import LockfileFeed
from stacks.scanner import Scanner
from stacks.state_table import StateTable
from stacks.sweep import Sweep
from stacks.tag_enforcer import TagEnforcer
from stacks.target import Target


class WardenStack(Stack):
    """Everything, wired together; its attributes are there to be built upon.

    Attributes:
        alerts: Topic of alerts; subscribe to it.
        state: Table of what Warden remembers.
        artifacts: Bucket of inventories, advisories and lockfiles.
        scanner: Reads deployed code.
        tag_enforcer: Checks tags.
        anomaly_detector: Watches behaviour.
        guard: Limits runaways, and undoes it.
        sweep: Finds what events missed.
        advisory_sync: Fetches advisories.
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
        self.alerts = AlertTopic(self, "Alerts", emails=config.alert_emails)
        self.state = StateTable(self, "State", target=target)
        self.artifacts = ArtifactBucket(self, "Artifacts", target=target)
        self.scanner = Scanner(
            self,
            "Scanner",
            config=config,
            alerts=self.alerts,
            state=self.state,
            artifacts=self.artifacts,
            target=target,
        )
        self.tag_enforcer = TagEnforcer(
            self, "TagEnforcer", config=config, alerts=self.alerts, state=self.state, target=target
        )
        self.guard = Guard(
            self, "Guard", config=config, alerts=self.alerts, state=self.state, target=target
        )
        self.anomaly_detector = AnomalyDetector(
            self,
            "AnomalyDetector",
            config=config,
            alerts=self.alerts,
            state=self.state,
            guard_queue=self.guard.queue,
            target=target,
        )
        self.sweep = Sweep(self, "Sweep", config=config, state=self.state, target=target)
        self.advisory_sync = AdvisorySync(
            self,
            "AdvisorySync",
            config=config,
            alerts=self.alerts,
            state=self.state,
            artifacts=self.artifacts,
            target=target,
        )
        self._feed()
        self._watch(config)
        self._tell()
        self._tag(config)

    def _feed(self) -> None:
        own = (self.scanner, self.tag_enforcer, self.anomaly_detector, self.guard, self.sweep)
        ChangeFeed(
            self,
            "Changes",
            changes_to=[
                self.scanner.queue,
                self.tag_enforcer.queue,
                self.anomaly_detector.queue,
            ],
            observations_to=[self.scanner.queue, self.tag_enforcer.queue],
            advisories_to=[self.scanner.queue],
            own=[part.function for part in own] + [self.advisory_sync.function],
        )

        LockfileFeed(self, "Lockfiles", artifacts=self.artifacts, to=[self.scanner.queue])

    def _watch(self, config: WardenConfig) -> None:
        alarms = HealthAlarms(self, "Health", prefix=config.name_prefix, alerts=self.alerts)
        for consumer in (self.scanner, self.tag_enforcer, self.anomaly_detector, self.guard):
            alarms.watch(
                consumer.function,
                dead_letters=consumer.queue.dead_letters,
                queues=[consumer.queue],
            )
        for scheduled in (self.sweep, self.advisory_sync):
            alarms.watch(scheduled.function, dead_letters=scheduled.dead_letters)

    def _tell(self) -> None:
        outputs = {
            "AlertTopicArn": self.alerts.topic.topic_arn,
            "StateTableName": self.state.table.table_name,
            "BucketName": self.artifacts.bucket.bucket_name,
            "ScannerQueueUrl": self.scanner.queue.queue.queue_url,
            "ScannerDeadLettersUrl": self.scanner.queue.dead_letters.queue_url,
            "TagEnforcerQueueUrl": self.tag_enforcer.queue.queue.queue_url,
            "TagEnforcerDeadLettersUrl": self.tag_enforcer.queue.dead_letters.queue_url,
            "AnomalyDetectorQueueUrl": self.anomaly_detector.queue.queue.queue_url,
            "AnomalyDetectorDeadLettersUrl": self.anomaly_detector.queue.dead_letters.queue_url,
            "GuardQueueUrl": self.guard.queue.queue.queue_url,
            "GuardDeadLettersUrl": self.guard.queue.dead_letters.queue_url,
            "SweepFunctionName": self.sweep.function.function.function_name,
            "AdvisorySyncFunctionName": self.advisory_sync.function.function.function_name,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)

    def _tag(self, config: WardenConfig) -> None:
        """Warden keeps the tag policy that it asks others to keep."""
        lasting = [
            name
            for name in config.tags.environments
            if name not in config.tags.expiring_environments
        ]
        Tags.of(self).add(config.tags.owner_tag, config.owner)
        if lasting:
            Tags.of(self).add(config.tags.environment_tag, lasting[0])
