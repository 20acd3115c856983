"""Passwords in connection strings that are no URLs: ADO.NET's, ODBC's, libpq's and JDBC's."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.scanner.secrets.placeholders import is_placeholder

_KEYWORD: Final = re.compile(rb"(?:password|passwd|pwd)[ ]?=[ ]?", re.IGNORECASE)
# What a connection string says besides: where the server is.
_SERVER: Final = re.compile(
    rb"(?:server|data source|host|hostname|hostaddr|address|addr|endpoint)[ ]?=|jdbc:|odbc:",
    re.IGNORECASE,
)
_ORACLE: Final = re.compile(rb"jdbc:oracle:thin:[\w$#]{1,60}/(?P<value>[^\s@\"'/]{6,128})@")
_AROUND: Final = 300
_LONGEST: Final = 128
_SHORTEST: Final = 6
_ENDS: Final = re.compile(rb"[;\"'&\s<>`\\,)]")
_LINES: Final = re.compile(rb"[\r\n]")
_REFERENCE: Final = (b"$", b"{", b"%", b"@", b"#", b"<", b"*", b"[", b"?", b":")
_CLASSES: Final = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[^a-zA-Z]"))


class Password(NamedTuple):
    """Where a password stands in a text: its first byte, and its line from 1."""

    start: int
    line: int


def passwords(text: bytes) -> Iterator[Password]:
    """The passwords in the connection strings of a text, without placeholders."""
    for match in _KEYWORD.finditer(text):
        start = match.end()
        value = _ENDS.split(text[start : start + _LONGEST], maxsplit=1)[0]
        if _counts(value) and _SERVER.search(_around(text, match.start(), start + len(value))):
            yield Password(start, text.count(b"\n", 0, start) + 1)
    for match in _ORACLE.finditer(text):
        if _counts(match["value"]):
            start = match.start("value")
            yield Password(start, text.count(b"\n", 0, start) + 1)


def _around(text: bytes, start: int, end: int) -> bytes:
    """The same line before and after the password."""
    before = _LINES.split(text[max(0, start - _AROUND) : start])[-1]
    after = _LINES.split(text[end : end + _AROUND], maxsplit=1)[0]
    return before + b" " + after


def _counts(value: bytes) -> bool:
    """Whether it is a password: no reference, no placeholder, and more than one plain word."""
    return (
        len(value) >= _SHORTEST
        and not value.startswith(_REFERENCE)
        and not is_placeholder(value)
        and sum(bool(one.search(value)) for one in _CLASSES) > 1
    )
