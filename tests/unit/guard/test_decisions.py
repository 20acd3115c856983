"""What is decided, and that every refusal has its reason."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functions.guard.decisions import consequences
from functions.guard.decisions.budget import Spending as Spent
from functions.guard.decisions.budget import State, cap_within, next_month, review
from functions.guard.decisions.cap import decide_cap
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.managed import managed_by, will_revert
from functions.guard.decisions.quarantine import decide_quarantine
from functions.guard.decisions.restore import Quiet, decide_restore
from functions.guard.decisions.standing import judge_pool, propose
from functions.guard.facts import AccountLimits, Asynchronous, EventSource, Facts, SourceKind
from functions.shared.config import (
    Budget,
    BudgetPolicy,
    CapPolicy,
    GuardPolicy,
    QuarantineReason,
    WardenConfig,
)
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown
from functions.shared.guarding.enforcement import Action, Enforcement, Stage
from functions.shared.guarding.requests import QuarantineRequest
from tests.unit.guard.scenes import NOW, config, runaway

QUEUE = EventSource("jobs", SourceKind.QUEUE, max_receives=4, retention_seconds=345_600)


def arn(name: str = "orders") -> FunctionArn:
    return FunctionArn("aws", "eu-west-1", "123456789012", name)


def facts(name: str = "orders", **changes: Any) -> Facts:
    """An experimental function in an account with plenty of concurrency."""
    fields: dict[str, Any] = {
        "function": arn(name),
        "tags": Known({"environment": "experimental"}),
        "reserved": Known(None),
        "account": Known(AccountLimits(1000, 1000)),
        "provisioned": Known(0),
        "sources": Known(()),
        "asynchronous": Known(Asynchronous()),
    }
    return Facts(**(fields | changes))


def standing(value: int = 20, **changes: Any) -> Enforcement:
    """A cap that stands since noon."""
    fields: dict[str, Any] = {
        "function": arn(),
        "action": Action.CAP,
        "value": value,
        "previous": None,
        "stage": Stage.APPLIED,
        "since": NOW,
        "until": NOW + timedelta(hours=1),
        "reason": "",
        "decided_by": "anomaly-detector",
        "stepped_at": NOW,
        "version": 1,
    }
    return Enforcement(**(fields | changes))


def cap(
    given_: Facts | None = None,
    last: Enforcement | None = None,
    settings: WardenConfig | None = None,
    **request: float,
) -> Decision:
    return decide_cap(runaway(**request), given_ or facts(), last, settings or config(), NOW)


def test_a_runaway_is_capped_at_a_multiple_of_its_usual_peak() -> None:
    decision = cap(usual_peak=10.2)
    assert (decision.code, decision.value) == (Code.LIMIT, 21)
    assert decision.until == NOW + timedelta(minutes=60)
    assert "2 times its usual peak" in decision.reason
    assert "Asynchronous events wait for up to 6 hours and then are lost." in decision.sentence
    assert decision.evidence["usual_peak"] == 10.2


def test_a_quiet_past_is_capped_at_the_floor() -> None:
    assert cap(usual_peak=0).value == 5


@pytest.mark.parametrize(
    ("given_", "settings", "code", "reason"),
    [
        (facts("lambda-warden-scanner"), config(), Code.OWN_FUNCTION, "Warden's own"),
        (facts("legacy-orders"), config(), Code.EXEMPT, "exempt"),
        (facts(), config(modes={"experimental": "off"}), Code.OFF, "off for environment 'exp"),
        (facts(reserved=Unknown("denied")), config(), Code.UNKNOWN_PREVIOUS, "(denied)"),
        (facts(reserved=Unknown("gone", missing=True)), config(), Code.GONE, "not exist"),
        (facts(account=Unknown("denied")), config(), Code.UNKNOWN, "account's concurrency"),
        (facts(provisioned=Unknown("denied")), config(), Code.UNKNOWN, "provisioned"),
        (facts(reserved=Known(20)), config(), Code.NOT_SLOWER, "limited to 20 already"),
        (facts(provisioned=Known(21)), config(), Code.PROVISIONED, "21 executions are prov"),
        (facts(account=Known(AccountLimits(1000, 119))), config(), Code.ACCOUNT_FLOOR, "leave 99"),
        (facts(account=Known(AccountLimits(10, 10))), config(), Code.ACCOUNT_FLOOR, "of the acc"),
        (facts(sources=Known((QUEUE,))), config(queue_backed="refuse"), Code.QUEUE_BACKED, "4 tim"),
        (
            facts(sources=Unknown("denied")),
            config(queue_backed="refuse"),
            Code.QUEUE_BACKED,
            "is unknown (denied)",
        ),
        (
            facts(tags=Known({"environment": "experimental", "managed-by": "terraform"})),
            config(iac_managed="refuse"),
            Code.IAC_MANAGED,
            "Terraform (tag managed-by=terraform)",
        ),
        (facts(tags=Known({"environment": "production"})), config(), Code.DRY_RUN, "in dry-run"),
        (facts(tags=Known({})), config(), Code.DRY_RUN, "no environment tag"),
        (facts(tags=Unknown("denied")), config(mode="enforce"), Code.DRY_RUN, "unknown (denied)"),
    ],
)
def test_every_refusal_has_its_reason(
    given_: Facts, settings: WardenConfig, code: Code, reason: str
) -> None:
    decision = cap(given_, settings=settings)
    assert decision.code is code
    assert reason in decision.sentence
    assert not decision.limits


def test_new_accounts_with_little_concurrency_keep_what_aws_demands() -> None:
    """AWS's own texts name minima of 10 and 50 in such accounts."""
    assert [AccountLimits(n, n).floor for n in (10, 50, 100, 1000)] == [10, 50, 100, 100]
    lenient = config(unreserved_minimum=0)
    assert cap(facts(account=Known(AccountLimits(50, 50))), settings=lenient).code is (
        Code.ACCOUNT_FLOOR
    )


