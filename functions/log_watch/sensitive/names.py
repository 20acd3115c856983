"""The name that stands before a value: `card_number=`, `"phone": `, `tax id `. Pure."""

import re
from typing import Final

_LONGEST: Final = 40
_PARTS: Final = re.compile(r"[,;&{}()\[\]|<]|\s{2}|(?<=[\"']),")


def name_before(text: str, at: int) -> str:
    """What stands directly before a place, as far as it can be the value's name."""
    before = text[max(0, at - _LONGEST) : at]
    return _PARTS.split(before)[-1]
