"""What Warden consists of, as CloudFormation lists it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

FUNCTIONS: Final = "AWS::Lambda::Function"
QUEUES: Final = "AWS::SQS::Queue"
TABLES: Final = "AWS::DynamoDB::Table"
TOPICS: Final = "AWS::SNS::Topic"
LOG_GROUPS: Final = "AWS::Logs::LogGroup"
ALARMS: Final = "AWS::CloudWatch::Alarm"
DASHBOARDS: Final = "AWS::CloudWatch::Dashboard"
KEYS: Final = "AWS::KMS::Key"

Resources = Mapping[str, Sequence[str]]
"""Physical ids by resource type."""


def stack_resources(client: "CloudFormationClient", stack: str) -> Resources:
    """The resources of a stack.

    Args:
        client: CloudFormation.
        stack: Name of the stack.
    """
    found: dict[str, list[str]] = {}
    for page in client.get_paginator("list_stack_resources").paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if physical := resource.get("PhysicalResourceId"):
                found.setdefault(resource["ResourceType"], []).append(physical)
    return found
