"""The scanner: what is inside a deployed function, and is it known to be vulnerable?"""

from aws_cdk import Duration
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alert_topic import AlertTopic
from stacks.artifact_bucket import ArtifactBucket
from stacks.part import Part
from stacks.permissions.places import Places
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.warden_function import WardenFunction, queue_environment
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
        alerts: AlertTopic,
        state: StateTable,
        artifacts: ArtifactBucket,
        target: Target | None = None,
    ) -> None:
        """Make the queue and the function; see the classes of the arguments."""
        super().__init__(scope, id)
        timeout = Duration.minutes(5)
        self.queue = WorkQueue(self, "Work", timeout=timeout)
        self.function = WardenFunction(
            self,
            "Scan",
            part=Part.SCANNER,
            description="Reads the packages of deployed functions and looks them up in advisories",
            config=config,
            target=target or Target.aws(),
            places=Places(
                prefix=config.name_prefix,
                queue=self.queue.queue.queue_arn,
                dead_letters=self.queue.dead_letters.queue_arn,
                table=state.table.table_arn,
                topic=alerts.topic.topic_arn,
                bucket=artifacts.bucket.bucket_arn,
            ),
            memory_mib=1536,  # an artefact stays in memory while it is read
            timeout=timeout,
            scratch_mib=2048,  # the newest advisory index and the one before it
            environment={
                **queue_environment(self.queue),
                "WARDEN_TABLE": state.table.table_name,
                "WARDEN_BUCKET": artifacts.bucket.bucket_name,
                "WARDEN_TOPIC_ARN": alerts.topic.topic_arn,
            },
        )
        self.function.consume(self.queue, at_once=4)
