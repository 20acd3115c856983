"""Who may call a function, as Lambda says it: its resource policy and its URLs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn, qualifier_of
from functions.shared.core.policy_document import Policy, PolicyError, read_policy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import UrlAccess

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class Statement:
    """One allowing statement of a function's resource policy, flattened: whom it is meant for.

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


def policy(client: "LambdaClient", arn: FunctionArn, qualifier: str = "") -> Reading[Policy]:
    """The resource policy of a function, or of one of its versions or aliases.

    It has no statements where there is no policy. Ask only about what exists: for the rest AWS
    gives the same answer as for no policy.
    """
    where = {"Qualifier": qualifier} if qualifier else {}
    answer = ask(
        "reading the resource policy",
        lambda: client.get_policy(FunctionName=str(arn), **where)["Policy"],
    )
    if isinstance(answer, Unknown):
        return Known(Policy()) if answer.missing else answer
    try:
        return Known(read_policy(answer.value))
    except PolicyError as error:
        return Unknown(f"the resource policy is no policy document ({error})")


def urls(client: "LambdaClient", arn: FunctionArn) -> Reading[tuple[UrlAccess, ...]]:
    """All URLs of the function and its aliases; ask only about functions that exist."""

    def read() -> tuple[UrlAccess, ...]:
        pages = client.get_paginator("list_function_url_configs").paginate(FunctionName=str(arn))
        return tuple(_url(config) for page in pages for config in page["FunctionUrlConfigs"])

    answer = ask("reading the function URLs", read)
    return Known(()) if isinstance(answer, Unknown) and answer.missing else answer


def allowing(policy: Policy) -> tuple[Statement, ...]:
    """The allowing statements of a policy, flattened."""
    return tuple(
        Statement(
            sid=one.sid,
            # Everyone but those named is everyone.
            principals=("*",) if one.but_principals else tuple(p.name for p in one.principals),
            actions=one.actions,
            conditions={c.key: c.values for c in one.conditions if _demands(c.operator)},
        )
        for one in policy.statements
        if one.allows
    )


def _demands(operator: str) -> bool:
    """Whether a condition operator demands a value.

    Negated ones, `...IfExists`, `ForAllValues:` and `Null` let a request pass that has none (IAM
    user guide, "IAM JSON policy elements: Condition operators"): they narrow nothing down.
    """
    name = operator.lower()
    return not ("not" in name or "null" in name or name.startswith("forallvalues:")) and (
        not name.endswith("ifexists")
    )


def _url(config: Mapping[str, Any]) -> UrlAccess:
    cors = config.get("Cors") or {}
    return UrlAccess(
        auth_type=str(config.get("AuthType", "")),
        allowed_origins=tuple(map(str, cors.get("AllowOrigins") or ())),
        allows_credentials=cors.get("AllowCredentials") is True,
        qualifier=qualifier_of(str(config.get("FunctionArn", ""))),
        created_at=_moment(config.get("CreationTime")),
    )


def _moment(text: object) -> datetime | None:
    """A time as Lambda writes it, `2026-03-02T09:00:00.000+0000` too; None where it is none."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read if read.tzinfo else None
