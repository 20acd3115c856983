"""Whether to cap the largest spender of a budget that is used up. Pure."""

from datetime import datetime, timedelta
from math import ceil

from functions.guard.decisions import refusals
from functions.guard.decisions.budget import Account, Spending, cap_within
from functions.guard.decisions.cap import conclude
from functions.guard.decisions.decision import Code, Decision
from functions.guard.facts import Facts
from functions.shared.config import WardenConfig
from functions.shared.guarding.enforcement import Action, Enforcement


def decide_budget_cap(
    account: Account,
    spending: Spending,
    facts: Facts,
    last: Enforcement | None,
    *,
    config: WardenConfig,
    now: datetime,
) -> Decision:
    """Decide on a cap with which the function keeps to what is left of the budget.

    Args:
        account: The budget, used up.
        spending: Its largest spender.
        facts: What AWS says about that function.
        last: Its latest temporary limit, None without any.
        config: Settings.
        now: The time.
    """
    if not config.guard.budget.cap:
        return Decision(code=Code.OFF, reason="Policy only warns (`budget.cap`).")
    if last and last.is_standing:
        return Decision(code=Code.KEEP, reason=f"It is limited to {last.value} already.")
    if refused := refusals.unasked(facts, last, config, now):
        return refused
    value = max(config.guard.cap.floor, ceil(cap_within(account, spending, now)))
    evidence = {
        "budget": account.whose,
        "month_usd": round(account.month_usd, 4),
        "hour_usd": round(account.hour_usd, 4),
        "forecast_usd": round(account.forecast_usd, 2),
        "function_hour_usd": round(spending.hour_usd, 4),
        "peak": spending.peak,
    }
    if refused := refusals.no_brake(value, spending.peak, evidence):
        return refused
    until = (now + timedelta(minutes=config.guard.cap.minutes)).replace(microsecond=0)
    decision = Decision(
        code=Code.LIMIT,
        action=Action.CAP,
        value=value,
        until=until,
        reason=f"Capped at {value} concurrent executions until {until:%Y-%m-%d %H:%M} UTC at the "
        f"latest, because the budget of {account.whose} is used up and it spends most of it. "
        f"{account.reason}",
        evidence=evidence,
    )
    return conclude(decision, facts, config, step=False)
