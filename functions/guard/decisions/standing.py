"""Which functions should have a lasting limit, and whether reservations starve the rest. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from functions.guard.facts import AccountLimits
from functions.shared.config import GuardPolicy
from functions.shared.core.arn import FunctionArn

_MOST_PROPOSED: Final = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lasting limit for a function without a reservation.

    Attributes:
        function: The function.
        peak: The most executions at once in the weeks that were looked at.
        limit: The reserved concurrency to give it; None where there is no room for one.
        reason: Why, or why not.
    """

    function: FunctionArn
    peak: float
    limit: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Pool:
    """The concurrency that functions without a reservation share.

    Attributes:
        size: What the reservations leave.
        peak: The most that was used of it at once.
        reserved: The sum of all reservations.
        is_starved: Whether little of it is left at peak times.
        reason: Why we think so.
    """

    size: int
    peak: float
    reserved: int
    is_starved: bool
    reason: str


def propose(
    peaks: Mapping[FunctionArn, float],
    account: AccountLimits,
    pool_peak: float,
    policy: GuardPolicy,
) -> list[Proposal]:
    """Propose limits, for the hungriest first, as long as the rest keeps what it needs.

    A reservation bounds a function and also takes its whole size out of the pool; so a limit is
    proposed only if the functions that stay in the pool keep their own peak with headroom, and
    never less than the floor.

    Args:
        peaks: Highest observed concurrency of functions without a reservation that may get one.
        account: The account's concurrency.
        pool_peak: The most that all functions without a reservation used at once.
        policy: Settings.
    """
    standing = policy.standing
    floor = max(policy.unreserved_minimum, account.floor)
    left, rest = account.unreserved, pool_peak
    proposals: list[Proposal] = []
    hungry = sorted(peaks.items(), key=lambda one: (-one[1], one[0]))
    for function, peak in hungry[:_MOST_PROPOSED]:
        if peak < standing.least_peak:
            break
        limit = ceil(peak * standing.headroom)
        # Peaks need not coincide: what leaves the pool's peak with it is at most its own.
        remaining = max(0.0, rest - peak)
        needed = max(floor, ceil(remaining * standing.headroom))
        if left - limit < needed:
            proposals.append(
                Proposal(
                    function,
                    peak,
                    None,
                    f"ran {peak:,.0f} at once; a limit of {limit} would leave {left - limit} "
                    f"unreserved, the rest needs {needed}",
                )
            )
            continue
        left, rest = left - limit, remaining
        proposals.append(
            Proposal(
                function,
                peak,
                limit,
                f"ran {peak:,.0f} at once in {standing.weeks} weeks; {standing.headroom:g} times "
                f"that is {limit}",
            )
        )
    return proposals


def judge_pool(account: AccountLimits, pool_peak: float, policy: GuardPolicy) -> Pool:
    """Whether the sum of the reservations starves the functions without one."""
    reserved = account.limit - account.unreserved
    share = pool_peak / account.unreserved if account.unreserved else float("inf")
    starved = reserved > 0 and share >= policy.standing.starved_share
    return Pool(
        size=account.unreserved,
        peak=pool_peak,
        reserved=reserved,
        is_starved=starved,
        reason=f"{reserved:,} of {account.limit:,} concurrent executions are reserved; all other "
        f"functions share {account.unreserved:,} and have used {pool_peak:,.0f} of them at once.",
    )


def names(proposals: Sequence[Proposal]) -> list[str]:
    """What is proposed, in words."""
    return [
        f"{one.function.name}: {one.limit}"
        if one.limit is not None
        else f"{one.function.name}: no room"
        for one in proposals
    ]
