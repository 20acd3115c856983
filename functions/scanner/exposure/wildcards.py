"""IAM's wildcards: what a pattern matches, and texts that it would match. Pure.

`*` stands for any number of characters, `?` for one. In ARNs each of the six parts is compared on
its own (IAM user guide, "ARN condition operators").
"""

import re
from functools import lru_cache
from itertools import product
from typing import Final

_ARN_PARTS: Final = 6
# So many wildcards of a pattern are filled in every way; the others with the first filling.
_VARIED: Final = 3


@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    # Runs of stars are one: else the expression could take very long.
    merged = re.sub(r"\*+", "*", pattern)
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in merged)
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.compile("".join(parts), flags)


def is_like(text: str, pattern: str, *, ignore_case: bool = False) -> bool:
    """Whether a text matches a pattern as a whole."""
    if "*" not in pattern and "?" not in pattern:
        return text.lower() == pattern.lower() if ignore_case else text == pattern
    if pattern.count("*") > _VARIED:
        return _is_like_slowly(text, pattern, ignore_case=ignore_case)
    return _compiled(pattern, ignore_case=ignore_case).fullmatch(text) is not None


def _is_like_slowly(text: str, pattern: str, *, ignore_case: bool) -> bool:
    """The same in time proportional to both lengths, for patterns with many stars."""
    if ignore_case:
        text, pattern = text.lower(), pattern.lower()
    at = mark = 0
    star = -1
    index = 0
    while index < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, index
            at += 1
        elif at < len(pattern) and pattern[at] in {"?", text[index]}:
            at += 1
            index += 1
        elif star >= 0:
            mark += 1
            at, index = star + 1, mark
        else:
            return False
    return not pattern[at:].strip("*")


def is_arn_like(text: str, pattern: str) -> bool:
    """Whether an ARN matches a pattern, part by part."""
    parts, patterns = text.split(":", 5), pattern.split(":", 5)
    if len(patterns) < _ARN_PARTS or len(parts) < _ARN_PARTS:
        return is_like(text, pattern)
    return all(is_like(one, like) for one, like in zip(parts, patterns, strict=True))


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern matches more than itself."""
    return "*" in pattern or "?" in pattern


def instances(pattern: str, fillings: tuple[str, ...], single: str) -> list[str]:
    """Texts that match a pattern.

    Args:
        pattern: The pattern.
        fillings: What each `*` may stand for.
        single: What each `?` stands for.
    """
    pieces = pattern.replace("?", single).split("*")
    stars = len(pieces) - 1
    if not stars:
        return [pieces[0]]
    found = []
    for chosen in product(fillings, repeat=min(stars, _VARIED)):
        every = [*chosen, *[fillings[0]] * (stars - len(chosen))]
        filled = (text for pair in zip(pieces, [*every, ""], strict=True) for text in pair)
        found.append("".join(filled))
    return found
