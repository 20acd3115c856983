"""What every block of the settings is made of: strictness, modes, patterns."""

import re
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_FUNCTION_PATTERN: Final = r"[A-Za-z0-9_-]+\*?"


EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


PRINCIPAL: Final = r"^arn:aws[a-z-]*:(iam|sts)::[0-9*]{1,12}:(role|user|root)[\w+=,.@*/-]*$"


# Length is bounded beside the pattern: repeating all of Unicode's letters up to 128 times would
# take the validator longer to compile than everything else here.
TAG_KEY: Final = r"^[\w .:/=+@-]+$"


class Mode(StrEnum):
    """What Warden may do about a decision: nothing, say what it would do, or do it."""

    OFF = "off"
    DRY_RUN = "dry-run"
    ENFORCE = "enforce"


class Block(BaseModel):
    """Base of every block: unknown fields are errors, because a typo must never mean a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_pattern(text: str) -> str:
    if text and not text.strip("*"):
        raise ValueError(
            f"{text!r} would exempt every function; name functions, or a prefix such as 'legacy-*'"
        )
    if not re.fullmatch(_FUNCTION_PATTERN, text):
        raise ValueError(
            f"{text!r} is neither a function's name nor a prefix; write 'name' or 'prefix-*'"
        )
    return text


FunctionPattern = Annotated[str, AfterValidator(_as_pattern)]


SeverityLabel = Literal["info", "low", "medium", "high", "critical"]


KindLabel = Literal[
    "vulnerability",
    "drift",
    "exposure",
    "lifecycle",
    "tagging",
    "anomaly",
    "enforcement",
    "coverage",
]


EnvironmentName = Annotated[str, Field(pattern=r"^\S(.{0,254}\S)?$")]
