"""From an uploaded lockfile to the queues of those who compare with it."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from constructs import Construct

from stacks import event_patterns
from stacks.artifact_bucket import ArtifactBucket
from stacks.work_queue import WorkQueue


class LockfileFeed(Construct):
    """A rule that tells of every file that CI puts under `lockfiles/` in the bucket."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        artifacts: ArtifactBucket,
        to: Sequence[WorkQueue],
    ) -> None:
        """Make the rule.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            artifacts: The bucket that lockfiles are uploaded to.
            to: Queues that are told.
        """
        super().__init__(scope, id)
        events.Rule(
            self,
            "Uploads",
            description="Lockfiles that CI uploaded",
            event_pattern=event_patterns.uploaded_lockfiles(artifacts.bucket.bucket_name),
            targets=[queue.as_target() for queue in to],
        )
