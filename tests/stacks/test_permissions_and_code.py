"""The table against the code: what is called is granted, and what is granted is called."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from functions.shared.config import load_config
from stacks.packaging.project import FUNCTIONS
from stacks.part import Part
from stacks.permissions.roles.items import WRITTEN_BY
from stacks.permissions.table import grants

SERVICES = {
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "cloudtrail": "cloudtrail",
    "ecr": "ecr",
    "events": "events",
    "iam": "iam",
    "lambda": "lambda",
    "resourcegroupstaggingapi": "tag",
    "s3": "s3",
    "scheduler": "scheduler",
    "securityhub": "securityhub",
    "sns": "sns",
    "sqs": "sqs",
    "xray": "xray",
}
SAME_PERMISSION = {
    "dynamodb:TransactWriteItems": "dynamodb:PutItem",
    "s3:ListObjectsV2": "s3:ListBucket",
}
ASKED_FOR_INDIRECTLY = {
    "iam:PassRole": "CreateSchedule checks it",
    "kms:Decrypt": "SNS asks for the topic's key in the name of who publishes",
    "kms:GenerateDataKey": "SNS asks for the topic's key in the name of who publishes",
    "lambda:ListTags": "GetFunction adds the tags for those who may list them",
    "logs:CreateLogStream": "the runtime writes the log",
    "logs:PutLogEvents": "the runtime writes the log",
    "s3:ListBucket": "S3 checks it before it says that an object is missing",
    "sqs:DeleteMessage": "Lambda polls the queue",
    "sqs:GetQueueAttributes": "Lambda polls the queue",
    "sqs:ReceiveMessage": "Lambda polls the queue",
    "sqs:SendMessage": "Lambda keeps failed asynchronous calls",
    "xray:PutTelemetryRecords": "the runtime sends traces",
    "xray:PutTraceSegments": "the runtime sends traces",
}
ALSO_NAMES_OF_OUR_OWN = {"get_template", "scan"}
EVERYTHING_ON = load_config(
    {
        "notifications": {"security_hub": True},
        "guard": {"mode": "enforce"},
        "advisories": {"location": "s3://mirror/osv", "known_exploited": "s3://mirror/kev.json"},
    }
)


def _operations() -> dict[str, set[str]]:
    """boto3's method names, each with the IAM actions that it may need."""
    session = botocore.session.get_session()
    found: dict[str, set[str]] = {}
    for service, prefix in SERVICES.items():
        for operation in session.get_service_model(service).operation_names:
            action = f"{prefix}:{operation}"
            found.setdefault(xform_name(operation), set()).add(SAME_PERMISSION.get(action, action))
    return found


OPERATIONS = _operations()


def _calls(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Where AWS is called below a folder, and with what permissions."""
    for path in folder.rglob("*.py"):
        if path.name == "shell.py" or "cli" in path.parts:
            continue  # runs at a terminal, with a person's own credentials
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if name == "get_paginator" and isinstance(node.args[0], ast.Constant):
                    name = str(node.args[0].value)
                if name in OPERATIONS and name not in ALSO_NAMES_OF_OUR_OWN:
                    yield f"{path.relative_to(FUNCTIONS)}:{node.lineno}", OPERATIONS[name]


def _granted(part: Part) -> set[str]:
    return {
        action
        for grant in grants(part, EVERYTHING_ON)
        if not grant.denied
        for action in grant.actions
    }


@pytest.mark.parametrize("part", Part)
def test_every_call_of_a_function_is_granted(part: Part) -> None:
    missing = [
        (place, actions)
        for place, actions in _calls(FUNCTIONS / part.folder)
        if not actions & _granted(part)
    ]
    assert not missing


@pytest.mark.parametrize("part", Part)
def test_nothing_is_granted_that_no_code_calls(part: Part) -> None:
    called = {
        action
        for folder in (part.folder, "shared")
        for _, actions in _calls(FUNCTIONS / folder)
        for action in actions
    }
    assert _granted(part) - called - set(ASKED_FOR_INDIRECTLY) == set()


@pytest.mark.parametrize("part", WRITTEN_BY)
def test_what_a_part_keeps_under_a_key_of_its_own_it_may_write(part: Part) -> None:
    """One key that is missing here, and the part is refused its own items once it is deployed."""
    own = re.compile(r'^_PK: Final = "([A-Z_]+)"$', re.MULTILINE)
    for path in (Path("functions") / part.folder).rglob("*.py"):
        for key in own.findall(path.read_text(encoding="utf-8")):
            assert key in WRITTEN_BY[part], path
