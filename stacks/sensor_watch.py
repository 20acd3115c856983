"""The sensor-watch: what does the sensor say from within functions?"""

from aws_cdk import Aws, Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alerting import Alerting
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
        # One permission for all log groups: one for each would end at about sixty, where the
        # function's policy is full.
        lambda_.CfnPermission(
            self,
            "Logs",
            action="lambda:InvokeFunction",
            function_name=self.function.function.function_arn,
            principal=f"logs.{Aws.REGION}.{Aws.URL_SUFFIX}",
            source_account=Aws.ACCOUNT_ID,
            source_arn=f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*:*",
        )
