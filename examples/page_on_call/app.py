"""The whole of Lambda Warden, and PagerDuty for what is critical."""

from aws_cdk import App
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from lambda_warden.constructs import PagerDuty, WardenStack
from lambda_warden.settings import WardenConfig


class PagingWarden(WardenStack):
    """Lambda Warden that wakes on-call."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Attach the pager, and watch it: who cannot page must be heard elsewhere."""
        super().__init__(scope, id, config=WardenConfig(owner="platform-team"))
        pager = PagerDuty(
            self,
            "PagerDuty",
            bus=self.alerting.bus.bus,
            routing_key=secrets.Secret.from_secret_name_v2(
                self, "RoutingKey", "lambda-warden/pager-duty"
            ),
            severities=["critical"],
        )
        alarm = pager.undelivered().create_alarm(
            self,
            "PagerIsSilent",
            alarm_description="PagerDuty did not take an alert; it waits in the dead-letter queue.",
            threshold=1,
            evaluation_periods=1,
        )
        alarm.add_alarm_action(actions.SnsAction(self.alerting.topics.topic))


if __name__ == "__main__":
    app = App()
    PagingWarden(app, "PagingWarden")
    app.synth()
