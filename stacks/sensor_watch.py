"""The sensor-watch: what does the sensor say from within functions?"""

from aws_cdk import Duration
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alerting import Alerting
from stacks.log_deliveries import let_logs_deliver
from stacks.part import Part
from stacks.scheduled_part import ScheduledPart
from stacks.target import Target


class SensorWatch(ScheduledPart):
    """Takes in the sensor's lines, which CloudWatch Logs delivers from subscribed log groups.

    Until a function has the sensor it is never called.
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
        """Make the function; no clock calls it."""
        super().__init__(
            scope,
            id,
            "Judge",
            "Judges what the sensor saw in functions of this account",
            part=Part.SENSOR_WATCH,
            config=config,
            schedule=None,
            reach=alerting.reach,
            memory_mib=256,
            timeout=Duration.minutes(1),
            target=target,
        )
        let_logs_deliver(self, self.function.function)
