"""The tag-enforcer reads tags."""

from typing import Final

from functions.shared.config import QuarantineReason, WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    BURY,
    CONSUME,
    EVERY_FUNCTION,
    FUNCTIONS,
    HAVE_TOLD,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    KEEP_RECORDS,
    may_request_stop,
)

_ALWAYS: Final = (
    Grant(
        "ReadTags",
        ("lambda:ListTags",),
        (FUNCTIONS,),
        "Read a function's tags. GetFunction would tell them too, and hand out the code.",
        wildcard=EVERY_FUNCTION,
    ),
    KEEP_RECORDS,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    CONSUME,
    Grant(
        "LookAgainLater",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Come back to a function when its grace period is over.",
    ),
    BURY,
)


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do; ask the guard, only where policy names the reason."""
    return _ALWAYS + may_request_stop(config, QuarantineReason.LIFECYCLE)
