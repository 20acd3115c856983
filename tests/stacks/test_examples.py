import json

from aws_cdk import App
from aws_cdk.assertions import Match, Template

from examples.forward_alerts.app import CENTRAL, ForwardingWarden
from examples.page_on_call.app import PagingWarden
from examples.route_alerts.app import RoutedWarden
from examples.tags_only.app import CONFIG, DataPlatform
from tests.stacks.conftest import DEPLOYED


def test_a_user_routes_one_teams_urgent_alerts_to_a_queue() -> None:
    template = Template.from_stack(RoutedWarden(App(), "Example"))
    template.resource_count_is("AWS::Lambda::Function", len(DEPLOYED))
    template.has_resource_properties(
        "AWS::SNS::Subscription",
        {
            "Protocol": "sqs",
            "FilterPolicy": {"owner": ["payments"], "severity": ["critical", "high"]},
        },
    )


def test_a_user_pages_for_what_is_critical_and_hears_when_the_pager_is_silent() -> None:
    template = Template.from_stack(PagingWarden(App(), "Example"))
    template.resource_count_is("AWS::Events::ApiDestination", 1)
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "Description": "Pages somebody",
            "EventPattern": Match.object_like(
                {"detail": {"severity": ["critical"], "muted": [""]}}
            ),
        },
    )
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmDescription": Match.string_like_regexp("PagerDuty did not take"),
            "AlarmActions": [{"Ref": Match.string_like_regexp("^AlertingTopics")}],
        },
    )


def test_a_user_sends_every_alert_to_a_central_account() -> None:
    template = Template.from_stack(ForwardingWarden(App(), "Example"))
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventBusName": Match.any_value(),
            "EventPattern": {"source": ["lambda.warden"]},
            "Targets": [Match.object_like({"Arn": CENTRAL, "DeadLetterConfig": Match.any_value()})],
        },
    )


def test_a_user_takes_the_tag_enforcer_and_the_notifier_alone() -> None:
    template = Template.from_stack(DataPlatform(App(), "Example"))
    functions = {
        one["Properties"]["FunctionName"]: one["Properties"]
        for one in template.find_resources("AWS::Lambda::Function").values()
    }
    assert set(functions) == {"data-tags-tag-enforcer", "data-tags-notifier"}
    settings = json.loads(
        functions["data-tags-tag-enforcer"]["Environment"]["Variables"]["WARDEN_CONFIG"]
    )
    assert settings["tags"]["owner_tag"] == CONFIG.tags.owner_tag
    template.resource_count_is("AWS::S3::Bucket", 2)
    template.resource_count_is("AWS::Events::Rule", 8)
    template.has_resource_properties(
        "AWS::SNS::Subscription",
        {"Protocol": "email", "Endpoint": Match.any_value()},
    )