def test_a_name_that_only_resembles_an_exempt_one_is_not_exempt() -> None:
    assert cap(facts("legacy")).limits


def test_what_would_happen_to_a_queue_is_told_with_the_cap_where_policy_caps() -> None:
    decision = cap(facts(sources=Known((QUEUE,))))
    assert decision.limits
    assert "throttled 4 times end in its dead-letter queue" in decision.sentence


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (QUEUE, "dead-letter queue, though nothing is wrong"),
        (EventSource("q", SourceKind.QUEUE, retention_seconds=345_600), "loop back"),
        (EventSource("q", SourceKind.QUEUE), "dead-letter policy is unknown"),
        (
            EventSource("s", SourceKind.STREAM),
            "iterator age grows; records older than the stream's",
        ),
        (EventSource("s", SourceKind.STREAM, max_age_seconds=7200), "2 hours are skipped for good"),
        (
            EventSource("s", SourceKind.STREAM, max_age_seconds=60, on_failure=True),
            "1 minutes go to the failure destination",
        ),
        (EventSource("t", SourceKind.LOG), "lag grows"),
    ],
)
def test_consequences_are_said_for_each_kind_of_source(source: EventSource, words: str) -> None:
    (sentence,) = consequences.of_sources(facts(sources=Known((source,))))
    assert words in sentence


@pytest.mark.parametrize(
    ("tags", "manager"),
    [
        ({"aws:cloudformation:stack-name": "shop"}, "CloudFormation (stack shop)"),
        ({"lambda:createdBy": "SAM"}, "CloudFormation (AWS SAM)"),
        ({"ManagedBy": "OpenTofu"}, "Opentofu (tag ManagedBy=OpenTofu)"),
        ({"terraform": "true"}, "Terraform (tag terraform=true)"),
        ({"terraform": "false"}, ""),
        ({"owner": "terraform-team"}, ""),
        ({}, ""),
    ],
)
def test_the_managing_tool_is_known_by_its_tags(tags: dict[str, str], manager: str) -> None:
    assert managed_by(tags) == manager
    if manager:
        assert manager in will_revert(manager)


