"""Whether a busy edge has gone silent. Pure.

X-Ray samples: by default the first request of each second and 5 % of the others (X-Ray developer
guide, "Configuring sampling rules"). That a quiet edge shows nothing means nothing; only an edge
that would have shown dozens of calls by now, and longer than ever before, is silent.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from functions.anomaly_detector.flows.standing import FlowLook, is_own_function
from functions.shared.flows.edge import Direction, Edge

# None of 30 expected calls, if they came independently: a chance of e^-30. They come in bursts;
# the comparison with the longest silence so far takes care of those.
_EXPECTED_CALLS: Final = 30.0
_LONGEST_BEFORE: Final = 3
_SHORTEST_HISTORY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """One edge gone silent.

    Attributes:
        edge: The edge.
        quiet: For how long it has shown nothing.
        expected_calls: How many traced calls that time would usually have shown.
    """

    edge: Edge
    quiet: timedelta
    expected_calls: float


def silences(look: FlowLook) -> tuple[list[Silence], bool]:
    """The edges of a function that went silent.

    Returns:
        The silences, and whether they are all: False when traces could not be read, or may have
        been switched off.
    """
    if look.graph_unread:
        return [], False
    silent = [one for edge in look.edges if (one := _silence(edge, look))]
    reported = [one for one in silent if _is_in_sight(one, look)]
    return reported, len(reported) == len(silent)


def _silence(edge: Edge, look: FlowLook) -> Silence | None:
    first, last, until = edge.traced_first, edge.traced_last, look.state.looked_until
    if first is None or last is None or until is None:
        return None
    if edge.direction is Direction.CALLEE and is_own_function(edge.peer):
        return None  # the called function's own look tells of it
    learning = timedelta(days=look.policy.learning_days)
    known = last - first
    if known < max(learning, _SHORTEST_HISTORY):
        return None
    quiet = until - last
    expected = edge.tally.calls * (quiet / known)
    least = max(
        timedelta(hours=look.policy.silent_hours),
        _LONGEST_BEFORE * timedelta(seconds=edge.longest_quiet),
    )
    if quiet < least or expected < _EXPECTED_CALLS:
        return None
    if quiet > least + max(learning, _SHORTEST_HISTORY):
        return None  # nobody waits for it any more
    return Silence(edge, quiet, expected)


def _is_in_sight(silence: Silence, look: FlowLook) -> bool:
    """Whether calls would show: the function is traced, or others of its edges are seen since."""
    if look.is_traced:
        return True
    half = silence.quiet / 2
    return any(
        other.traced_last is not None
        and silence.edge.traced_last is not None
        and other.traced_last > silence.edge.traced_last + half
        for other in look.edges
    )
