"""The hourly review: what was spent, what the month will cost, and whose budget is used up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.budget import Account, Spending, State, review
from functions.guard.estate import guard_function, list_functions
from functions.guard.guard import Guard
from functions.guard.judge import judge_budget
from functions.guard.measure import Measure, read
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws.listing import Listed
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.cost.lambda_price import cost

BUDGET: Final = "spending-budget"
FUNCTION_BUDGET: Final = "function-budget"

_SCOPE: Final = "budgets"
_HOUR: Final = timedelta(hours=1)
_WEEK: Final = timedelta(days=7)
_SETTLING: Final = timedelta(minutes=3)


def review_budgets(guard: Guard, now: datetime) -> list[Account]:
    """Add up what was spent, tell what is or will be used up, and cap where policy says so.

    Functions that were deleted since are not in the list, and so not in the sums.

    Raises:
        IncompleteMetricsError: CloudWatch answered in part; deliver the message again.
        ClientError: AWS could not answer now, likewise.
    """
    policy = guard.policy.budget
    if policy.is_empty:
        return []
    spendings = _spendings(guard, list(list_functions(guard.warden)), now)
    accounts = review(spendings, policy, now)
    _tell(guard, accounts, now)
    for account in accounts:
        if account.state is State.USED_UP and account.spenders and policy.cap:
            judge_budget(guard, account, account.spenders[0], now)
    logger.info("budgets reviewed", extra={"functions": len(spendings), "budgets": len(accounts)})
    return accounts


def _spendings(guard: Guard, listed: Sequence[Listed], now: datetime) -> list[Spending]:
    end = (now - _SETTLING).replace(minute=0, second=0, microsecond=0)
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    start = min(month, end - _WEEK)
    values = read(
        guard.warden.aws.cloudwatch,
        [measure for one in listed for measure in _measures(one.function.name)],
        start=start,
        end=end,
        period=_HOUR,
    )
    return [_spending(guard, one, values, month, end) for one in listed]


def _measures(name: str) -> tuple[Measure, Measure, Measure]:
    return (
        Measure(name, "Invocations", "Sum"),
        Measure(name, "Duration", "Sum"),
        Measure(name, "ConcurrentExecutions", "Maximum"),
    )


def _spending(
    guard: Guard,
    listed: Listed,
    values: Mapping[Measure, Mapping[datetime, float]],
    month: datetime,
    end: datetime,
) -> Spending:
    invocations, durations, peaks = (values[one] for one in _measures(listed.function.name))
    hourly = {
        at: cost(
            count,
            durations.get(at, 0.0),
            memory_mib=listed.memory_mib,
            architecture=listed.architecture,
        )
        for at, count in invocations.items()
    }
    week = [usd for at, usd in hourly.items() if at >= end - _WEEK]
    record = guard.warden.records.get(listed.function)
    tags = guard.warden.config.tags
    return Spending(
        function=listed.function,
        owner=record.owner(tags),
        environment=record.environment(tags),
        month_usd=sum(usd for at, usd in hourly.items() if at >= month),
        hour_usd=hourly.get(end - _HOUR, 0.0),
        week_hourly_usd=sum(week) / (_WEEK / _HOUR),
        peak=peaks.get(end - _HOUR, 0.0),
    )


def _tell(guard: Guard, accounts: Sequence[Account], now: datetime) -> None:
    """One alert for each budget; those of owners and environments are about the account."""
    for function, verdicts in judge(accounts, guard_function(guard.warden)).items():
        record = guard.warden.records.get(function)
        judgement = Judgement(
            function=function,
            verdicts=verdicts,
            scope=_SCOPE,
            owner=record.owner(guard.warden.config.tags) or guard.warden.config.owner,
            environment=record.environment(guard.warden.config.tags),
        )
        guard.warden.alerts.settle(judgement, now, count_repeats=False)


def judge(accounts: Sequence[Account], own: FunctionArn) -> dict[FunctionArn, list[Verdict]]:
    """What is said of every budget, by the function that it is filed under. Pure.

    Args:
        accounts: The budgets.
        own: The guard itself; what is about the account is filed under it.
    """
    found: dict[FunctionArn, list[Finding]] = {own: []}
    for account in accounts:
        of_function = account.whose.startswith("function ")
        function = account.spenders[0].function if of_function else own
        findings = found.setdefault(function, [])
        if account.state is not State.KEPT:
            rule = FUNCTION_BUDGET if of_function else BUDGET
            findings.append(_finding(rule, account, function))
    return {
        function: [
            Verdict(rule, tuple(one for one in findings if one.rule == rule))
            for rule in ((FUNCTION_BUDGET, BUDGET) if function == own else (FUNCTION_BUDGET,))
        ]
        for function, findings in found.items()
    }


def _finding(rule: str, account: Account, function: FunctionArn) -> Finding:
    used_up = account.state is State.USED_UP
    spenders = [
        f"{one.function.name}: ${one.hour_usd:,.2f} last hour, ${one.month_usd:,.2f} this month"
        for one in account.spenders[:10]
    ]
    largest = f" Largest spenders: {'; '.join(spenders[:3])}." if rule == BUDGET else ""
    return Finding(
        rule=rule,
        kind=Kind.ENFORCEMENT,
        severity=Severity.HIGH if used_up else Severity.MEDIUM,
        severity_reason="Every further call costs more than was planned."
        if used_up
        else "There is time to do something before it is used up.",
        function=function,
        title=f"Budget of {account.whose} {'is used up' if used_up else 'will not last'}: "
        f"${account.month_usd:,.2f} this month",
        reason=f"{account.reason} Figures are estimates at list price.{largest}",
        remedy="See what calls it so often, or makes it run so long; cap or repair it, or raise "
        "the budget."
        if rule == FUNCTION_BUDGET
        else "Look at the largest spenders; cap or repair them, or raise the budget.",
        subject=account.whose,
        evidence={
            "month_usd": round(account.month_usd, 2),
            "hour_usd": round(account.hour_usd, 2),
            "forecast_usd": round(account.forecast_usd, 2),
            "largest_spenders": spenders,
        },
        update_key=account.state.name,
    )
