"""The whole of Lambda Warden, and a queue that gets one team's urgent alerts only."""

from aws_cdk import App
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from lambda_warden.constructs import WardenStack
from lambda_warden.settings import WardenConfig


class RoutedWarden(WardenStack):
    """Lambda Warden with an inbox for the payments team."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Subscribe a queue to what is open, urgent and owned by the team."""
        super().__init__(scope, id, config=WardenConfig(owner="payments"))
        inbox = sqs.Queue(self, "PaymentsInbox", enforce_ssl=True)
        self.alerting.topics.topic.add_subscription(
            subscriptions.SqsSubscription(
                inbox,
                filter_policy={
                    "owner": _one_of("payments"),
                    "severity": _one_of("critical", "high"),
                },
            )
        )


def _one_of(*values: str) -> sns.SubscriptionFilter:
    return sns.SubscriptionFilter.string_filter(allowlist=list(values))


if __name__ == "__main__":
    app = App()
    RoutedWarden(app, "RoutedWarden")
    app.synth()
