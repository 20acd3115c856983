"""What Lambda says about a function: each answer on its own, so that one refusal hides no other."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from functions.scanner.facts import Configuration, Statement
from functions.shared.arn import FunctionArn
from functions.shared.aws import ask
from functions.shared.events.change import UrlAccess
from functions.shared.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import GetFunctionResponseTypeDef


def function(
    client: "LambdaClient", arn: FunctionArn
) -> tuple[Reading[Configuration], Reading[Mapping[str, str]]]:
    """The configuration, and the tags that the same call returns."""
    answer = ask("reading the function", lambda: client.get_function(FunctionName=str(arn)))
    if isinstance(answer, Unknown):
        return answer, answer
    return Known(_configuration(answer.value)), _tags(answer.value)


def policy(client: "LambdaClient", arn: FunctionArn) -> Reading[tuple[Statement, ...]]:
    """The allowing statements of the resource policy; none where there is no policy.

    Ask only about functions that exist: for others AWS gives the same answer as for no policy.
    """
    answer = ask(
        "reading the resource policy", lambda: client.get_policy(FunctionName=str(arn))["Policy"]
    )
    if isinstance(answer, Unknown):
        return Known(()) if answer.missing else answer
    try:
        return Known(_statements(json.loads(answer.value)))
    except (ValueError, TypeError, AttributeError):
        return Unknown("the resource policy is no policy document")


def urls(client: "LambdaClient", arn: FunctionArn) -> Reading[tuple[UrlAccess, ...]]:
    """All URLs of the function and its aliases; ask only about functions that exist."""

    def read() -> tuple[UrlAccess, ...]:
        pages = client.get_paginator("list_function_url_configs").paginate(FunctionName=str(arn))
        return tuple(_url(config) for page in pages for config in page["FunctionUrlConfigs"])

    answer = ask("reading the function URLs", read)
    return Known(()) if isinstance(answer, Unknown) and answer.missing else answer


def layer_location(client: "LambdaClient", arn: str) -> Reading[tuple[str, str]]:
    """Where a layer version can be downloaded, and the digest of its content."""
    layer, _, version = arn.rpartition(":")
    if not version.isdecimal():
        return Unknown(f"reading the layer {arn}: no version in its ARN")

    def read() -> tuple[str, str]:
        answer = client.get_layer_version(LayerName=layer, VersionNumber=int(version))
        content = answer["Content"]
        return content.get("Location", ""), content.get("CodeSha256", "")

    return ask(f"reading the layer {arn}", read)


def _configuration(answer: "GetFunctionResponseTypeDef") -> Configuration:
    configuration = answer["Configuration"]
    return Configuration(
        runtime=configuration.get("Runtime", ""),
        package_type=configuration.get("PackageType", "Zip"),
        code_sha256=configuration.get("CodeSha256", ""),
        revision=configuration.get("RevisionId", ""),
        role=configuration.get("Role", ""),
        layers=tuple(layer.get("Arn", "") for layer in configuration.get("Layers", [])),
        tracing=configuration.get("TracingConfig", {}).get("Mode", ""),
        failure_target=configuration.get("DeadLetterConfig", {}).get("TargetArn", ""),
        code_url=answer.get("Code", {}).get("Location", ""),
        variables=_variables(configuration),
    )


def _variables(configuration: Mapping[str, Any]) -> Reading[Mapping[str, str]]:
    environment = configuration.get("Environment") or {}
    if error := environment.get("Error"):
        return Unknown(f"decrypting the environment: {error.get('ErrorCode', 'no code given')}")
    return Known(environment.get("Variables") or {})


def _tags(answer: "GetFunctionResponseTypeDef") -> Reading[Mapping[str, str]]:
    error = cast("Mapping[str, Any]", answer).get("TagsError")
    if error:
        return Unknown(f"reading the tags: {error.get('ErrorCode', 'no code given')}")
    return Known(answer.get("Tags", {}))


def _statements(document: Mapping[str, Any]) -> tuple[Statement, ...]:
    statements = _as_list(document.get("Statement"))
    return tuple(
        Statement(
            sid=str(statement.get("Sid", "")),
            principals=_principals(statement),
            actions=tuple(map(str, _as_list(statement.get("Action")))),
            conditions=_conditions(statement.get("Condition")),
        )
        for statement in statements
        if statement.get("Effect") == "Allow"
    )


def _principals(statement: Mapping[str, Any]) -> tuple[str, ...]:
    if "NotPrincipal" in statement:
        return ("*",)  # everyone but those named
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        return tuple(str(one) for value in principal.values() for one in _as_list(value))
    return tuple(map(str, _as_list(principal)))


def _conditions(condition: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(condition, dict):
        return {}
    return {
        str(key).lower(): tuple(map(str, _as_list(value)))
        for operator, keys in condition.items()
        if _demands(str(operator))
        for key, value in keys.items()
    }


def _demands(operator: str) -> bool:
    """Whether a condition operator demands a value.

    Negated ones, `...IfExists`, `ForAllValues:` and `Null` let a request pass that has none (IAM
    user guide, "IAM JSON policy elements: Condition operators"): they narrow nothing down.
    """
    name = operator.lower()
    return not ("not" in name or "null" in name or name.startswith("forallvalues:")) and (
        not name.endswith("ifexists")
    )


def _as_list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _url(config: Mapping[str, Any]) -> UrlAccess:
    cors = config.get("Cors") or {}
    return UrlAccess(
        auth_type=str(config.get("AuthType", "")),
        allowed_origins=tuple(map(str, cors.get("AllowOrigins") or ())),
        allows_credentials=cors.get("AllowCredentials") is True,
    )
