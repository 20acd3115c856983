"""Whether spending keeps to its budgets. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from fnmatch import fnmatchcase

from functions.shared.config import Budget, BudgetPolicy
from functions.shared.core.arn import FunctionArn


@dataclass(frozen=True, slots=True)
class Spending:
    """What one function costs, at list price.

    Attributes:
        function: The function.
        owner: Its owner, empty while unknown.
        environment: Its environment, empty while unknown.
        month_usd: Since the month began.
        hour_usd: In the last full hour.
        week_hourly_usd: An hour, on average over the last seven days (or since the month began).
        peak: The most executions at once in the last full hour.
    """

    function: FunctionArn
    owner: str
    environment: str
    month_usd: float
    hour_usd: float
    week_hourly_usd: float
    peak: float = 0.0


class State(IntEnum):
    """How a budget stands."""

    KEPT = 0
    WARNED = 1
    USED_UP = 2


@dataclass(frozen=True, slots=True)
class Account:
    """One budget and what was spent of it.

    Attributes:
        whose: `function NAME`, `owner NAME` or `environment NAME`.
        budget: What may be spent.
        spenders: Who spends, the one that spends most now first.
        month_usd: Spent since the month began.
        hour_usd: Spent in the last full hour.
        forecast_usd: What the month will have cost if it goes on like the last seven days.
        state: How it stands.
        reason: Why, with the figures.
    """

    whose: str
    budget: Budget
    spenders: tuple[Spending, ...]
    month_usd: float
    hour_usd: float
    forecast_usd: float
    state: State
    reason: str


def review(spendings: Sequence[Spending], policy: BudgetPolicy, now: datetime) -> list[Account]:
    """How every budget stands.

    Args:
        spendings: What each function costs.
        policy: The budgets.
        now: The time, aware, in the month that was added up.
    """
    accounts = []
    for spending in spendings:
        name = spending.function.name
        pattern = next((p for p in policy.functions if fnmatchcase(name, p)), None)
        if pattern is not None:
            budget = policy.functions[pattern]
            accounts.append(_account(f"function {name}", budget, [spending], policy, now))
    for owner, budget in policy.owners.items():
        theirs = [one for one in spendings if one.owner == owner]
        accounts.append(_account(f"owner {owner}", budget, theirs, policy, now))
    for environment, budget in policy.environments.items():
        theirs = [one for one in spendings if one.environment == environment]
        accounts.append(_account(f"environment {environment}", budget, theirs, policy, now))
    return accounts


def next_month(now: datetime) -> datetime:
    """When the present month ends (UTC)."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def cap_within(account: Account, spending: Spending, now: datetime) -> float:
    """The concurrency at which the largest spender would keep to what is left of the budget.

    Spending is taken to be proportional to concurrency. Nothing is left of a budget that is used
    up: then 0, from which the caller's floor makes the least that policy allows.
    """
    others = account.hour_usd - spending.hour_usd
    allowed = float("inf")
    if account.budget.hourly_usd is not None:
        allowed = account.budget.hourly_usd
    if account.budget.monthly_usd is not None:
        hours = max(1.0, (next_month(now) - now) / timedelta(hours=1))
        allowed = min(allowed, (account.budget.monthly_usd - account.month_usd) / hours)
    if spending.hour_usd <= 0:
        return 0.0
    return max(0.0, spending.peak * (allowed - others) / spending.hour_usd)


def _account(
    whose: str,
    budget: Budget,
    spendings: Iterable[Spending],
    policy: BudgetPolicy,
    now: datetime,
) -> Account:
    spenders = tuple(sorted(spendings, key=lambda one: (-one.hour_usd, one.function)))
    month = sum(one.month_usd for one in spenders)
    hour = sum(one.hour_usd for one in spenders)
    hours_left = (next_month(now) - now) / timedelta(hours=1)
    forecast = month + hours_left * sum(one.week_hourly_usd for one in spenders)
    judged = [_month(budget, month, forecast, policy), _hour(budget, hour, policy)]
    state = max(one for one, _ in judged)
    reason = " ".join(text for one, text in judged if text and one is state)
    return Account(whose, budget, spenders, month, hour, forecast, state, reason)


def _month(
    budget: Budget, month: float, forecast: float, policy: BudgetPolicy
) -> tuple[State, str]:
    if budget.monthly_usd is None:
        return State.KEPT, ""
    figures = (
        f"Spent ${month:,.2f} of ${budget.monthly_usd:,.2f} this month; forecast, from the last "
        f"seven days: ${forecast:,.2f}."
    )
    if month >= budget.monthly_usd:
        return State.USED_UP, figures
    warned = month >= policy.warn_share * budget.monthly_usd or forecast > budget.monthly_usd
    return (State.WARNED if warned else State.KEPT), figures


def _hour(budget: Budget, hour: float, policy: BudgetPolicy) -> tuple[State, str]:
    if budget.hourly_usd is None:
        return State.KEPT, ""
    figures = (
        f"Spent ${hour:,.2f} in the last hour; the budget is ${budget.hourly_usd:,.2f} an hour."
    )
    if hour >= budget.hourly_usd:
        return State.USED_UP, figures
    return (State.WARNED if hour >= policy.warn_share * budget.hourly_usd else State.KEPT), figures
