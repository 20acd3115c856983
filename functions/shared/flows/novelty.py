"""Whether an edge is new: neither learnt in silence nor known for long. Pure."""

from datetime import datetime, timedelta

from functions.shared.core.novelty import Novelty, judged
from functions.shared.flows.edge import Edge, Via
from functions.shared.flows.state import FlowState


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
    return judged(edge.first_seen, learned, learning, now)
