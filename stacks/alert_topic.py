"""The topic that alerts and Warden's own alarms go to."""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class AlertTopic(Construct):
    """An SNS topic that takes encrypted connections only.

    Alerts carry the message attributes `severity`, `state`, `kind`, `rule`, `function`, `account`,
    `region`, `owner` and `environment`, which a subscription's filter policy can select by. The
    alarms of `HealthAlarms` carry none, so a filtered subscription does not get them.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        emails: Iterable[str] = (),
    ) -> None:
        """Make the topic.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            emails: Addresses to subscribe; each has to confirm the mail that SNS sends.
        """
        super().__init__(scope, id)
        self.topic = sns.Topic(self, "Topic", display_name="Lambda Warden", enforce_ssl=True)
        # A policy of its own replaces the one SNS starts with, and with it the alarms' access.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        for email in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
