"""The sweep lists the estate, and says what the events missed."""

from typing import Final

from functions.shared.config import OWN_CONCURRENCY, WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    LIST_FUNCTIONS,
    LOSE_NO_CALL,
    NO_RESOURCES,
    READ_TAGS_IN_BULK,
    TELL_OF_FUNCTIONS,
)

_ALWAYS: Final = (
    LIST_FUNCTIONS,
    READ_TAGS_IN_BULK,
    Grant(
        "CompareRecords",
        ("dynamodb:BatchGetItem", "dynamodb:UpdateItem"),
        ("{table}",),
        "Compare the list with what is remembered, and remember it.",
    ),
    Grant(
        "SeeWhichPolicyIsInForce",
        ("dynamodb:GetItem",),
        ("{table}",),
        "Have everything judged anew when the policy changed.",
    ),
    Grant(
        "ReadAgenda",
        ("dynamodb:Query",),
        ("{table}/index/agenda",),
        "Find open alerts about functions that are not listed any more.",
    ),
    Grant(
        "WriteListDown",
        ("s3:PutObject",),
        ("{bucket}/estate/functions.json",),
        "Write the list of functions down, for whoever wants the estate without listing it.",
    ),
    Grant(
        "ReserveForWardensOwn",
        (
            "lambda:DeleteFunctionConcurrency",
            "lambda:GetFunctionConcurrency",
            "lambda:PutFunctionConcurrency",
        ),
        tuple(
            f"arn:{{partition}}:lambda:{{region}}:{{account}}:function:{{prefix}}-{part}"
            for part in OWN_CONCURRENCY
        ),
        "Reserve concurrency for those parts of Warden that see a runaway, act and tell, where the "
        "account has room, and take it back where `guard.own_concurrency` is off.",
    ),
    Grant(
        "ReadTheAccountsRoom",
        ("lambda:GetAccountSettings",),
        ("*",),
        "See whether the account has room for that.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "KeepOwnConcurrency",
        ("dynamodb:GetItem", "dynamodb:PutItem"),
        ("{table}",),
        "Write down what it reserved before it does, so that it takes back nothing of others.",
    ),
    TELL_OF_FUNCTIONS,
    LOSE_NO_CALL,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
