"""CloudFormation makes, changes and deletes the connections and API destinations of EventBridge."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.local_aws import LocalAws
from tests.integration.local_aws.scene import eventually

STACK = "pager"


def template(endpoint: str, key: str) -> str:
    parameters = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": key}}
    connection = {"AuthorizationType": "API_KEY", "AuthParameters": parameters}
    destination = {
        "ConnectionArn": {"Fn::GetAtt": ["Connection", "Arn"]},
        "HttpMethod": "POST",
        "InvocationEndpoint": endpoint,
    }
    return json.dumps(
        {
            "Resources": {
                "Connection": {"Type": "AWS::Events::Connection", "Properties": connection},
                "Destination": {"Type": "AWS::Events::ApiDestination", "Properties": destination},
            },
            "Outputs": {
                "Connection": {"Value": {"Ref": "Connection"}},
                "Destination": {"Value": {"Ref": "Destination"}},
                "Arn": {"Value": {"Fn::GetAtt": ["Destination", "Arn"]}},
            },
        }
    )


@pytest.fixture
def cloudformation(aws: LocalAws) -> Iterator[Any]:
    client = aws.client("cloudformation")
    client.create_stack(StackName=STACK, TemplateBody=template("https://a.example/v2", "first"))
    client.get_waiter("stack_create_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    yield client
    client.delete_stack(StackName=STACK)


def outputs(cloudformation: Any) -> dict[str, str]:
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def test_a_stack_makes_changes_and_deletes_them(aws: LocalAws, cloudformation: Any) -> None:
    events, names = aws.client("events"), outputs(cloudformation)
    made = events.describe_api_destination(Name=names["Destination"])
    assert made["InvocationEndpoint"] == "https://a.example/v2"
    assert made["ApiDestinationArn"] == names["Arn"]
    connection = events.describe_connection(Name=names["Connection"])
    assert made["ConnectionArn"] == connection["ConnectionArn"]

    cloudformation.update_stack(
        StackName=STACK, TemplateBody=template("https://b.example/v2", "second")
    )
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    assert outputs(cloudformation) == names
    changed = events.describe_api_destination(Name=names["Destination"])
    assert changed["InvocationEndpoint"] == "https://b.example/v2"

    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    with pytest.raises(ClientError, match="does not exist"):
        events.describe_api_destination(Name=names["Destination"])
    with pytest.raises(ClientError, match="does not exist"):
        events.describe_connection(Name=names["Connection"])


def test_a_stack_with_a_wrong_endpoint_fails_and_says_so(aws: LocalAws) -> None:
    client = aws.client("cloudformation")
    client.create_stack(StackName="wrong", TemplateBody=template("no address", "key"))

    def reasons() -> list[str]:
        seen = client.describe_stack_events(StackName="wrong")["StackEvents"]
        return [one["ResourceStatusReason"] for one in seen if "FAILED" in one["ResourceStatus"]]

    (reason,) = eventually(reasons)
    assert "InvocationEndpoint" in reason
