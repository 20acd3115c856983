"""From an uploaded waiver file to the queue of whoever heeds waivers."""

from aws_cdk import aws_events as events
from constructs import Construct

from stacks import event_patterns
from stacks.artifact_bucket import ArtifactBucket
from stacks.work_queue import WorkQueue


class WaiverFeed(Construct):
    """A rule that tells of every file that is put under `waivers/` in the bucket, or taken away."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        artifacts: ArtifactBucket,
        to: WorkQueue,
    ) -> None:
        """Make the rule.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            artifacts: The bucket that waiver files are uploaded to.
            to: Queue that is told.
        """
        super().__init__(scope, id)
        events.Rule(
            self,
            "Files",
            description="Waiver files that were uploaded or deleted",
            event_pattern=event_patterns.changed_waiver_files(artifacts.bucket.bucket_name),
            targets=[to.as_target()],
        )
