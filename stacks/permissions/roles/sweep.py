"""The sweep lists the estate, and says what the events missed."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    LIST_FUNCTIONS,
    LOSE_NO_CALL,
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
    TELL_OF_FUNCTIONS,
    LOSE_NO_CALL,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
