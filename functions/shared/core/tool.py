"""Which tool manages a function: by its tags, and by who made the last call. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Tool(StrEnum):
    """A tool that deploys functions, and writes their tags anew when it does."""

    CLOUDFORMATION = "CloudFormation"
    CDK = "AWS CDK"
    SAM = "AWS SAM"
    SERVERLESS = "Serverless Framework"
    SST = "SST"
    TERRAFORM = "Terraform"
    PULUMI = "Pulumi"


# Source: CloudFormation user guide, "Resource tags"; AWS SAM developer guide, "Generated resources"
# (`lambda:createdBy`); SST documentation, "Global tags" (`sst:app`, `sst:stage`).
STACK_TAG: Final = "aws:cloudformation:stack-name"
_LOGICAL_ID: Final = "aws:cloudformation:logical-id"
# Conventions of teams; Terraform and Pulumi set no tags of their own.
_MANAGED_BY: Final = frozenset({"managedby", "managed-by", "managed_by", "provisioner", "iac"})
_WORDS: Final = (
    ("terraform", Tool.TERRAFORM),
    ("opentofu", Tool.TERRAFORM),
    ("pulumi", Tool.PULUMI),
    ("serverless", Tool.SERVERLESS),
    ("cdktf", Tool.TERRAFORM),
    ("sst", Tool.SST),
)
# CDK ends a logical id in eight digits of a hash; the Serverless Framework in a word.
_CDK_ID: Final = re.compile(r"[A-Za-z0-9]+[0-9A-F]{8}")
_AGENTS: Final = (
    ("terraform", Tool.TERRAFORM),
    ("opentofu", Tool.TERRAFORM),
    ("pulumi", Tool.PULUMI),
    ("cloudformation.amazonaws.com", Tool.CLOUDFORMATION),
    ("aws-sam-cli", Tool.SAM),
)
"""Words of a call's user agent, as CloudTrail records it."""


def tool_of_tags(tags: Mapping[str, str]) -> Tool | None:
    """The tool that a function's tags tell of; None where none does."""
    low = {key.lower(): value.lower() for key, value in tags.items()}
    if any(key.startswith("sst:") for key in low):
        return Tool.SST
    if low.get("lambda:createdby") == "sam":
        return Tool.SAM
    if STACK_TAG in tags:
        return _of_logical_id(tags.get(_LOGICAL_ID, ""))
    for key, value in low.items():
        for word, tool in _WORDS:
            if key in _MANAGED_BY and word in re.split(r"[^a-z]+", value):
                return tool
            if re.split(r"[^a-z]+", key)[0] == word and value not in {"false", "no", "0"}:
                return tool
    return None


def tool_of_agent(agent: str) -> Tool | None:
    """The tool that made a call, by its user agent; None for people and unknown tools."""
    low = agent.lower()
    return next((tool for word, tool in _AGENTS if word in low), None)


def _of_logical_id(id_: str) -> Tool:
    if id_.endswith("LambdaFunction"):
        return Tool.SERVERLESS
    return Tool.CDK if _CDK_ID.fullmatch(id_) else Tool.CLOUDFORMATION
