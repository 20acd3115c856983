"""Whether something that was seen of a function is new: learnt in silence, or known for long. Pure.

Callers, callees, programs, hosts and places are all learnt alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_SHORTEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether something is new.

    Attributes:
        is_new: Whether it is.
        reason: Why, as a clause.
    """

    is_new: bool
    reason: str


def judged(
    first_seen: datetime, learned: datetime | None, learning: timedelta, now: datetime
) -> Novelty:
    """Judge one thing.

    Args:
        first_seen: When it was first seen.
        learned: When learning ended; None while it goes on.
        learning: How long learning takes, and after which something new is taken for known.
        now: The time.
    """
    if learned is None:
        return Novelty(is_new=False, reason="the function is still being learnt")
    if first_seen <= learned:
        return Novelty(is_new=False, reason="it was learnt")
    if now - first_seen >= max(learning, _SHORTEST):
        days = (now - first_seen).days
        return Novelty(is_new=False, reason=f"it has been known for {days} days")
    return Novelty(is_new=True, reason=f"it was first seen at {first_seen:%Y-%m-%d %H:%M} UTC")