@given(
    # Around the limits, where caps are decided as often as refused.
    concurrency=st.floats(0, 1000),
    usual=st.floats(0, 100),
    reserved=st.none() | st.integers(0, 900),
    unreserved=st.sampled_from([10, 50, 100]) | st.integers(100, 400),
    others=st.integers(0, 900),
    floor=st.integers(1, 100),
    provisioned=st.sampled_from([0, 0, 7]),
)
def test_a_cap_keeps_every_limit(
    *,
    concurrency: float,
    usual: float,
    reserved: int | None,
    unreserved: int,
    others: int,
    floor: int,
    provisioned: int,
) -> None:
    limit = unreserved + (reserved or 0) + others
    settings = config(cap={"floor": floor}, unreserved_minimum=0)
    given_ = facts(
        reserved=Known(reserved),
        account=Known(AccountLimits(limit, unreserved)),
        provisioned=Known(provisioned),
    )
    decision = cap(given_, settings=settings, concurrency=concurrency, usual_peak=usual)
    assume(decision.limits)
    value = decision.value
    assert value is not None
    assert value >= floor
    assert value >= provisioned
    assert value < concurrency, "it slows down"
    assert reserved is None or value < reserved, "it never releases"
    if value > (reserved or 0):
        assert unreserved + (reserved or 0) - value >= min(100, limit)


def later(minutes: int, last: Enforcement, reserved: int | None = 20) -> Decision:
    return decide_cap(
        runaway(), facts(reserved=Known(reserved)), last, config(), NOW + timedelta(minutes=minutes)
    )


def test_a_cap_is_tightened_in_steps_down_to_the_floor_and_its_end_stays() -> None:
    assert later(14, standing()).code is Code.KEEP
    step = later(15, standing())
    assert (step.code, step.value, step.until) == (Code.LIMIT, 10, standing().until)
    assert "Tightened from 20 to 10" in step.reason
    assert later(15, standing(7), 7).value == 5
    assert later(59, standing(5), 5).code is Code.KEEP
    assert later(60, standing()).code is Code.KEEP, "its time is over: lifted first"
    assert later(15, standing(), 300).code is Code.KEEP, "somebody set it since"


def test_a_function_that_a_person_took_back_is_left_alone() -> None:
    taken = standing(stage=Stage.VOID, held_until=NOW + timedelta(hours=24))
    assert cap(last=taken).code is Code.HELD
    assert "until 2026-03-11 12:00 UTC" in cap(last=taken).reason
    assert cap(last=standing(stage=Stage.VOID, held_until=NOW)).limits


def stop(
    given_: Facts | None = None,
    cause: QuarantineReason = QuarantineReason.LIFECYCLE,
    settings: WardenConfig | None = None,
    *,
    last: Enforcement | None = None,
    severity: Any = "critical",
) -> Decision:
    request = QuarantineRequest(cause=cause, reason="Because.", severity=severity)
    return decide_quarantine(request, given_ or facts(), last, settings or config(), NOW)


@pytest.mark.parametrize("cause", list(QuarantineReason))
def test_a_named_reason_stops_a_function_for_a_while(cause: QuarantineReason) -> None:
    decision = stop(cause=cause)
    assert (decision.code, decision.value) == (Code.LIMIT, 0)
    assert decision.action is Action.QUARANTINE
    assert decision.until == NOW + timedelta(minutes=240)


PRODUCTION = facts(tags=Known({"environment": "production"}))


