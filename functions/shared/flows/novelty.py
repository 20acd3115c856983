"""Whether an edge is new: neither learnt in silence nor known for long. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.flows.edge import Edge, Via
from functions.shared.flows.state import FlowState

_SHORTEST_NOVELTY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether an edge is new.

    Attributes:
        is_new: Whether it is.
        reason: Why, as a clause.
    """

    is_new: bool
    reason: str


def novelty(edge: Edge, state: FlowState, learning_days: int, now: datetime) -> Novelty:
    """Judge one edge.

    What traces show is learnt for some days and calls; configuration, which is seen whole at each
    reading, for the days alone.

    Args:
        edge: The edge.
        state: The looks at its function so far.
        learning_days: Days of learning, and after which a new edge is taken for known.
        now: The time.
    """
    learning = timedelta(days=learning_days)
    by_configuration = bool(edge.via - {Via.TRACE})
    if by_configuration:
        learned = state.asked_since + learning if state.asked_since else None
        is_learnt = learned is not None and now >= learned
    else:
        learned = state.learned_at
        is_learnt = learned is not None
    if learned is None or not is_learnt:
        return Novelty(is_new=False, reason="the function's flows are still being learnt")
    if edge.first_seen <= learned:
        return Novelty(is_new=False, reason="it was learnt")
    if now - edge.first_seen >= max(learning, _SHORTEST_NOVELTY):
        days = (now - edge.first_seen).days
        return Novelty(is_new=False, reason=f"it has been known for {days} days")
    return Novelty(is_new=True, reason=f"it was first seen at {edge.first_seen:%Y-%m-%d %H:%M} UTC")
