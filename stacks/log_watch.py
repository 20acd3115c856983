"""The log-watch: what do the logs of functions say?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alerting import Alerting
from stacks.log_deliveries import let_logs_deliver
from stacks.part import Part
from stacks.scheduled_part import ScheduledPart
from stacks.target import Target


class LogWatch(ScheduledPart):
    """Reads the lines that CloudWatch Logs delivers from subscribed log groups.

    Until a log group is subscribed, only its clock calls it, once an hour: alerts about lines that
    are not logged again end by time.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        target: Target | None = None,
    ) -> None:
        """Make the function and its clock."""
        super().__init__(
            scope,
            id,
            "Read",
            "Reads logs of functions of this account",
            part=Part.LOG_WATCH,
            config=config,
            schedule=events.Schedule.rate(Duration.hours(1)),
            reach=alerting.reach,
            memory_mib=512,
            timeout=Duration.minutes(2),
            target=target,
        )
        let_logs_deliver(self, self.function.function)
