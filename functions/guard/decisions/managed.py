"""Which tool manages a function, as its tags tell. Pure."""

from collections.abc import Mapping
from typing import Final

from functions.shared.core.text import plain

# Source: CloudFormation user guide, "Resource tags" (the tags that it sets itself); the AWS
# Serverless Application Model's `lambda:createdBy`.
_STACK: Final = "aws:cloudformation:stack-name"
_SAM: Final = ("lambda:createdby", "sam")
# Conventions of teams; the tools themselves set no tags.
_KEYS: Final = frozenset({"managedby", "managed-by", "managed_by", "provisioner", "iac"})
_TOOLS: Final = ("terraform", "opentofu", "pulumi", "serverless", "cdktf", "crossplane")


def managed_by(tags: Mapping[str, str]) -> str:
    """The tool, and what it calls the function's part; empty where no tag tells of one."""
    if stack := tags.get(_STACK):
        return f"CloudFormation (stack {plain(stack, 128)})"
    for key, value in tags.items():
        low_key, low_value = key.lower(), value.lower()
        if (low_key, low_value) == _SAM:
            return "CloudFormation (AWS SAM)"
        for tool in _TOOLS:
            if (low_key in _KEYS and tool in low_value) or (
                low_key.startswith(tool) and low_value not in {"false", "no", "0"}
            ):
                return f"{tool.capitalize()} (tag {plain(key, 60)}={plain(value, 60)})"
    return ""


def will_revert(manager: str) -> str:
    """What the tool does to a value that it did not set."""
    if manager.startswith("CloudFormation"):
        return (
            f"{manager} manages it: an update that changes the reserved concurrency replaces "
            "the value, others leave it."
        )
    return f"{manager} manages it and may set the value back at its next run."
