"""The topics that alerts and Warden's own alarms go to."""

from collections.abc import Iterable

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
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
    filtered subscription does not get them. All topics take encrypted connections only, and are
    encrypted at rest. AWS's own key for SNS would cost nothing, but CloudWatch's alarms may not use
    it, and its policy cannot be changed.

    Attributes:
        key: What encrypts them, None for nothing.
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
        key: str = "own",
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
            key: What encrypts them: `own` for a key that is made here, `none`, or the ARN of a key.
        """
        super().__init__(scope, id)
        policy = policy or NotificationPolicy()
        self.key = _key(self, key, prefix)
        self.topic = _topic(self, "Topic", "Lambda Warden", self.key, emails=emails)
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
                self.key,
                name=route_topic(prefix, route.name),
                emails=route.emails,
            )
            for route in policy.routes
        }
        self.chat = (
            _topic(self, "Chat", "Lambda Warden chat", self.key, name=chat_topic(prefix))
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
        key = self.key.key_arn if self.key else ""
        places: dict[str, str | tuple[str, ...]] = {"topics": tuple(self.arns), "topic_key": key}
        return Reach(places, {"WARDEN_TOPIC_ARN": self.topic.topic_arn})


def _key(scope: Construct, wanted: str, prefix: str) -> kms.IKey | None:
    """The key of the topics, which the alarms of CloudWatch may use."""
    if wanted == "none":
        return None
    if wanted != "own":
        return kms.Key.from_key_arn(scope, "Key", wanted)
    key = kms.Key(
        scope,
        "Key",
        description=f"Encrypts the alerts of {prefix} while SNS delivers them",
        # Each version of a key costs as much as the key, and nothing that it encrypts lasts.
        enable_key_rotation=True,
        rotation_period=Duration.days(2560),
        removal_policy=RemovalPolicy.DESTROY,
        pending_window=Duration.days(7),
    )
    # Which alarms may publish is what the topic's policy says, by account.
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsOfCloudWatch",
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
        )
    )
    return key


def _topic(
    scope: Construct,
    id_: str,
    shown: str,
    key: kms.IKey | None,
    *,
    name: str | None = None,
    emails: Iterable[str] = (),
) -> sns.Topic:
    topic = sns.Topic(
        scope, id_, topic_name=name, display_name=shown, master_key=key, enforce_ssl=True
    )
    for email in emails:
        topic.add_subscription(subscriptions.EmailSubscription(email))
    return topic
