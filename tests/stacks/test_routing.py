"""The ways out as a stack makes them: topics by route, the bus, the pager."""

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk.assertions import Match, Template

from functions.shared.alerting.notification import AlertEvent
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig, load_config
from stacks.alert_bus import AlertBus
from stacks.alert_topic import AlertTopic
from stacks.pager_duty import ACKNOWLEDGES, RESOLVES, TRIGGERS, PagerDuty
from tests.stacks.intrinsics import ACCOUNT, REGION, plain

ROUTED = load_config(
    {
        "name_prefix": "watch",
        "alert_emails": ["platform@example.com"],
        "notifications": {
            "chat": True,
            "routes": [
                {"name": "payments", "owners": ["payments"], "emails": ["payments@example.com"]},
                {"name": "orphans", "owners": ["unknown"]},
            ],
        },
    }
)


def topics(config: WardenConfig) -> tuple[AlertTopic, Template]:
    stack = Stack(App(), "Example")
    made = AlertTopic(
        stack,
        "Alerts",
        emails=config.alert_emails,
        policy=config.notifications,
        prefix=config.name_prefix,
    )
    return made, Template.from_stack(stack)


def properties(template: Template, kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in template.find_resources(kind).values()]


def test_without_routes_there_is_one_topic() -> None:
    made, template = topics(WardenConfig())
    template.resource_count_is("AWS::SNS::Topic", 1)
    assert set(made.reach.environment) == {"WARDEN_TOPIC_ARN"}


def test_a_topic_alone_needs_no_settings() -> None:
    stack = Stack(App(), "Example")
    AlertTopic(stack, "Alerts", emails=["team@example.com"])
    Template.from_stack(stack).resource_count_is("AWS::SNS::Topic", 1)


def test_each_route_and_the_chats_have_a_topic_with_a_name_that_people_recognise() -> None:
    _, template = topics(ROUTED)
    names = {one.get("TopicName") for one in properties(template, "AWS::SNS::Topic")}
    assert names == {None, "watch-alerts-payments", "watch-alerts-orphans", "watch-chat"}


def test_the_addresses_of_a_route_get_what_the_route_takes() -> None:
    _, template = topics(ROUTED)
    subscribed = {
        one["Endpoint"]: plain(one["TopicArn"])
        for one in properties(template, "AWS::SNS::Subscription")
    }
    assert set(subscribed) == {"platform@example.com", "payments@example.com"}
    assert "Route" in subscribed["payments@example.com"]
    assert "Route" not in subscribed["platform@example.com"]


def test_every_topic_refuses_unencrypted_connections() -> None:
    _, template = topics(ROUTED)
    policies = properties(template, "AWS::SNS::TopicPolicy")
    assert len(policies) == 4
    for policy in policies:
        denied = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_alarms_reach_the_main_topic_only() -> None:
    _, template = topics(ROUTED)
    reported = [
        plain(policy["Topics"])
        for policy in properties(template, "AWS::SNS::TopicPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    ]
    ((main,),) = reported
    assert "Route" not in main
    assert "Chat" not in main


def test_the_notifier_finds_each_topic_that_the_stack_makes() -> None:
    made, template = topics(ROUTED)
    assert set(made.reach.environment) == {"WARDEN_TOPIC_ARN"}
    read = Settings(
        config=ROUTED,
        account=ACCOUNT,
        region=REGION,
        topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:generated",
    )
    found = [*read.route_topics.values(), read.chat_topic_arn]
    made_topics = properties(template, "AWS::SNS::Topic")
    named = {one["TopicName"] for one in made_topics if "TopicName" in one}
    assert {arn.rpartition(":")[2] for arn in found} == named
    assert all(arn.startswith(f"arn:aws:sns:{REGION}:{ACCOUNT}:") for arn in found)
    assert set(read.route_topics) == {"payments", "orphans"}
    assert len(made.arns) == 4


@pytest.fixture(scope="module")
def pager() -> Template:
    stack = Stack(App(), "Example")
    PagerDuty(
        stack,
        "PagerDuty",
        bus=AlertBus(stack, "AlertBus", prefix="watch").bus,
        routing_key=secrets.Secret.from_secret_name_v2(stack, "Key", "pager/key"),
        owners=["payments"],
    )
    return Template.from_stack(stack)


def _rule(pager: Template, description: str) -> dict[str, Any]:
    (rule,) = (
        one
        for one in properties(pager, "AWS::Events::Rule")
        if one["Description"].startswith(description)
    )
    return rule


def test_every_kind_of_news_has_an_action_but_the_one_that_changes_nothing() -> None:
    used = [*TRIGGERS, *ACKNOWLEDGES, *RESOLVES]
    assert set(AlertEvent) - set(used) == {AlertEvent.MUTED}


def test_the_routing_key_comes_from_secrets_manager_only(pager: Template) -> None:
    (connection,) = properties(pager, "AWS::Events::Connection")
    parameters = connection["AuthParameters"]["InvocationHttpParameters"]["BodyParameters"]
    (key,) = parameters
    assert key["Key"] == "routing_key"
    assert key["IsValueSecret"] is True
    secret = plain(key["Value"])
    assert secret.startswith("{{resolve:secretsmanager:arn:aws:secretsmanager:")
    assert plain(connection["AuthParameters"]["ApiKeyAuthParameters"]["ApiKeyValue"]) == secret


def test_pager_duty_is_called_no_faster_than_it_wants(pager: Template) -> None:
    pager.has_resource_properties(
        "AWS::Events::ApiDestination",
        {
            "InvocationEndpoint": "https://events.pagerduty.com/v2/enqueue",
            "HttpMethod": "POST",
            "InvocationRateLimitPerSecond": 2,
        },
    )


def test_only_urgent_alerts_that_people_are_told_of_page(pager: Template) -> None:
    detail = _rule(pager, "Pages")["EventPattern"]["detail"]
    assert detail == {"severity": ["critical", "high"], "owner": ["payments"], "muted": [""]}


def test_a_page_is_followed_up_whatever_became_of_its_alert(pager: Template) -> None:
    acknowledged = _rule(pager, "Tells PagerDuty")["EventPattern"]["detail"]
    assert acknowledged == {"owner": ["payments"]}
    ended = _rule(pager, "Ends")["EventPattern"]["detail"]
    assert ended == {"owner": ["payments"], "incident": {"critical": [0], "high": [0]}}


def test_nothing_that_could_break_a_body_is_put_into_one_as_text(pager: Template) -> None:
    safe = {"$.detail.incident.key", "$.detail.pager.payload", "$.detail.pager.links"}
    for rule in properties(pager, "AWS::Events::Rule"):
        (target,) = rule["Targets"]
        assert set(target["InputTransformer"]["InputPathsMap"].values()) <= safe


def test_what_is_not_delivered_waits_for_a_person(pager: Template) -> None:
    for rule in properties(pager, "AWS::Events::Rule"):
        (target,) = rule["Targets"]
        assert "DeadLetters" in plain(target["DeadLetterConfig"]["Arn"])
    pager.has_resource_properties("AWS::SQS::Queue", {"MessageRetentionPeriod": 1209600})
    pager.has_resource_properties(
        "AWS::Events::EventBus", {"Name": "watch-alerts", "Description": Match.any_value()}
    )
