"""A stack of the ways out alone, deployed to the embedded AWS by CloudFormation."""

import json
from collections.abc import Mapping
from typing import Any, Final

from aws_cdk import App, CfnOutput, DefaultStackSynthesizer, SecretValue, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template

from demo.local_aws import LocalAws
from functions.shared.config import NotificationPolicy, Route
from stacks import event_patterns
from stacks.alert_bus import AlertBus
from stacks.alert_topic import AlertTopic
from stacks.bus_subscriber import Wanted
from stacks.pager_duty import PagerDuty
from stacks.webhooks import CloudEventsWebhook, Opsgenie, SlackWebhook, TeamsWebhook

PREFIX: Final = "watch"
ROUTING_KEY: Final = "0123456789abcdef0123456789abcdef"
GENIE_KEY: Final = "GenieKey 0123"
HOOKED: Final = "hooked"
_SECRET: Final = "pager-duty/payments"
_STACK: Final = "Channels"


def deploy(aws: LocalAws, pager: str, hooks: str) -> dict[str, str]:
    """Deploy topics, bus and pager.

    Args:
        aws: Where to.
        pager: Address of what stands in for PagerDuty.
        hooks: Address of what stands in for chats, Opsgenie and a web server.

    Returns:
        The outputs of the stack: `Main`, `Payments`, `Chat`, `Bus`, `Urgent` (a queue's URL).
    """
    secret = {_SECRET: ROUTING_KEY, "opsgenie": GENIE_KEY}
    secret |= {name: f"{hooks}/{name}" for name in ("slack", "teams")}
    for name, text in secret.items():
        aws.client("secretsmanager").create_secret(Name=name, SecretString=text)
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=_STACK,
        TemplateBody=json.dumps(_template(pager, hooks)),
        Capabilities=["CAPABILITY_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    (stack,) = cloudformation.describe_stacks(StackName=_STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _template(pager: str, hooks: str) -> Mapping[str, Any]:
    synthesizer = DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    stack = Stack(App(), _STACK, synthesizer=synthesizer)
    routes = (Route(name="payments", owners=("payments",)),)
    topics = AlertTopic(
        stack, "Ways", policy=NotificationPolicy(routes=routes, chat=True), prefix=PREFIX
    )
    bus = AlertBus(stack, "AlertBus", prefix=PREFIX).bus
    urgent = sqs.Queue(stack, "UrgentReader")
    events.Rule(
        stack,
        "UrgentAlerts",
        event_bus=bus,
        event_pattern=event_patterns.alerts(severities=["critical", "high"]),
        targets=[targets.SqsQueue(urgent)],
    )
    PagerDuty(
        stack,
        "PagerDuty",
        bus=bus,
        routing_key=secrets.Secret.from_secret_name_v2(stack, "RoutingKey", _SECRET),
        endpoint=pager,
    )
    _subscribe(stack, bus, hooks)
    chat = topics.chat.topic_arn if topics.chat else ""
    outputs = {
        "Main": topics.topic.topic_arn,
        "Payments": topics.routes["payments"].topic_arn,
        "Chat": chat,
        "Bus": bus.event_bus_name,
        "Urgent": urgent.queue_url,
    }
    for name, value in outputs.items():
        CfnOutput(stack, name, value=value)
    return Template.from_stack(stack).to_json()


def _subscribe(stack: Stack, bus: events.IEventBus, hooks: str) -> None:
    """Everybody else who hears over HTTPS, of one owner's alerts of medium severity."""
    wanted = Wanted(severities=("medium",), owners=(HOOKED,))

    def secret(name: str) -> secrets.ISecret:
        return secrets.Secret.from_secret_name_v2(stack, f"Secret-{name}", name)

    SlackWebhook(stack, "Slack", bus=bus, url=secret("slack"), wanted=wanted)
    TeamsWebhook(stack, "Teams", bus=bus, url=secret("teams"), wanted=wanted)
    Opsgenie(
        stack,
        "Opsgenie",
        bus=bus,
        api_key=secret("opsgenie"),
        wanted=wanted,
        endpoint=f"{hooks}/v2/alerts",
    )
    CloudEventsWebhook(
        stack,
        "Server",
        bus=bus,
        endpoint=f"{hooks}/events",
        authorization=events.Authorization.api_key("X-Key", SecretValue.unsafe_plain_text("key")),
        wanted=wanted,
    )
