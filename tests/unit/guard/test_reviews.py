"""Reviews: lasting limits, a starved pool, budgets; and what policy makes of them."""

from datetime import timedelta

import pytest

from demo.attack.stage import Stage
from functions.guard import calls
from functions.guard import review_budgets as review_budgets_module
from functions.guard.review_budgets import review_budgets
from functions.guard.review_standing import review_standing
from functions.guard.sweep import sweep
from functions.shared.aws.metrics import IncompleteMetricsError
from functions.shared.core.reading import Unknown
from functions.shared.guarding.enforcement import LASTING
from tests.unit.guard.scenes import NOW, add, confirm, reserved, stage

HOUR = timedelta(hours=1)


def peaks(on: Stage, name: str, peak: float, days: int = 20) -> None:
    for day in range(days):
        on.account.record(name, "ConcurrentExecutions", NOW - timedelta(days=day), peak)


def test_limits_are_proposed_first_and_set_by_policy_only() -> None:
    on = stage(standing={"mode": "dry-run"})
    peaks(on, "orders", 60)
    add(on, "quiet")
    peaks(on, "quiet", 3)
    add(on, "reserved", reserved=200)
    peaks(on, "reserved", 150)
    add(on, "legacy-batch")
    peaks(on, "legacy-batch", 90)
    (proposal,) = review_standing(on.guard, on.now)
    assert (proposal.function.name, proposal.limit) == ("orders", 120)
    assert reserved(on) is None
    assert on.announced() == [("opened", "low", "standing-limits-proposed")]
    review_standing(on.guard, on.now + timedelta(days=1))
    assert on.announced() == []


def test_a_standing_limit_is_set_stays_and_is_restored_when_policy_changes() -> None:
    on = stage(standing={"mode": "enforce"})
    peaks(on, "orders", 60)
    review_standing(on.guard, on.now)
    assert reserved(on) == 120
    record = on.guard.ledger.get(on.account.arn("orders"), LASTING)
    assert record is not None
    assert (record.until, record.previous) == (None, None)
    on.wait(days=9)
    sweep(on.guard, on.now)
    assert reserved(on) == 120
    confirm(on)
    assert reserved(on) == 20, "a cap on top of it"
    on.wait(hours=1)
    sweep(on.guard, on.now)
    assert reserved(on) == 120
    on.guard = on.another_guard(stage(standing={"mode": "dry-run"}).config)
    sweep(on.guard, on.now)
    assert reserved(on) is None


def test_a_person_who_changes_a_standing_limit_keeps_theirs() -> None:
    on = stage(standing={"mode": "enforce"})
    peaks(on, "orders", 60)
    review_standing(on.guard, on.now)
    on.account.reserve("orders", None, "people")
    sweep(on.guard, on.now + timedelta(minutes=5))
    review_standing(on.guard, on.now + timedelta(minutes=10))
    assert reserved(on) is None, "it is held"


def test_standing_limits_keep_to_the_environments_that_enforce() -> None:
    on = stage(standing={"mode": "enforce"})
    add(on, "shop", environment="production")
    peaks(on, "shop", 60)
    review_standing(on.guard, on.now)
    assert reserved(on, "shop") is None


def test_a_starved_pool_is_told_and_resolved() -> None:
    on = stage()
    add(on, "hog", reserved=850)
    peaks(on, "orders", 130)
    review_standing(on.guard, on.now)
    assert ("opened", "high", "pool-starved") in on.announced()
    on.account.functions["hog"].reserved = 100
    review_standing(on.guard, on.now + timedelta(days=1))
    assert ("resolved", "high", "pool-starved") in on.announced()


def use(on: Stage, name: str, *, hours: int, invocations: float, peak: float) -> None:
    """Invocations of a second each, for some hours up to now."""
    for hour in range(hours):
        at = NOW.replace(minute=0) - HOUR * (hour + 1)
        on.account.record(name, "Invocations", at, invocations)
        on.account.record(name, "Duration", at, invocations * 1000)
        on.account.record(name, "ConcurrentExecutions", at, peak)


def test_a_budget_warns_with_its_forecast_and_then_caps_the_largest_spender() -> None:
    budget = {"functions": {"orders": {"monthly_usd": 5}}, "cap": True}
    on = stage(budget=budget)
    on.wait(minutes=30)
    use(on, "orders", hours=24, invocations=12_000, peak=60)
    # 12,000 invocations of 1 s with 512 MiB of x86_64 cost 0.1024 USD an hour.
    (account,) = review_budgets(on.guard, on.now)
    assert account.hour_usd == pytest.approx(0.1024, rel=0.01)
    assert account.month_usd == pytest.approx(24 * 0.1024, rel=0.01)
    assert account.forecast_usd > 5
    assert on.announced() == [("opened", "medium", "function-budget")]
    assert reserved(on) is None
    use(on, "orders", hours=48, invocations=12_000, peak=60)
    review_budgets(on.guard, on.now)
    assert reserved(on) == 5
    assert set(on.announced()) == {
        ("updated", "high", "function-budget"),
        ("opened", "high", "concurrency-capped"),
    }
    (entry,) = on.guard.trail.of(on.account.arn("orders"))
    assert entry["decided_by"] == "budget"
    assert "the budget of function orders is used up" in entry["reason"]


def test_a_spending_rate_leaves_what_the_budget_still_allows() -> None:
    on = stage(budget={"environments": {"experimental": {"hourly_usd": 0.05}}, "cap": True})
    on.guard.warden.records.remember_tags(
        on.account.arn("orders"), {"environment": "experimental", "owner": "lab"}
    )
    on.wait(minutes=30)
    use(on, "orders", hours=2, invocations=12_000, peak=60)
    review_budgets(on.guard, on.now)
    assert reserved(on) == 30, "half of its concurrency for half of its cost"
    (alert,) = [one for one in on.alerts if one.finding.rule == "spending-budget"]
    assert alert.finding.name.startswith("account ")
    assert "Largest spenders: orders: $" in alert.finding.reason
    assert "Budget of environment experimental is used up" in alert.finding.title


def test_by_default_a_budget_only_warns() -> None:
    on = stage(budget={"functions": {"ord*": {"hourly_usd": 0.01}}})
    on.wait(minutes=30)
    use(on, "orders", hours=2, invocations=12_000, peak=60)
    review_budgets(on.guard, on.now)
    assert reserved(on) is None
    assert on.announced() == [("opened", "high", "function-budget")]


def test_an_answer_in_part_is_asked_for_again_and_never_a_sum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on = stage(budget={"functions": {"orders": {"hourly_usd": 0.01}}})
    on.wait(minutes=30)
    use(on, "orders", hours=2, invocations=12_000, peak=60)
    review_budgets(on.guard, on.now)
    assert on.announced() == [("opened", "high", "function-budget")]

    def read_in_part(*_: object, **__: object) -> None:
        raise IncompleteMetricsError("PartialData")

    monkeypatch.setattr(review_budgets_module, "read", read_in_part)
    with pytest.raises(IncompleteMetricsError):
        review_budgets(on.guard, on.now + HOUR)
    assert on.announced() == [], "nothing is resolved"


def test_an_account_that_cannot_be_read_resolves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    on = stage()
    add(on, "hog", reserved=850)
    peaks(on, "orders", 130)
    review_standing(on.guard, on.now)
    assert ("opened", "high", "pool-starved") in on.announced()
    denied = Unknown("reading the account's settings: AccessDeniedException")
    monkeypatch.setattr(calls, "account", lambda _: denied)
    review_standing(on.guard, on.now + timedelta(days=1))
    assert on.announced() == []
