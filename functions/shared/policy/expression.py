"""Patterns of a policy, matched in a time that grows with the text and not beyond.

They are written by teams and meet whatever stands in tags. Python's own engine can be made to run
for hours by such a pair; pydantic's (Rust's `regex`) cannot, and refuses what it could not match
in such a time.
"""

from functools import lru_cache
from typing import Annotated, Final

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError

LONGEST: Final = 256
"""Characters of a pattern; also of the value of a tag (Lambda developer guide, "Tags")."""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "TypeAdapter[str]":
    whole = rf"\A(?:{pattern})\z"
    return TypeAdapter(Annotated[str, StringConstraints(pattern=whole)])


def fault_of(pattern: str) -> str:
    """What is wrong with a pattern, for people; empty where nothing is."""
    try:
        _compiled(pattern)
    except (SchemaError, ValidationError) as error:
        why = " ".join(str(error).split())
        if "look-around" in why or "backreference" in why:
            return (
                "look-around and back references are not taken; they cannot be matched in linear "
                "time. Write the allowed texts out, or use one-of"
            )
        return "no regular expression; check its brackets, or use one-of"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches the whole of a text."""
    try:
        _compiled(pattern).validate_python(text[: LONGEST + 1])
    except ValidationError:
        return False
    return len(text) <= LONGEST
