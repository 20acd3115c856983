"""Whether a step of the account wakes a look at every active function, and how often. Pure.

A step is a weaker reason than a trip: it is small, and the account may have a reason for it. So a
wake is one look at one metric of each function, once more where that found nobody, and a week has
nine such looks that may be in vain. What they cost is thereby bounded, however unsteady an account
is: with those that were saved up, at 700 active functions, $0.31 in any thirty days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.account.allowance import FOR_STEPS, Allowance
from functions.anomaly_detector.account.steps import Step
from functions.anomaly_detector.account.tripwire import AccountSignal

_TRIES: Final = 2
# For so long after a look, what stood out then still does.
_SAME: Final = timedelta(minutes=3)
_REMEMBERED: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Wakes:
    """What everybody was last looked at for.

    Attributes:
        first_at: When the present step first woke everybody; None before the first time.
        last_at: When everybody was last looked at, for a step or for a trip.
        tries: How often for the present step; 0 where it was for a trip.
        levels: The highest that each signal of the account showed then.
        found: Whether a culprit was found since `first_at`.
        allowance: What is left for wakes that are in vain.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    tries: int = 0
    levels: Mapping[AccountSignal, float] = field(default_factory=dict)
    found: bool = False
    allowance: Allowance = field(default_factory=FOR_STEPS.whole)

    def with_culprit(self) -> "Wakes":
        """The same once a culprit is found."""
        return replace(self, found=True, allowance=FOR_STEPS.give_back(self.allowance))


@dataclass(frozen=True, slots=True)
class Waking:
    """A decision.

    Attributes:
        wakes: What to remember; None where nobody is woken.
        reason: Why, or why not.
    """

    wakes: Wakes | None
    reason: str


def wake(
    found: Sequence[Step], last: Wakes, levels: Mapping[AccountSignal, float], now: datetime
) -> Waking:
    """Decide whether steps of the account wake a look at everybody.

    Args:
        found: The steps.
        last: What is remembered.
        levels: The highest that each signal of the account shows now.
        now: The time.
    """
    if not found:
        return Waking(None, "no step")
    again = False
    since = now - last.last_at if last.last_at else None
    if since is not None and timedelta(0) <= since < _REMEMBERED:
        same = since <= _SAME and last.tries > 0
        if not any(step.value - last.levels.get(step.signal, 0.0) >= step.needed for step in found):
            if last.found or not same or last.tries >= _TRIES:
                return Waking(None, "everybody was looked at for it")
            again = True
        elif last.found and since <= _SAME:
            return Waking(None, "its culprit was just found, and is still growing")
    allowance = FOR_STEPS.take(last.allowance, now, again=again)
    if allowance is None:
        return Waking(None, "the allowance is used up")
    first, tries = (last.first_at, last.tries + 1) if again else (now, 1)
    names = " and ".join(step.signal.value for step in found)
    wakes = Wakes(first, now, tries, levels, allowance=allowance)
    return Waking(wakes, f"a step in {names}")


def looked(last: Wakes, levels: Mapping[AccountSignal, float], now: datetime) -> Wakes:
    """Remember that everybody is looked at for a trip: a step of the same is nothing else new."""
    return replace(last, first_at=now, last_at=now, tries=0, levels=levels, found=False)
