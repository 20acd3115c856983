"""A reader of JSURL, to check what the links say. Source: github.com/Sage/jsurl, README."""

import re
from typing import Any


def read(text: str) -> Any:
    """The value that a JSURL text stands for.

    Raises:
        AssertionError: The text is none.
    """
    value, rest = _value(text.replace("%27", "'"))
    assert rest == "", f"left over: {rest!r}"
    return value


def _value(text: str) -> tuple[Any, str]:
    assert text.startswith("~"), text
    text = text[1:]
    if text.startswith("("):
        return _list(text[1:]) if text[1] == "~" else _mapping(text[1:])
    word, rest = _word(text)
    if word.startswith("'"):
        return _decoded(word[1:]), rest
    return {"true": True, "false": False}[word] if word in {"true", "false"} else int(word), rest


def _list(text: str) -> tuple[list[Any], str]:
    values = []
    if text.startswith("~)"):
        return [], text[2:]
    while not text.startswith(")"):
        value, text = _value(text)
        values.append(value)
    return values, text[1:]


def _mapping(text: str) -> tuple[dict[str, Any], str]:
    values = {}
    while True:
        name, text = _word(text)
        values[_decoded(name)], text = _value(text)
        if text.startswith(")"):
            return values, text[1:]
        text = text.removeprefix("~")


def _word(text: str) -> tuple[str, str]:
    match = re.match(r"[^~)(]*", text)
    assert match is not None
    return match[0], text[match.end() :]


def _decoded(text: str) -> str:
    units = re.sub(
        r"\*\*([0-9a-f]{4})|\*([0-9a-f]{2})|!",
        lambda m: "$" if m[0] == "!" else chr(int(m[1] or m[2], 16)),
        text,
    )
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
