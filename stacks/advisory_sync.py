"""The advisory sync: what is known to be vulnerable today?"""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alerting import Alerting
from stacks.part import Part
from stacks.scheduled_part import ScheduledPart
from stacks.target import Target
from stacks.work_queue import WorkQueue, changes_reach


class AdvisorySync(ScheduledPart):
    """Fetches advisories regularly and keeps the index that the scanner looks packages up in."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        queues: Sequence[WorkQueue] = (),
        target: Target | None = None,
    ) -> None:
        """Make the function and its clock; `config.advisories` says where advisories come from.

        `queues` are told that there are new advisories.
        """
        super().__init__(
            scope,
            id,
            "Fetch",
            "Keeps the index of advisories up to date",
            part=Part.ADVISORY_SYNC,
            config=config,
            schedule=events.Schedule.rate(Duration.hours(config.advisory_sync_hours)),
            reach=alerting.reach | changes_reach(queues),
            memory_mib=2048,
            scratch_mib=4096,  # the exports of all ecosystems, and the index made of them
            target=target,
        )
