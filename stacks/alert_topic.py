"""The topics that alerts and Warden's own alarms go to."""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from functions.shared.config import NotificationPolicy
from functions.shared.core.topic_names import chat_topic, route_topic
from stacks.reach import Reach


class AlertTopic(Construct):
    """The main topic, a topic for each route of the settings, and one for chats.

    Every message carries attributes that a subscription's filter policy can select by; see
    docs/routing.md. The alarms of `HealthAlarms` carry none and go to the main topic, so a
    filtered subscription does not get them. All topics take encrypted connections only.

    Attributes:
        topic: The main topic: what no route takes, and alarms about Warden itself.
        routes: The topics of the routes, by the route's name.
        chat: The topic whose messages Amazon Q Developer shows in chats, None where there is none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        emails: Iterable[str] = (),
        policy: NotificationPolicy | None = None,
        prefix: str = "lambda-warden",
    ) -> None:
        """Make the topics.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            emails: Addresses to subscribe to the main topic; each has to confirm the mail that SNS
                sends.
            policy: Says which routes there are, with addresses of their own, and whether there is
                a topic for chats; none of these where it is not given.
            prefix: Start of the names of the topics of routes and chats.
        """
        super().__init__(scope, id)
        policy = policy or NotificationPolicy()
        self.topic = _topic(self, "Topic", "Lambda Warden", emails=emails)
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
        self.routes = {
            route.name: _topic(
                self,
                f"Route-{route.name}",
                f"Lambda Warden {route.name}",
                name=route_topic(prefix, route.name),
                emails=route.emails,
            )
            for route in policy.routes
        }
        self.chat = (
            _topic(self, "Chat", "Lambda Warden chat", name=chat_topic(prefix))
            if policy.chat
            else None
        )

    @property
    def arns(self) -> list[str]:
        """The ARNs of all of them."""
        topics = [self.topic, *self.routes.values(), *([self.chat] if self.chat else [])]
        return [topic.topic_arn for topic in topics]

    @property
    def reach(self) -> Reach:
        """What who publishes works with; it finds the other topics by their names."""
        return Reach({"topics": tuple(self.arns)}, {"WARDEN_TOPIC_ARN": self.topic.topic_arn})


def _topic(
    scope: Construct,
    id_: str,
    shown: str,
    *,
    name: str | None = None,
    emails: Iterable[str] = (),
) -> sns.Topic:
    topic = sns.Topic(scope, id_, topic_name=name, display_name=shown, enforce_ssl=True)
    for email in emails:
        topic.add_subscription(subscriptions.EmailSubscription(email))
    return topic
