"""What the guard says."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from functions.guard import report, review_budgets, review_standing
from functions.guard.decisions.budget import Account, Spending, State
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.standing import Pool, Proposal
from functions.guard.switch import Switch
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.config import Budget, StandingLimitPolicy
from functions.shared.core.reading import Known
from functions.shared.guarding.enforcement import Action, Enforcement, Stage
from tests.golden.samples.names import CHECKOUT, NOW, function
from tests.golden.samples.scanner import only

GUARD: Final = function("lambda-warden-guard")


def record(action: Action, value: int, reason: str) -> Enforcement:
    """A limit that stands."""
    return Enforcement(
        function=CHECKOUT,
        action=action,
        value=value,
        previous=None,
        stage=Stage.APPLIED,
        since=NOW - timedelta(minutes=5),
        until=NOW + timedelta(minutes=55),
        reason=reason,
        decided_by="anomaly-detector",
    )


def _reported(verdicts: list[Verdict], rule: str) -> Finding:
    return only(next(one for one in verdicts if one.rule == rule))


def _left(code: Code, reason: str) -> Finding:
    decision = Decision(code=code, reason=reason, value=8)
    return _reported(
        report.runaway_left(CHECKOUT, decision, "anomaly-detector", Known(None)), report.NOT_CAPPED
    )


def _not_stopped(code: Code, reason: str) -> Finding:
    decision = Decision(
        code=code, reason=reason, action=Action.QUARANTINE, evidence={"cause": "lifecycle"}
    )
    return _reported(
        report.runaway_left(CHECKOUT, decision, "tag-enforcer", Known(None)), report.NOT_CAPPED
    )


def account(state: State, month: float = 504.2, whose: str = "owner payments-team") -> Account:
    """A budget of $500 a month, as it stands."""
    spending = Spending(CHECKOUT, "payments-team", "production", month, 4.1, 0.4)
    return Account(
        whose=whose,
        budget=Budget(monthly_usd=500),
        spenders=(spending,),
        month_usd=month,
        hour_usd=4.1,
        forecast_usd=1_180.0,
        state=state,
        reason=f"${month:,.2f} of $500.00 a month are spent; it will be $1,180.00 if it goes on "
        "like this.",
    )


def _budget(state: State, month: float) -> Finding:
    judged = review_budgets.judge([account(state, month)], GUARD)
    return _reported(judged[GUARD], review_budgets.BUDGET)


def _function_budget() -> Finding:
    judged = review_budgets.judge([account(State.USED_UP, whose="function checkout")], GUARD)
    return only(judged[CHECKOUT][0])


def pool(*, is_starved: bool) -> Pool:
    """What reservations leave."""
    return Pool(
        size=120,
        peak=110.0,
        reserved=880,
        is_starved=is_starved,
        reason="880 of 1,000 concurrent executions are reserved; all other functions share 120 "
        "and have used 110 of them at once.",
    )


def findings() -> dict[str, Finding]:
    """One finding for each thing that it says, by rule and variant."""
    cap = record(Action.CAP, 8, "Capped at 8, 2 times its usual peak: 400 executions ran at once.")
    stop = record(Action.QUARANTINE, 0, "Open to the world, and a runaway is confirmed.")
    expired = record(
        Action.QUARANTINE,
        0,
        "Stopped until 2026-03-10 03:55 UTC at the latest, because its time is over. It should "
        "have been removed by 2026-03-01 (tag 'expiry'); that was 9 days ago. Its owner is "
        "payments-team. Remove it, or give it a new expiry date: then it runs again.",
    )
    proposals = [
        Proposal(CHECKOUT, 220.0, 440, "Twice its peak of 220 in four weeks."),
        Proposal(function("search"), 400.0, None, "No room: 100 must stay unreserved."),
    ]
    return {
        "concurrency-capped": _reported(report.standing(cap), report.CAPPED),
        "function-quarantined": _reported(report.standing(stop), report.QUARANTINED),
        "function-quarantined/expired": _reported(
            report.standing(replace(expired, decided_by="tag-enforcer")), report.QUARANTINED
        ),
        "cap-not-lifted": only(report.not_lifted(cap, "AccessDeniedException")[0]),
        "runaway-not-capped": _left(
            Code.ACCOUNT_FLOOR, "Only 40 concurrent executions would stay unreserved, 100 must."
        ),
        "runaway-not-capped/dry-run": _left(
            Code.DRY_RUN, "Dry run: it would be capped at 8, 2 times its usual peak."
        ),
        "runaway-not-capped/not-stopped": _not_stopped(
            Code.ACTION_BUDGET,
            "Not limited: 6 actions were taken within the hour (`actions_per_hour`). A person "
            "must decide.",
        ),
        "runaway-not-capped/protected": _not_stopped(
            Code.PROTECTED,
            "Not stopped: environment 'production' is protected "
            "(`quarantine.protected_environments`).",
        ),
        "function-budget": _function_budget(),
        "spending-budget": _budget(State.USED_UP, 504.2),
        "spending-budget/warned": _budget(State.WARNED, 410.0),
        "standing-limits-proposed": only(
            review_standing.proposed(GUARD, proposals, StandingLimitPolicy())
        ),
        "guard-stopped": only(
            report.switch(
                GUARD,
                Switch(True, "jo", "2026-03-10T03:04:05+00:00", "the cap hits our own load test"),
            )[0]
        ),
        "pool-starved": only(review_standing.starved(GUARD, pool(is_starved=True))),
    }
