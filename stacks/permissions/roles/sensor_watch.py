"""The sensor-watch keeps what sensors tell; it changes nothing of the estate."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    EVERY_FUNCTION,
    FUNCTIONS,
    HAVE_TOLD,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    KEEP_RECORDS,
    LOSE_NO_CALL,
)

_ALWAYS: Final = (
    Grant(
        "SeeWhetherAFunctionExists",
        ("lambda:ListTags",),
        (FUNCTIONS,),
        "Believe no lines about a function that does not exist: who subscribes a log, or invokes "
        "this function, says whose lines they are.",
        wildcard=EVERY_FUNCTION,
    ),
    KEEP_RECORDS,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    LOSE_NO_CALL,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
