"""A regular expression as an automaton: which character of it may be matched after which.

Every character class of the expression is a place. What can stand at a place, and what may follow
it, is a set of sample characters, kept as the bits of a number. An expression that the automaton
cannot show exactly is shown as one that matches more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]  # no public parser exists
from re import _parser as parser  # type: ignore[attr-defined]  # likewise
from typing import Any, Final, NamedTuple

# All of ASCII, and of what lies beyond one of each kind that expressions tell apart.
_SAMPLES: Final = [chr(code) for code in range(128)] + ["\u00a0", "é", "É", "\u0663", "中", "…"]
ALL: Final = (1 << len(_SAMPLES)) - 1
NEWLINE: Final = 1 << _SAMPLES.index("\n")
_WRITTEN_OUT: Final = 8
"""Places that a repetition with an upper bound may need to be written out in full."""
_LONGEST_LOOK: Final = 256
"""Characters that a look-around may match wherever it stands."""
_REPEATS: Final = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class Unfit(Exception):  # noqa: N818 - it is no error of this program
    """The expression holds something that takes more than linear time by its kind."""


class Edge(NamedTuple):
    """That one place may follow another.

    Attributes:
        to: The place that follows.
        where: The characters of it that may.
        endless: Whether the edge may be taken any number of times.
    """

    to: int
    where: int
    endless: bool = True


class _Part(NamedTuple):
    """A part of an expression: where it begins and ends, and what may follow if it is empty."""

    first: list[tuple[int, int]]
    last: list[tuple[int, int]]
    empty: int


@dataclass
class Automaton:
    """The places of an expression.

    Attributes:
        sets: The characters of each place.
        edges: What may follow each.
        first: Where it may begin.
        gate: The characters after which it may begin, if it does not begin at the text's start.
        last: Where it may end, whatever follows.
    """

    ignore_case: bool
    ascii_only: bool
    dot_all: bool
    multiline: bool
    sets: list[int] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    first: list[tuple[int, int]] = field(default_factory=list)
    gate: int = ALL
    last: frozenset[int] = frozenset()
    conditional: bool = False

    @classmethod
    def of(cls, pattern: "re.Pattern[str] | re.Pattern[bytes]", *, anywhere: bool) -> "Automaton":
        """The automaton of an expression.

        Args:
            pattern: The expression.
            anywhere: Whether it is searched for in a text, not only at its start.

        Raises:
            Unfit: See there.
        """
        parsed = parser.parse(pattern.pattern, pattern.flags)
        flags = parsed.state.flags
        made = cls(
            ignore_case=bool(flags & re.IGNORECASE),
            ascii_only=bool(flags & re.ASCII) or isinstance(pattern.pattern, bytes),
            dot_all=bool(flags & re.DOTALL),
            multiline=bool(flags & re.MULTILINE),
        )
        whole = made._sequence(parsed, at_start=not anywhere)
        made.first = whole.first
        if not made.conditional:
            made.last = frozenset(place for place, after in whole.last if after == ALL)
        made.gate = made._gate(list(parsed))
        return made

    def _gate(self, nodes: Sequence[Any]) -> int:  # noqa: PLR0911 - one for each kind of node
        """After which characters an expression may begin that is searched for."""
        if not nodes:
            return ALL
        (kind, value), rest = nodes[0], nodes[1:]
        if kind is sre.SUBPATTERN and not rest:
            return self._gate(list(value[3]))
        if kind is sre.BRANCH:
            gates = [self._gate(list(one)) for one in value[1]]
            return _union(gates)
        if kind is sre.AT and value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return NEWLINE if self.multiline and value is sre.AT_BEGINNING else 0
        if kind is sre.AT and value is sre.AT_BOUNDARY:
            word = self._category(sre.CATEGORY_WORD)
            starts = _union(self.sets[place] & where for place, where in self.first)
            return ALL & ~word if not starts & ~word else word if not starts & word else ALL
        if kind in (sre.ASSERT, sre.ASSERT_NOT) and value[0] < 0 and len(value[1]) == 1:
            allowed = self._characters(*value[1][0])
            here = ALL if allowed is None else allowed if kind is sre.ASSERT else ALL & ~allowed
            return here & self._gate(rest)
        return ALL

    def _sequence(self, nodes: Iterable[Any], *, at_start: bool = False) -> _Part:
        whole = _Part([], [], ALL)
        for kind, value in nodes:
            part = self._node(kind, value, at_start=at_start)
            at_start = at_start and kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
            self._join(whole.last, part.first, endless=False)
            whole = _Part(
                whole.first + _narrowed(part.first, whole.empty),
                part.last + _narrowed(whole.last, part.empty),
                whole.empty & part.empty,
            )
        return whole

    def _node(self, kind: Any, value: Any, *, at_start: bool) -> _Part:  # noqa: PLR0911 - one for each kind of node
        characters = self._characters(kind, value)
        if characters is not None:
            return self._place(characters)
        if kind is sre.SUBPATTERN:
            return self._sequence(value[3], at_start=at_start)
        if kind is sre.ATOMIC_GROUP:
            return self._sequence(value, at_start=at_start)
        if kind is sre.BRANCH:
            return _either([self._sequence(one, at_start=at_start) for one in value[1]])
        if kind in _REPEATS:
            return self._repeat(kind, *value)
        self.conditional = self.conditional or bool(self.sets)  # what stands before may end there
        if kind is sre.AT:
            return _Part([], [], ALL)
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            self._look_around(value[1], at_start=at_start)
            return _Part([], [], ALL)
        raise Unfit(f"{kind} cannot be matched in linear time")

    def _look_around(self, nodes: Any, *, at_start: bool) -> None:
        """Look-arounds are matched anew wherever they stand: short ones, or once at the start."""
        if _length(nodes) <= _LONGEST_LOOK:
            return
        if not at_start:
            raise Unfit("a look-around of any length is matched again and again")
        self._sequence(nodes)  # on its own: nothing leads from it to what follows

    def _repeat(self, kind: Any, least: int, most: Any, nodes: Any) -> _Part:
        endless = most is sre.MAXREPEAT
        size = sum(1 for _ in _leaves(nodes))
        if not endless and int(most) * size <= _WRITTEN_OUT:
            return self._written_out(nodes, least, int(most))
        body = self._sequence(nodes)
        self._join(body.last, body.first, endless=endless, loop=True)
        after = ALL
        if kind is sre.POSSESSIVE_REPEAT and len(nodes) == 1 and endless:
            # What it can take, it takes, and never gives back.
            after &= ~(self._characters(*nodes[0]) or 0)
        return _Part(
            body.first, _narrowed(body.last, after), after if least == 0 else body.empty & after
        )

    def _written_out(self, nodes: Any, least: int, most: int) -> _Part:
        copies = [self._sequence(nodes) for _ in range(most)]
        whole = _Part([], [], ALL)
        for index in reversed(range(most)):
            part = copies[index]
            self._join(part.last, whole.first, endless=False)
            whole = _Part(
                part.first + _narrowed(whole.first, part.empty),
                whole.last + _narrowed(part.last, whole.empty),
                ALL if index >= least else part.empty & whole.empty,
            )
        return whole

    def _place(self, characters: int) -> _Part:
        self.sets.append(characters)
        self.edges.append([])
        place = len(self.sets) - 1
        return _Part([(place, ALL)], [(place, ALL)], 0)

    def _join(
        self,
        last: list[tuple[int, int]],
        first: list[tuple[int, int]],
        *,
        endless: bool,
        loop: bool = False,
    ) -> None:
        for place, after in last:
            for to, where in first:
                allowed = after & where & self.sets[to]
                if not allowed:
                    continue
                if loop and any(e.to == to and e.where & allowed for e in self.edges[place]):
                    raise Unfit("a repetition inside a repetition takes exponential time")
                self.edges[place].append(Edge(to, allowed, endless or not loop))

    def _characters(self, kind: Any, value: Any) -> int | None:  # noqa: PLR0911 - one for each kind of node
        """The characters that one node stands for; None where it is no class of characters."""
        if kind is sre.LITERAL:
            return self._literal(value)
        if kind is sre.NOT_LITERAL:
            return ALL & ~self._literal(value)
        if kind is sre.ANY:
            return ALL if self.dot_all else ALL & ~NEWLINE
        if kind is sre.CATEGORY:
            return self._category(value)
        if kind is sre.RANGE:
            low, high = value
            return _union(self._literal(ord(one)) for one in _SAMPLES if low <= ord(one) <= high)
        if kind is sre.IN:
            members = [one for one in value if one[0] is not sre.NEGATE]
            found = _union(self._characters(*one) or 0 for one in members)
            return ALL & ~found if len(members) != len(value) else found
        return None

    def _literal(self, code: int) -> int:
        text = chr(code)
        same = {text, text.lower(), text.upper()} if self.ignore_case else {text}
        if text not in _SAMPLES:  # one that no sample stands for: the last sample does
            return 1 << (len(_SAMPLES) - 1)
        return _union(1 << _SAMPLES.index(one) for one in same if one in _SAMPLES)

    def _category(self, category: Any) -> int:
        name = str(category).rpartition("_")[2]
        escape = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name]
        flags = re.ASCII if self.ascii_only else 0
        found = _union(
            1 << index for index, one in enumerate(_SAMPLES) if re.match(escape, one, flags)
        )
        return ALL & ~found if "NOT" in str(category) else found


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def _narrowed(places: list[tuple[int, int]], where: int) -> list[tuple[int, int]]:
    return [(place, before & where) for place, before in places if before & where]


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        [one for part in parts for one in part.first],
        [one for part in parts for one in part.last],
        _union(part.empty for part in parts),
    )


def _leaves(nodes: Any) -> Iterable[Any]:
    """All nodes without others inside, each repetition once."""
    for kind, value in nodes:
        if kind is sre.SUBPATTERN:
            yield from _leaves(value[3])
        elif kind is sre.BRANCH:
            for one in value[1]:
                yield from _leaves(one)
        elif kind in _REPEATS:
            yield from _leaves(value[2])
        else:
            yield kind


def _length(nodes: Any) -> int:
    """The most characters that nodes match."""
    return int(nodes.getwidth()[1]) if hasattr(nodes, "getwidth") else 1
