"""TOML that others wrote, refused before it is parsed where parsing it would take too much.

Python's parser takes memory in proportion to the square of a dotted key's parts, and goes one call
deeper with each bracket.
"""

import re
import tomllib
from typing import Any, Final

_MOST_PARTS: Final = 32
_DEEPEST: Final = 64
_SIGN: Final = re.compile(
    r"""[.=,\n\[\]{}]
    |\#[^\n]*
    |\"{3}|'{3}
    |"(?:[^"\\\n]|\\[^\n]?)*+"?
    |'[^'\n]*+'?""",
    re.VERBOSE,
)
# What ends a text of several lines, and what stands in it like an end.
_ENDS: Final = {
    '"""': re.compile(r"\\.|\"{3,5}", re.DOTALL),
    "'''": re.compile(r"'{3,5}"),
}


class TomlBoundError(tomllib.TOMLDecodeError):
    """The text is nested too deep, or a key has too many parts."""


def loads(text: str) -> dict[str, Any]:
    """Read a TOML document.

    Raises:
        TOMLDecodeError: It is none, or one that takes too much.
    """
    _check(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, OverflowError, RecursionError) as error:
        raise tomllib.TOMLDecodeError(str(error)) from error


def _check(text: str) -> None:
    """Count the brackets around each place and the dots of each key, outside of strings."""
    depth = dots = at = 0
    while match := _SIGN.search(text, at):
        found, at = match[0], match.end()
        if found in _ENDS:
            at = _end(text, at, _ENDS[found])
        elif found == ".":
            dots += 1
            if dots >= _MOST_PARTS:
                raise TomlBoundError(f"a key has more than {_MOST_PARTS} parts")
        elif found in "[{":
            depth, dots = depth + 1, 0
            if depth > _DEEPEST:
                raise TomlBoundError(f"nested deeper than {_DEEPEST} brackets")
        elif found in "]}":
            depth, dots = max(0, depth - 1), 0
        elif found in "=,\n":
            dots = 0


def _end(text: str, at: int, ends: "re.Pattern[str]") -> int:
    """Where a text of several lines ends that began before `at`."""
    for match in ends.finditer(text, at):
        if not match[0].startswith("\\"):
            return match.end()
    return len(text)
