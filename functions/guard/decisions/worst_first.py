"""Which of several runaways are limited, when there are more of them than actions. Pure.

Messages arrive in any order, and the first to come need not be the worst. A runaway is limited at
once where so few can be larger that an action is left for it anyhow: of what the account runs
beyond the usual, it makes up enough. Otherwise it waits a minute, until the others are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.decision import Code, Decision
from functions.shared.core.arn import FunctionArn

# The detector looks at a runaway every minute: by then every one of them was confirmed once.
_KNOWN_AFTER: Final = timedelta(seconds=45)
_AT_THE_SAME_TIME: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Claim:
    """One runaway.

    Attributes:
        function: The function.
        at_once: Executions at once beyond its usual peak.
        usd_an_hour: What it costs beyond the usual; 0 where that is not known.
        first_at: When it was confirmed first.
        confirmed_at: When it was confirmed last.
        is_waiting: Whether it would be limited, and is not.
    """

    function: FunctionArn
    at_once: float
    usd_an_hour: float
    first_at: datetime
    confirmed_at: datetime
    is_waiting: bool


def not_yet(
    mine: Claim,
    others: Sequence[Claim],
    *,
    left: int,
    rise: float | None,
    limit: int,
    now: datetime,
) -> Decision | None:
    """A refusal where the actions that are left are for others; None where one is for this one.

    Args:
        mine: The runaway.
        others: Those that are open beside it.
        left: Actions that are left in this hour.
        rise: Executions at once that the account runs beyond the usual; None while unknown.
        limit: The account's concurrency.
        now: The time.
    """
    if left < 1:
        return None  # it is said elsewhere that none is left
    recent = [one for one in others if now - one.confirmed_at < _AT_THE_SAME_TIME]
    others_may_come = bool(recent) if rise is None else mine.at_once * (left + 1) < rise
    if others_may_come and now - mine.first_at < _KNOWN_AFTER:
        return Decision(
            code=Code.OTHERS_FIRST,
            reason="Others run away at the same time; the worst are limited first, a minute from "
            "now.",
        )
    waiting = [one for one in recent if one.is_waiting]
    dollars = sum(one.usd_an_hour for one in (mine, *waiting))
    worse = sum(_rank(one, dollars, limit) > _rank(mine, dollars, limit) for one in waiting)
    if worse < left:
        return None
    actions = "1 action is" if left == 1 else f"{left} actions are"
    return Decision(
        code=Code.ACTION_BUDGET,
        reason=f"Not limited: {actions} left in this hour (`actions_per_hour`), and {worse} other "
        "runaways that cost more, or take more of the account's concurrency, come first. A person "
        "must decide.",
    )


def _rank(one: Claim, dollars: float, limit: int) -> tuple[float, str]:
    """How bad it is: its share of all that they cost, or of the account's concurrency."""
    money = one.usd_an_hour / dollars if dollars > 0 else 0.0
    capacity = one.at_once / limit if limit > 0 else 0.0
    return max(money, capacity), str(one.function)
