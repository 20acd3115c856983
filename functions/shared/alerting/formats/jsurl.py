"""JSURL, the notation in which the CloudWatch console keeps what a page shows: `~(a~'b~c~1)`."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Value: TypeAlias = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]

_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9_.-]")
# JSURL itself begins a string with an apostrophe, at which mail programs end a link; readers of
# JSURL take its percent-encoded form as well (source: github.com/Sage/jsurl, `parse`).
_STRING: Final = "~%27"


def jsurl(value: Value) -> str:
    """Write a value in JSURL. Source: github.com/Sage/jsurl, README."""
    if isinstance(value, bool):
        return f"~{str(value).lower()}"
    if isinstance(value, int):
        return f"~{value}"
    if isinstance(value, str):
        return _STRING + _escaped(value)
    if isinstance(value, Mapping):
        return f"~({'~'.join(_escaped(name) + jsurl(one) for name, one in value.items())})"
    return f"~({''.join(map(jsurl, value)) or '~'})"


def _escaped(text: str) -> str:
    return _NOT_PLAIN.sub(_escape, text)


def _escape(match: "re.Match[str]") -> str:
    character = match[0]
    if character == "$":
        return "!"
    units = character.encode("utf-16-be", errors="surrogatepass")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(f"*{code:02x}" if code <= 0xFF else f"**{code:04x}" for code in codes)