@pytest.mark.parametrize(
    ("given_", "settings", "code"),
    [
        (facts(), config(quarantine={"reasons": []}), Code.NOT_A_REASON),
        (PRODUCTION, config(mode="enforce"), Code.PROTECTED),
        (facts(tags=Known({})), config(mode="enforce"), Code.PROTECTED),
        (facts(tags=Unknown("denied")), config(mode="enforce"), Code.PROTECTED),
        (facts("legacy-x"), config(), Code.EXEMPT),
        (facts("lambda-warden-sweep"), config(), Code.OWN_FUNCTION),
        (facts(reserved=Unknown("denied")), config(), Code.UNKNOWN_PREVIOUS),
        (facts(provisioned=Known(3)), config(), Code.PROVISIONED),
        (facts(), config(modes={"experimental": "dry-run"}), Code.DRY_RUN),
        (facts(reserved=Known(0)), config(), Code.NOT_SLOWER),
    ],
)
def test_a_function_is_not_stopped_without_policy(
    given_: Facts, settings: WardenConfig, code: Code
) -> None:
    assert stop(given_, settings=settings).code is code


def test_production_is_stopped_only_if_policy_says_so() -> None:
    policy = {"reasons": ["lifecycle"], "protected_environments": []}
    assert stop(PRODUCTION, settings=config(mode="enforce", quarantine=policy)).limits


def test_a_known_exploited_flaw_must_be_critical() -> None:
    decision = stop(cause=QuarantineReason.KNOWN_EXPLOITED, severity="high")
    assert decision.code is Code.NOT_A_REASON
    assert "high, not critical" in decision.reason


def test_stopping_takes_nothing_from_a_small_account() -> None:
    assert stop(facts(account=Known(AccountLimits(10, 10)))).limits


def restore(
    record: Enforcement, present: Any, minutes: float, throttles: Any = None, confirmed: float = 0
) -> Decision:
    quiet = Quiet(throttles or Known(0.0), NOW + timedelta(minutes=confirmed))
    now = NOW + timedelta(minutes=minutes)
    return decide_restore(record, present, quiet, CapPolicy(), now)


@pytest.mark.parametrize(
    ("decision", "code", "reason"),
    [
        (restore(standing(), Known(20), 5), Code.KEEP, "a short while ago"),
        (restore(standing(), Known(20), 16), Code.RESTORE, "refused nothing for 15"),
        (restore(standing(), Known(20), 16, Known(3.0)), Code.KEEP, "3 invocations were"),
        (restore(standing(), Known(20), 16, Unknown("denied")), Code.KEEP, "unknown (denied)"),
        (restore(standing(), Known(20), 16, confirmed=10), Code.RESTORE, "refused nothing"),
        (restore(standing(), Known(20), 60, Known(9.0), 59), Code.RENEW, "confirmed at 12:59"),
        (restore(standing(), Known(20), 60, Known(9.0), 5), Code.RENEW, "9 of 9 calls"),
        (restore(standing(), Known(20), 60, Unknown("denied")), Code.RESTORE, "time is over"),
        (restore(standing(), Known(20), 24 * 60, Known(9.0)), Code.RESTORE, "time is over"),
        (
            restore(standing(0, action=Action.QUARANTINE), Known(0), 60, Known(9.0)),
            Code.RESTORE,
            "time is over",
        ),
        (restore(standing(), Known(7), 5), Code.VOID, "set to 7 by somebody else"),
        (restore(standing(), Known(None), 5), Code.VOID, "set to none by somebody else"),
        (restore(standing(), Unknown("x", missing=True), 5), Code.VOID, "gone"),
        (restore(standing(), Unknown("denied"), 60), Code.RESTORE, "time is over"),
        (restore(standing(0, action=Action.QUARANTINE), Known(0), 59), Code.KEEP, "stands"),
        (restore(standing(stage=Stage.LIFTING), Known(20), 5), Code.RESTORE, "being lifted"),
    ],
)
def test_a_limit_ends_for_one_of_its_reasons(decision: Decision, code: Code, reason: str) -> None:
    assert decision.code is code
    assert reason in decision.reason


