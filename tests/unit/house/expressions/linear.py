"""Whether a regular expression takes time in proportion to the text, whatever the text is.

Python's engine tries one way after the other. It takes longer than that exactly where a text can be
read in more ways the longer it is: where some word leads from a place of the expression back to it,
to another place, and from there back to that one (Weber and Seidl, "On the degree of ambiguity of
finite automata", 1991). An expression that is searched for has one more such place, in front.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from tests.unit.house.expressions.automaton import ALL, Automaton, Edge, Unfit


def fault(
    pattern: "re.Pattern[str] | re.Pattern[bytes]", *, anywhere: bool, whole: bool = False
) -> str:
    """Why an expression may take more than linear time; empty where it cannot.

    Args:
        pattern: The expression.
        anywhere: Whether it is searched for (`search`, `sub`, `split`, ...), or matched at a place.
        whole: Whether it has to match a text to its end (`fullmatch`).
    """
    try:
        automaton = Automaton.of(pattern, anywhere=anywhere)
    except Unfit as reason:
        return str(reason)
    if whole:
        automaton.last = frozenset()
    if _is_ambiguous(automaton):
        return "a text can be divided among its repetitions in many ways"
    if anywhere and _begins_anew(automaton):
        return "a search begins anew at every character of what a repetition takes"
    return ""


def _is_ambiguous(automaton: Automaton) -> bool:
    places = range(len(automaton.sets))
    component = _components(automaton.edges, endless_only=False)
    looping = [place for place in places if _loops(automaton, place, component)]
    return any(
        _leads(automaton, one, other, component)
        for one in looping
        for other in looping
        # Once a place is reached where the expression may end, nothing is tried again.
        if one != other and other not in automaton.last
    )


def _leads(automaton: Automaton, one: int, other: int, component: list[int]) -> bool:
    """Whether a word leads from `one` to itself, from `one` to `other`, from `other` to itself."""
    return _reaches(
        (one, one, other),
        (one, other, other),
        lambda triple: _steps(
            (_inside(automaton.edges[triple[0]], component, one),
             automaton.edges[triple[1]],
             _inside(automaton.edges[triple[2]], component, other)),
        ),
    )  # fmt: skip


def _begins_anew(automaton: Automaton) -> bool:
    """Whether a word can be read by a repetition, and also by starting somewhere inside it."""
    outside, gate = len(automaton.sets), len(automaton.sets) + 1
    ahead = [Edge(outside, ALL), Edge(gate, automaton.gate)]
    first = [Edge(place, where & automaton.sets[place]) for place, where in automaton.first]
    edges = [*automaton.edges, ahead, first]
    # An expression may begin right where the search stands: then no gate is passed.
    component = _components(automaton.edges, endless_only=True)
    for place in range(len(automaton.sets)):
        loops = _loops(automaton, place, component, endless_only=True)
        if not loops or place in automaton.last:
            continue
        endless = [[edge for edge in row if edge.endless] for row in automaton.edges]
        starts = [outside, gate] if automaton.gate == ALL else [outside]
        if any(
            _reaches(
                (start, place),
                (place, place),
                lambda pair, place=place, endless=endless: _steps(  # type: ignore[misc]  # mypy cannot infer defaults
                    (edges[pair[0]], _inside(endless[pair[1]], component, place))
                ),
            )
            for start in starts
        ):
            return True
    return False


def _inside(edges: list[Edge], component: list[int], place: int) -> list[Edge]:
    return [edge for edge in edges if component[edge.to] == component[place]]


def _steps(rows: tuple[list[Edge], ...]) -> Iterator[tuple[int, ...]]:
    """Where one character leads from several places at once."""
    reached: list[tuple[tuple[int, ...], int]] = [((), ALL)]
    for row in rows:
        reached = [
            ((*places, edge.to), common & edge.where)
            for places, common in reached
            for edge in row
            if common & edge.where
        ]
    return (places for places, _ in reached)


def _reaches(
    start: tuple[int, ...],
    end: tuple[int, ...],
    steps: Callable[[tuple[int, ...]], Iterable[tuple[int, ...]]],
) -> bool:
    seen = {start}
    waiting = deque([start])
    while waiting:
        for reached in steps(waiting.popleft()):
            if reached == end:
                return True
            if reached not in seen:
                seen.add(reached)
                waiting.append(reached)
    return False


def _loops(
    automaton: Automaton, place: int, component: list[int], *, endless_only: bool = False
) -> bool:
    """Whether a place can be reached again from itself."""
    return any(
        component[edge.to] == component[place]
        and (edge.endless or not endless_only)
        and (edge.to == place or component.count(component[place]) > 1)
        for edge in automaton.edges[place]
    )


def _components(edges: list[list[Edge]], *, endless_only: bool) -> list[int]:
    """For each place the number of the group of places that all lead to each other."""
    after = [{e.to for e in row if e.endless or not endless_only} for row in edges]
    reach = [_reachable(after, place) for place in range(len(edges))]
    numbers: list[int] = []
    for place in range(len(edges)):
        same = (one for one in range(place) if place in reach[one] and one in reach[place])
        numbers.append(numbers[found] if (found := next(same, None)) is not None else place)
    return numbers


def _reachable(after: list[set[int]], place: int) -> set[int]:
    found: set[int] = set()
    waiting = [place]
    while waiting:
        new = after[waiting.pop()] - found
        found |= new
        waiting += new
    return found
