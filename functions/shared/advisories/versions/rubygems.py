"""RubyGems: the order of `Gem::Version`.

Source: https://docs.ruby-lang.org/en/master/Gem/Version.html and lib/rubygems/version.rb. A
version is split into runs of digits and runs of letters, `-` reads as `.pre.`; a run of letters is
below any number, a missing part counts as zero.
"""

import re
from functools import total_ordering
from itertools import zip_longest
from typing import Final

from functions.shared.advisories.versions.order import VersionError

_VERSION: Final = re.compile(
    r"\s*+(?:[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?\s*"
)
_SEGMENT: Final = re.compile(r"[0-9]+|[a-zA-Z]+")
_MISSING: Final = (1, 0, "")


def _segments(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = [
        (1, int(part), "") if part.isdigit() else (0, 0, part) for part in _SEGMENT.findall(text)
    ]
    # Zeros before the first letters do not count: 1.0.0.a is 1.a.
    first_letters = next((i for i, part in enumerate(parts) if part[0] == 0), len(parts))
    numbers, labels = parts[:first_letters], parts[first_letters:]
    for run in (numbers, labels):
        while run and run[-1] == _MISSING:
            run.pop()
    return (*numbers, *labels)


@total_ordering
class GemVersion:
    """A gem's version, comparable with others."""

    __slots__ = ("_parts",)

    def __init__(self, text: str) -> None:
        self._parts = _segments(text.strip().replace("-", ".pre."))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GemVersion) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)

    def __lt__(self, other: "GemVersion") -> bool:
        for mine, theirs in zip_longest(self._parts, other._parts, fillvalue=_MISSING):
            if mine != theirs:
                return mine < theirs
        return False


def parse(text: str) -> GemVersion:
    """Read a gem version.

    Raises:
        VersionError: `Gem::Version.correct?` is false for the text.
    """
    if not _VERSION.fullmatch(text) or not text.strip():
        raise VersionError(f"{text[:80]!r} is no gem version")
    return GemVersion(text)
