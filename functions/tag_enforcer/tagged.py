"""What the tag rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.shared.core.arn import FunctionArn


@dataclass(frozen=True, slots=True)
class TaggedFunction:
    """A function and all of its tags, as read from AWS."""

    function: FunctionArn
    tags: Mapping[str, str]
