"""Who may call a function, as Lambda says it: its resource policy and its URLs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import UrlAccess

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class Statement:
    """One allowing statement of a function's resource policy, flattened for judgement.

    Attributes:
        sid: The statement's id.
        principals: `*`, accounts, ARNs or services, as the policy spells them.
        actions: Allowed actions.
        conditions: Condition keys in lower case with their values, as far as their operator
            demands a value; the operator is dropped.
    """

    sid: str
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
