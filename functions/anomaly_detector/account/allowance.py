"""How often everybody may be looked at in vain. Pure.

A look at everybody reads a metric of each active function. What found its culprit was worth that
and costs no allowance, so that one runaway does not use up what the next one needs; what found
nobody does, so that an unsteady account has a highest price.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Allowance:
    """Looks that may be in vain.

    Attributes:
        left: So many were left at `counted_at`; below zero, so many were lent.
        counted_at: None before the first look.
        open: Looks that were taken for what stands out now, and may yet find their culprit.
    """

    left: float
    counted_at: datetime | None = None
    open: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """What an allowance grows by.

    Attributes:
        most: Looks that can be saved up.
        a_day: Looks that a day adds.
    """

    most: float
    a_day: float

    def whole(self) -> Allowance:
        """What there is before the first look."""
        return Allowance(self.most)

    def left(self, allowance: Allowance, now: datetime) -> float:
        """How many looks may be taken now."""
        since = now - allowance.counted_at if allowance.counted_at else timedelta(0)
        days = max(since, timedelta(0)) / timedelta(days=1)
        return min(self.most, allowance.left + self.a_day * days)

    def take(self, allowance: Allowance, now: datetime, *, again: bool) -> Allowance | None:
        """The allowance after a look; None where it is used up.

        A look for the same as the one before is lent where it has to be: one that a function's
        history was read in, and that did not judge it, would have been for nothing.

        Args:
            allowance: As it was.
            now: The time.
            again: Whether it is for the same as the look before.
        """
        left = self.left(allowance, now)
        if left < 1.0 and not again:
            return None
        return Allowance(left - 1.0, now, allowance.open + 1 if again else 1)

    def give_back(self, allowance: Allowance) -> Allowance:
        """The allowance once a culprit is found: the looks for it were not in vain."""
        left = min(self.most, allowance.left + allowance.open)
        return Allowance(left, allowance.counted_at)


FOR_TRIPS: Final = Budget(most=6.0, a_day=3.0)
"""For an account that stands out by less than a runaway of its own."""
FOR_STEPS: Final = Budget(most=5.0, a_day=9 / 7)
"""For an account that rose and stays, within what its day has shown."""
