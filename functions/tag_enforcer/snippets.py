"""How a tag is written in the tool that manages a function. Pure."""

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from functions.shared.core.arn import FunctionArn
from functions.shared.core.tool import Tool

_Writer: TypeAlias = Callable[[Mapping[str, str]], str]


def _each(tags: Mapping[str, str], form: str, between: str) -> str:
    pairs = [(json.dumps(key), json.dumps(value)) for key, value in tags.items()]
    return between.join(form.format(key=key, value=value) for key, value in pairs)


# Sources: AWS::Lambda::Function, "Tags"; AWS SAM, AWS::Serverless::Function, "Tags"; CDK, `Tags`;
# Serverless Framework, serverless.yml reference, functions.tags; SST, Function, `transform`;
# terraform-provider-aws, aws_lambda_function, `tags`; Pulumi, aws.lambda.Function, `tags`.
_WRITERS: Final[Mapping[Tool, tuple[str, _Writer]]] = {
    Tool.CLOUDFORMATION: (
        "in the properties of the function in its template",
        lambda tags: f"Tags: [{_each(tags, '{{Key: {key}, Value: {value}}}', ', ')}]",
    ),
    Tool.SAM: (
        "in the properties of the function in its template",
        lambda tags: f"Tags: {{{_each(tags, '{key}: {value}', ', ')}}}",
    ),
    Tool.CDK: (
        "after the function in the CDK app",
        lambda tags: _each(tags, "Tags.of(fn).add({key}, {value})", "; "),
    ),
    Tool.SERVERLESS: (
        "below the function in serverless.yml",
        lambda tags: f"tags: {{{_each(tags, '{key}: {value}', ', ')}}}",
    ),
    Tool.SST: (
        "in the arguments of the function in sst.config.ts",
        lambda tags: (
            f"transform: {{function: {{tags: {{{_each(tags, '{key}: {value}', ', ')}}}}}}}"
        ),
    ),
    Tool.TERRAFORM: (
        "in the function's aws_lambda_function",
        lambda tags: f"tags = {{{_each(tags, '{key} = {value}', ', ')}}}",
    ),
    Tool.PULUMI: (
        "in the arguments of the function's aws.lambda.Function",
        lambda tags: f"tags: {{{_each(tags, '{key}: {value}', ', ')}}}",
    ),
}


def instruction(tool: Tool | None, function: FunctionArn, tags: Mapping[str, str]) -> str:
    """What to write where, so that the function has these tags and keeps them.

    Args:
        tool: What manages the function; None where nothing does.
        function: The function.
        tags: The tags to write; words in capitals stand for a choice.
    """
    if tool is None:
        pairs = shlex.quote(json.dumps(dict(tags), ensure_ascii=False, separators=(",", ":")))
        return f"Run: aws lambda tag-resource --resource {function} --tags {pairs}"
    place, write = _WRITERS[tool]
    return (
        f"{tool} manages the function and would take other tags away. Write {place}: {write(tags)}"
    )
