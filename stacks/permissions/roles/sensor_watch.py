"""The sensor-watch keeps what sensors tell; it changes nothing of the estate."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    HAVE_TOLD,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    KEEP_RECORDS,
    LOSE_NO_CALL,
    SEE_WHETHER_IT_EXISTS,
)

_ALWAYS: Final = (
    SEE_WHETHER_IT_EXISTS,
    KEEP_RECORDS,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    LOSE_NO_CALL,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
