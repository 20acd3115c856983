import json

from aws_cdk import App
from aws_cdk.assertions import Match, Template

from examples.route_alerts.app import RoutedWarden
from examples.tags_only.app import CONFIG, DataPlatform


def test_a_user_routes_one_teams_urgent_alerts_to_a_queue() -> None:
    template = Template.from_stack(RoutedWarden(App(), "Example"))
    template.resource_count_is("AWS::Lambda::Function", 6)
    template.has_resource_properties(
        "AWS::SNS::Subscription",
        {
            "Protocol": "sqs",
            "FilterPolicy": {"owner": ["payments"], "severity": ["critical", "high"]},
        },
    )


def test_a_user_takes_the_tag_enforcer_alone() -> None:
    template = Template.from_stack(DataPlatform(App(), "Example"))
    functions = template.find_resources("AWS::Lambda::Function").values()
    (function,) = (one["Properties"] for one in functions)
    assert function["FunctionName"] == "data-tags-tag-enforcer"
    settings = json.loads(function["Environment"]["Variables"]["WARDEN_CONFIG"])
    assert settings["tags"]["owner_tag"] == CONFIG.tags.owner_tag
    template.resource_count_is("AWS::S3::Bucket", 1)
    template.resource_count_is("AWS::Events::Rule", 2)
    template.has_resource_properties(
        "AWS::SNS::Subscription",
        {"Protocol": "email", "Endpoint": Match.any_value()},
    )
