"""Showing the value of a tag, which anyone writes who may tag a function."""

from typing import Final

from functions.shared.core.redaction import redacted
from functions.shared.core.text import plain

_LONGEST: Final = 100


def shown_tag(value: str) -> str:
    """A tag's value that is safe to show: bounded, visible, without credentials."""
    return plain(redacted(value), _LONGEST)
