"""The reporter: the whole estate in one page, every day."""

from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.artifact_bucket import ArtifactBucket
from stacks.part import Part
from stacks.scheduled_part import ScheduledPart
from stacks.state_table import StateTable
from stacks.target import Target


class Reporter(ScheduledPart):
    """Writes the report of the estate to the bucket, where nobody reads it without permission."""

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
        daily = events.Schedule.cron(minute="0", hour=str(config.report.hour))
        super().__init__(
            scope,
            id,
            "Write",
            "Writes the report of the whole estate to Warden's bucket",
            part=Part.REPORTER,
            config=config,
            schedule=daily if config.report.daily else None,
            reach=state.reach | artifacts.reach,
            memory_mib=1024,
            target=target,
        )