def test_limits_are_proposed_for_the_hungriest_as_long_as_the_rest_keeps_enough() -> None:
    peaks = {arn("a"): 100.0, arn("b"): 60.0, arn("c"): 400.0, arn("d"): 19.0}
    proposals = propose(peaks, AccountLimits(1000, 1000), 450, GuardPolicy())
    assert [(one.function.name, one.limit) for one in proposals] == [
        ("c", 800),
        ("a", None),
        ("b", None),
    ]
    assert "would leave 0 unreserved" in proposals[1].reason
    small = propose({arn("a"): 60.0, arn("b"): 50.0}, AccountLimits(1000, 1000), 90, GuardPolicy())
    assert [one.limit for one in small] == [120, 100]


@given(
    peaks=st.lists(st.floats(1, 900), max_size=8),
    unreserved=st.integers(100, 3000),
    pool=st.floats(0, 2000),
)
def test_proposals_never_starve_the_pool(peaks: list[float], unreserved: int, pool: float) -> None:
    by_function = {arn(f"f{number}"): peak for number, peak in enumerate(peaks)}
    account = AccountLimits(3000, unreserved)
    proposals = propose(by_function, account, pool, GuardPolicy())
    assert sum(one.limit or 0 for one in proposals) <= max(0, unreserved - 100)


@pytest.mark.parametrize(
    ("unreserved", "peak", "starved"),
    [(1000, 990, False), (400, 320, True), (400, 319, False), (100, 100, True)],
)
def test_a_pool_is_starved_when_reservations_leave_what_is_nearly_used_up(
    unreserved: int, peak: float, *, starved: bool
) -> None:
    pool = judge_pool(AccountLimits(1000, unreserved), peak, GuardPolicy())
    assert pool.is_starved is starved
    assert f"{1000 - unreserved:,} of 1,000" in pool.reason


def spent(name: str, month: float, hour: float = 0.0, week: float = 0.0, peak: float = 0) -> Spent:
    return Spent(arn(name), "shop", "experimental", month, hour, week, peak)


def test_budgets_of_functions_owners_and_environments_are_added_up_and_forecast() -> None:
    policy = BudgetPolicy(
        functions={"crawler-*": Budget(monthly_usd=10)},
        owners={"shop": Budget(monthly_usd=100, hourly_usd=1), "none": Budget(monthly_usd=5)},
        environments={"experimental": Budget(hourly_usd=2)},
    )
    spendings = [spent("crawler-a", 3, 0.2, 0.1), spent("orders", 40, 0.7, 0.05)]
    function, owner, nobody, environment = review(spendings, policy, NOW)
    hours = (next_month(NOW) - NOW) / timedelta(hours=1)
    assert function.whose == "function crawler-a"
    assert function.forecast_usd == pytest.approx(3 + hours * 0.1)
    assert function.state is State.WARNED, "the forecast is above the budget"
    assert owner.state is State.WARNED, "the hour is at 90 per cent"
    assert "Spent $0.90 in the last hour; the budget is $1.00 an hour." in owner.reason
    assert [one.function.name for one in owner.spenders] == ["orders", "crawler-a"]
    assert nobody.state is State.KEPT
    assert environment.state is State.KEPT


def test_a_budget_that_is_used_up_says_what_its_largest_spender_may_still_use() -> None:
    policy = BudgetPolicy(owners={"shop": Budget(hourly_usd=2)})
    spendings = [spent("orders", 5, 3.0, peak=300), spent("crawler", 5, 0.5, peak=10)]
    (account,) = review(spendings, policy, NOW)
    assert account.state is State.USED_UP
    assert cap_within(account, account.spenders[0], NOW) == pytest.approx(300 * 1.5 / 3.0)
    (gone,) = review(
        [spent("orders", 50, 3, peak=9)], BudgetPolicy(owners={"shop": Budget(monthly_usd=20)}), NOW
    )
    assert cap_within(gone, gone.spenders[0], NOW) == 0


def test_a_month_ends_where_the_next_begins() -> None:
    assert next_month(NOW.replace(month=12)) == NOW.replace(
        year=2027, month=1, day=1, hour=0, minute=0
    )
    assert next_month(NOW.replace(month=1, day=31)).month == 2
