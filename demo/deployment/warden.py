"""The deployed Lambda Warden, as its stack's outputs describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Worker:
    """One consumer of changes.

    Attributes:
        name: Its function, without the deployment's prefix.
        queue: Address of its queue.
        dead_letters: Address of its dead-letter queue.
    """

    name: str
    queue: str
    dead_letters: str


@dataclass(frozen=True, slots=True)
class Warden:
    """What the demonstration needs to know of a deployment.

    Attributes:
        topic: ARN of the topic of alerts.
        bucket: Bucket of advisories and inventories.
        sweep: Name of the function that sweeps the estate.
        advisory_sync: Name of the function that fetches advisories.
        scanner: Consumer that reads code.
        tag_enforcer: Consumer that judges tags.
        anomaly_detector: Consumer that judges metrics.
        notifier: Consumer that tells people and machines.
        guard: Consumer that limits and restores.
    """

    topic: str
    bucket: str
    sweep: str
    advisory_sync: str
    scanner: Worker
    tag_enforcer: Worker
    anomaly_detector: Worker
    notifier: Worker
    guard: Worker

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, str]) -> Self:
        """Read the stack's outputs.

        Raises:
            KeyError: One is missing.
        """

        def worker(name: str, output: str) -> Worker:
            return Worker(name, outputs[f"{output}QueueUrl"], outputs[f"{output}DeadLettersUrl"])

        return cls(
            topic=outputs["AlertTopicArn"],
            bucket=outputs["BucketName"],
            sweep=outputs["SweepFunctionName"],
            advisory_sync=outputs["AdvisorySyncFunctionName"],
            scanner=worker("scanner", "Scanner"),
            tag_enforcer=worker("tag-enforcer", "TagEnforcer"),
            anomaly_detector=worker("anomaly-detector", "AnomalyDetector"),
            notifier=worker("notifier", "Notifier"),
            guard=worker("guard", "Guard"),
        )

    @property
    def workers(self) -> tuple[Worker, ...]:
        """All consumers."""
        return (
            self.scanner,
            self.tag_enforcer,
            self.anomaly_detector,
            self.guard,
            self.notifier,
        )
