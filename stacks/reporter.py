"""The reporter: the whole estate in one page, every day."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.artifact_bucket import ArtifactBucket
from stacks.part import Part
from stacks.permissions.places import Places
from stacks.scheduled_calls import ScheduledCalls
from stacks.state_table import StateTable
from stacks.target import Target
from stacks.warden_function import WardenFunction


class Reporter(Construct):
    """Writes the report of the estate to the bucket, where nobody reads it without permission.

    Attributes:
        function: The function that writes.
        dead_letters: Where calls that failed for good end.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        state: StateTable,
        artifacts: ArtifactBucket,
        target: Target | None = None,
    ) -> None:
        """Make the function and its clock; `config.report` says whether and when it is called."""
        super().__init__(scope, id)
        daily = events.Schedule.cron(minute="0", hour=str(config.report.hour))
        calls = ScheduledCalls(self, "Schedule", schedule=daily if config.report.daily else None)
        self.dead_letters = calls.dead_letters
        self.function = WardenFunction(
            self,
            "Write",
            part=Part.REPORTER,
            description="Writes the report of the whole estate to Warden's bucket",
            config=config,
            target=target or Target.aws(),
            places=Places(
                prefix=config.name_prefix,
                dead_letters=self.dead_letters.queue_arn,
                table=state.table.table_arn,
                bucket=artifacts.bucket.bucket_arn,
            ),
            memory_mib=1024,
            timeout=Duration.minutes(15),
            environment={
                "WARDEN_TABLE": state.table.table_name,
                "WARDEN_BUCKET": artifacts.bucket.bucket_name,
            },
        )
        calls.call(self.function)
