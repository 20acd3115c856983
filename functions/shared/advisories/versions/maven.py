"""Maven: the order of `ComparableVersion` in Maven 3.9.

Source: https://maven.apache.org/ref/3.9.9/maven-artifact/apidocs/org/apache/maven/artifact/versioning/ComparableVersion.html
and the class itself in apache/maven. In short: text is split at dots, hyphens and changes between
digits and letters; a hyphen or such a change opens a nested list; what counts as nothing (0, `ga`,
`final`, `release`, an empty list) is dropped from the end of each list; and
`alpha < beta < milestone < rc < snapshot < nothing < sp < any other word < list < number`.
Every text is a Maven version.
"""

from functools import total_ordering
from itertools import zip_longest
from typing import Final, TypeAlias

_WORDS: Final = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_NOTHING: Final = (_WORDS.index(""), "")
_ALIASES: Final = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT_BEFORE_DIGIT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}

_Item: TypeAlias = "int | str | list[_Item]"


@total_ordering
class MavenVersion:
    """A Maven version, comparable with others."""

    __slots__ = ("_items",)

    def __init__(self, text: str) -> None:
        self._items = _Splitter(text.lower()).split()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MavenVersion) and _compare_lists(self._items, other._items) == 0

    def __lt__(self, other: "MavenVersion") -> bool:
        return _compare_lists(self._items, other._items) < 0

    # Equal versions may have different items inside ([1, [1]] and [1, [0, 1]] do not, but nothing
    # in the rule promises it), so there is no hash to rely on.
    __hash__ = None  # type: ignore[assignment]  # the language's way to say "unhashable"


def parse(text: str) -> MavenVersion:
    """Read a Maven version; there is no text that is none."""
    return MavenVersion(text)


class _Splitter:
    """Reads a version from left to right into nested lists of numbers and words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = 0
        self._in_digits = False
        self._list: list[_Item] = []
        self._lists = [self._list]

    def split(self) -> list[_Item]:
        for position, character in enumerate(self._text):
            if character in ".-":
                self._separator(position)
                if character == "-":
                    self._nest()
            elif "0" <= character <= "9":
                self._digit(position)
            else:
                self._letter(position)
        if len(self._text) > self._start:
            if not self._in_digits:
                self._nest_unless_first()
            self._list.append(self._item(len(self._text)))
        for items in reversed(self._lists):
            _drop_trailing_nothing(items)
        return self._lists[0]

    def _separator(self, position: int) -> None:
        self._list.append(0 if position == self._start else self._item(position))
        self._start = position + 1

    def _digit(self, position: int) -> None:
        if not self._in_digits and position > self._start:
            self._nest_unless_first()
            word = self._text[self._start : position]
            self._list.append(_word(_SHORT_BEFORE_DIGIT.get(word, word)))
            self._start = position
            self._nest()
        self._in_digits = True

    def _letter(self, position: int) -> None:
        if self._in_digits and position > self._start:
            self._list.append(self._item(position))
            self._start = position
            self._nest()
        self._in_digits = False

    def _nest_unless_first(self) -> None:
        if self._list:
            self._nest()

    def _nest(self) -> None:
        inner: list[_Item] = []
        self._list.append(inner)
        self._list = inner
        self._lists.append(inner)

    def _item(self, end: int) -> _Item:
        text = self._text[self._start : end]
        return int(text) if self._in_digits else _word(text)


def _word(text: str) -> str:
    return _ALIASES.get(text, text)


def _drop_trailing_nothing(items: list[_Item]) -> None:
    """Drop zeros, release words and empty lists from the end, looking past lists that stay."""
    for position in range(len(items) - 1, -1, -1):
        if items[position] in (0, "", []):
            del items[position]
        elif not isinstance(items[position], list):
            break


def _rank(word: str) -> tuple[int, str]:
    return (_WORDS.index(word), "") if word in _WORDS else (len(_WORDS), word)


def _level(item: _Item) -> int:
    """Words are below lists, lists below numbers."""
    return 2 if isinstance(item, int) else 1 if isinstance(item, list) else 0


def _compare(left: "_Item | None", right: "_Item | None") -> int:
    if left is None:
        return 0 if right is None else -_against_nothing(right)
    if right is None:
        return _against_nothing(left)
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (_rank(left) > _rank(right)) - (_rank(left) < _rank(right))
    if isinstance(left, list) and isinstance(right, list):
        return _compare_lists(left, right)
    return _level(left) - _level(right)


def _against_nothing(item: _Item) -> int:
    if isinstance(item, int):
        return int(item > 0)
    if isinstance(item, str):
        return (_rank(item) > _NOTHING) - (_rank(item) < _NOTHING)
    return next((found for part in item if (found := _against_nothing(part))), 0)


def _compare_lists(left: list[_Item], right: list[_Item]) -> int:
    for mine, theirs in zip_longest(left, right):
        if difference := _compare(mine, theirs):
            return difference
    return 0
