"""Maven: the order of `ComparableVersion`.

Source: https://maven.apache.org/pom.html#version-order-specification and the class itself
(org.apache.maven.artifact.versioning.ComparableVersion in apache/maven). In short: text is split
at dots, hyphens and changes between digits and letters; a hyphen or such a change opens a nested
list; letters directly before digits form one item with them (`rc1`, `rc-1`); trailing zeros do not
count; `alpha < beta < milestone < rc < snapshot < release < sp < any other word < numbers`.
Every text is a Maven version.
"""

from functools import total_ordering
from itertools import zip_longest
from typing import Final, NamedTuple, TypeAlias

_WORDS: Final = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_RELEASE: Final = (_WORDS.index(""), "")
_RELEASE_WORDS: Final = frozenset({"ga", "final", "release"})
_SHORT_WORDS: Final = {"a": "alpha", "b": "beta", "m": "milestone"}


class _Numbered(NamedTuple):
    """A word with the number that follows it at once, such as `rc1`."""

    word: str
    number: int


_Item: TypeAlias = "int | str | _Numbered | list[_Item]"


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

    # Equal versions can be written with different items (1 and 1-ga).
    __hash__ = None  # type: ignore[assignment]  # mypy has no other way to say "unhashable"


def parse(text: str) -> MavenVersion:
    """Read a Maven version; there is no text that is none."""
    return MavenVersion(text)


class _Splitter:
    """Reads a version from left to right into nested lists of items."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = 0
        self._in_digits = False
        self._numbered = False
        self._list: list[_Item] = []
        self._lists = [self._list]

    def split(self) -> list[_Item]:
        text = self._text
        for position, character in enumerate(text):
            if character == ".":
                self._end_item(position)
            elif character == "-":
                self._hyphen(position)
            elif "0" <= character <= "9":
                self._digit(position)
            else:
                self._letter(position)
        if len(text) > self._start:
            if not self._in_digits and self._list:
                self._nest()
            self._list.append(self._item(len(text)))
        for items in reversed(self._lists):
            _normalise(items)
        return self._lists[0]

    def _end_item(self, position: int) -> None:
        self._list.append(0 if position == self._start else self._item(position))
        self._numbered = False
        self._start = position + 1

    def _hyphen(self, position: int) -> None:
        following = self._text[position + 1 : position + 2]
        if position > self._start and not self._in_digits and "0" <= following <= "9":
            self._numbered = True  # rc-1 is rc1
            return
        self._end_item(position)
        self._nest()

    def _digit(self, position: int) -> None:
        if not self._in_digits and position > self._start:
            self._numbered = True
            if self._list:
                self._nest()
        self._in_digits = True

    def _letter(self, position: int) -> None:
        if self._in_digits and position > self._start:
            self._list.append(self._item(position))
            self._numbered = False
            self._start = position
            self._nest()
        self._in_digits = False

    def _nest(self) -> None:
        inner: list[_Item] = []
        self._list.append(inner)
        self._list = inner
        self._lists.append(inner)

    def _item(self, end: int) -> _Item:
        text = self._text[self._start : end]
        if self._numbered:
            text = text.replace("-", "")
            word = text.rstrip("0123456789")
            return _Numbered(_word(_SHORT_WORDS.get(word, word)), int(text[len(word) :]))
        return int(text) if self._in_digits else _word(text)


def _word(text: str) -> str:
    return "rc" if text == "cr" else text


def _normalise(items: list[_Item]) -> None:
    """Drop zeros that do not count: at the end, and before a word."""
    for position in range(len(items) - 1, -1, -1):
        if items[position] in (0, "", []) and _ends_or_precedes_word(items, position):
            del items[position]
    if len(items) == 1 and isinstance(items[0], list):
        items[:] = items[0]


def _ends_or_precedes_word(items: list[_Item], position: int) -> bool:
    if position == len(items) - 1:
        return True
    following = items[position + 1]
    if isinstance(following, list):
        return bool(following) and isinstance(following[0], str | _Numbered)
    return isinstance(following, str)


def _rank(word: str) -> tuple[int, str]:
    if word in _RELEASE_WORDS:
        return _RELEASE
    return (_WORDS.index(word), "") if word in _WORDS else (len(_WORDS), word)


def _order(left: object, right: object) -> int:
    return 0 if left == right else -1 if left < right else 1  # type: ignore[operator]  # same type


def _compare(left: "_Item | None", right: "_Item | None") -> int:
    if left is None:
        return 0 if right is None else -_against_nothing(right)
    if right is None:
        return _against_nothing(left)
    if isinstance(left, int) or isinstance(right, int):
        return _compare_numbers(left, right)
    if isinstance(left, list):
        return _compare_lists(left, right) if isinstance(right, list) else _head(left, right)
    if isinstance(right, list):
        return -_head(right, left)
    return _compare_words(left, right)


def _against_nothing(item: _Item) -> int:
    """How an item compares with the absence of one: with zero, with a release, with no list."""
    if isinstance(item, int):
        return _order(item, 0)
    if isinstance(item, list):
        return next((found for part in item if (found := _against_nothing(part))), 0)
    if isinstance(item, _Numbered):
        return _order(_rank(item.word), _RELEASE) or _order(item.number, 0)
    return _order(_rank(item), _RELEASE)


def _compare_numbers(left: _Item, right: _Item) -> int:
    """At least one is a number: it is above everything that is none."""
    if isinstance(left, int) and isinstance(right, int):
        return _order(left, right)
    return 1 if isinstance(left, int) else -1


def _head(items: list[_Item], word: "str | _Numbered") -> int:
    """A list against a word: its first item decides, then whether the rest is above nothing."""
    if not items:
        return -_against_nothing(word)
    return _compare(items[0], word) or _against_nothing(items[1:])


def _compare_words(left: "str | _Numbered", right: "str | _Numbered") -> int:
    word, number = left if isinstance(left, _Numbered) else (left, None)
    other_word, other_number = right if isinstance(right, _Numbered) else (right, None)
    if difference := _order(_rank(word), _rank(other_word)):
        return difference
    if number is None or other_number is None:
        # rc < rc0, but a release is its own zeroth: ga = ga0.
        missing = 0 if _rank(word) == _RELEASE else -1
        number = missing if number is None else number
        other_number = missing if other_number is None else other_number
    return _order(number, other_number)


def _compare_lists(left: list[_Item], right: list[_Item]) -> int:
    for mine, theirs in zip_longest(left, right):
        if difference := _compare(mine, theirs):
            return difference
    return 0
