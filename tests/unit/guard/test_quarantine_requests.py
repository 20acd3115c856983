"""Requests to stop a function, asked again and again: what stops it, what ends it, who wins."""

from datetime import timedelta

import pytest

from demo.attack.stage import Stage
from functions.guard.commands import release
from functions.guard.decisions.decision import Code, Decision
from functions.guard.handler import attend
from functions.guard.judge import judge_quarantine
from functions.guard.lift import BusyError
from functions.guard.reasons import reason_over
from functions.guard.sweep import sweep
from functions.shared.config import QuarantineReason
from functions.shared.events.change import MalformedEventError
from functions.shared.guarding.enforcement import Stage as At
from functions.shared.guarding.requests import QuarantineRequest, ReasonOver, message
from tests.unit.guard.scenes import add, arrived, confirm, recorded, reserved, stage
from tests.unit.shared.events import cloudtrail

LIFECYCLE, EXPLOITED = QuarantineReason.LIFECYCLE, QuarantineReason.KNOWN_EXPLOITED
ON_TIME = "expired 2026-03-01"


def ask(
    on: Stage,
    *occasions: str,
    cause: QuarantineReason = LIFECYCLE,
    name: str = "orders",
) -> Decision:
    """Its sender asks for a function to be stopped."""
    request = QuarantineRequest(
        cause=cause,
        reason="It should have been removed by 2026-03-01.",
        occasions=occasions or (ON_TIME,),
    )
    return judge_quarantine(on.guard, on.account.arn(name), request, on.now)


def over(on: Stage, cause: QuarantineReason = LIFECYCLE) -> bool:
    """Its sender says that the reason is over."""
    reported = ReasonOver(cause=cause, reason="It has a new expiry date.")
    return reason_over(on.guard, on.account.arn("orders"), reported, on.now)


def let_go(on: Stage) -> None:
    """A person releases the function by command."""
    release(on.guard, on.account.arn("orders"), by="jo", wait=lambda _: None)


def set_by_a_person(on: Stage, value: int) -> None:
    """A person sets the reserved concurrency, and CloudTrail tells of it."""
    on.wait(minutes=5)
    on.account.functions["orders"].reserved = value
    call = cloudtrail(
        "PutFunctionConcurrency20171031",
        {"functionName": "orders", "reservedConcurrentExecutions": value},
        eventTime=on.now.isoformat(),
    )
    attend(on.guard, arrived(recorded(on, call)), on.now)


def test_asked_again_while_it_is_stopped_nothing_happens() -> None:
    on = stage()
    assert ask(on).limits
    end = on.guard.ledger.standing()[0].until
    on.announced()
    on.wait(hours=1)
    assert ask(on).code is Code.KEEP
    assert on.guard.ledger.standing()[0].until == end
    assert on.announced() == []
    assert len(on.guard.ledger.standing()) == 1


def test_after_its_time_it_runs_and_is_stopped_again_when_it_is_asked_for_again() -> None:
    on = stage()
    ask(on)
    on.wait(hours=4)
    sweep(on.guard, on.now)
    assert reserved(on) is None
    on.wait(days=7)
    assert ask(on).limits
    assert reserved(on) == 0


@pytest.mark.parametrize("days", [0, 2, 60, 399])
def test_a_release_by_a_person_is_not_overruled_by_the_same_expiry(days: int) -> None:
    on = stage()
    ask(on)
    let_go(on)
    on.announced()
    on.wait(days=days)
    decision = ask(on)
    assert decision.code is Code.RELEASED
    assert ON_TIME in decision.reason
    assert reserved(on) is None
    assert on.announced() == [], "whoever released it knows"


def test_what_a_person_released_is_remembered_for_as_long_as_the_trail_is_kept() -> None:
    on = stage()
    ask(on)
    let_go(on)
    item = on.table.get("CAPS", str(on.account.arn("orders")))
    assert item is not None
    assert int(item["expires_at"]) > (on.now + timedelta(days=399)).timestamp()


def test_even_without_a_hold_a_release_is_not_overruled() -> None:
    on = stage(hold_hours=0)
    ask(on)
    let_go(on)
    assert ask(on).code is Code.RELEASED


def test_a_new_expiry_date_that_passes_is_a_new_reason() -> None:
    on = stage()
    ask(on)
    let_go(on)
    assert ask(on, "expired 2026-03-09").code is Code.HELD, "a person took it back just now"
    on.wait(days=2)
    assert ask(on, "expired 2026-03-09").limits


def test_a_value_that_a_person_set_is_a_release_too() -> None:
    on = stage()
    ask(on)
    set_by_a_person(on, 50)
    on.wait(days=30)
    assert ask(on).code is Code.RELEASED
    assert reserved(on) == 50


def test_a_value_that_only_the_sweep_sees_is_a_release_too() -> None:
    on = stage()
    ask(on)
    on.account.functions["orders"].reserved = 50
    on.wait(minutes=5)
    sweep(on.guard, on.now)
    on.wait(days=2)
    assert ask(on).code is Code.RELEASED


def test_a_release_outlives_a_cap_of_another_day() -> None:
    on = stage()
    ask(on)
    let_go(on)
    on.wait(days=2)
    assert confirm(on).limits
    on.wait(hours=2)
    sweep(on.guard, on.now)
    assert reserved(on) is None
    assert ask(on).code is Code.RELEASED


def test_one_more_flaw_than_a_person_knew_of_is_a_new_reason() -> None:
    on = stage()
    ask(on, "CVE-1", "CVE-2", cause=EXPLOITED)
    let_go(on)
    on.wait(days=2)
    assert ask(on, "CVE-2", cause=EXPLOITED).code is Code.RELEASED
    assert ask(on, "CVE-2", "CVE-3", cause=EXPLOITED).limits
    let_go(on)
    on.wait(days=2)
    assert ask(on, "CVE-1", "CVE-3", cause=EXPLOITED).code is Code.RELEASED


def test_a_request_that_names_no_occasion_counts_each_time() -> None:
    on = stage()
    request = QuarantineRequest(cause=LIFECYCLE, reason="Contract ended.")
    arn = on.account.arn("orders")
    assert judge_quarantine(on.guard, arn, request, on.now).limits
    let_go(on)
    on.wait(days=2)
    assert judge_quarantine(on.guard, arn, request, on.now).limits


def test_production_is_protected_and_that_is_said_calmly() -> None:
    on = stage(mode="enforce")
    add(on, "shop", environment="production")
    assert ask(on, name="shop").code is Code.PROTECTED
    assert reserved(on, "shop") is None
    assert on.announced() == [("opened", "low", "runaway-not-capped")]
    finding = on.guard.warden.stored_alerts.of(on.account.arn("shop"), "enforcement")[0]
    assert "protected" in finding.alert.finding.reason
    assert "Not stopped" in finding.alert.finding.title


def test_a_flaw_under_attack_that_may_not_be_stopped_pages_somebody() -> None:
    on = stage(mode="enforce")
    add(on, "shop", environment="production")
    ask(on, "CVE-1", cause=EXPLOITED, name="shop")
    assert on.announced() == [("opened", "high", "runaway-not-capped")]


def test_a_dry_run_says_what_it_would_do_until_the_reason_is_over() -> None:
    on = stage(modes={"experimental": "dry-run"})
    assert ask(on).code is Code.DRY_RUN
    assert reserved(on) is None
    assert on.announced() == [("opened", "low", "runaway-not-capped")]
    assert over(on) is False
    assert on.announced() == [("resolved", "low", "runaway-not-capped")]


def test_a_function_whose_reason_is_over_runs_again_at_once() -> None:
    on = stage()
    on.account.functions["orders"].reserved = 30
    ask(on)
    on.announced()
    on.wait(minutes=30)
    assert over(on) is True
    assert reserved(on) == 30
    assert on.announced() == [("resolved", "critical", "function-quarantined")]
    *_, entry = on.guard.trail.of(on.account.arn("orders"))
    assert (entry["decision"], entry["decided_by"]) == ("restore", "tag-enforcer")
    assert ask(on).limits, "nobody released it: its next expiry counts"


def test_another_reason_being_over_lets_nothing_go() -> None:
    on = stage()
    ask(on, "CVE-1", cause=EXPLOITED)
    assert over(on, LIFECYCLE) is False
    assert reserved(on) == 0
    on = stage()
    confirm(on)
    assert over(on) is False
    assert reserved(on) == 20
    assert {rule for _, _, rule in on.announced()} == {"concurrency-capped"}


def test_a_function_with_two_reasons_runs_again_when_both_are_over() -> None:
    on = stage()
    ask(on)
    assert ask(on, "CVE-1", cause=EXPLOITED).code is Code.KEEP
    assert over(on, LIFECYCLE) is False
    assert reserved(on) == 0
    assert over(on, LIFECYCLE) is False
    assert over(on, EXPLOITED) is True
    assert reserved(on) is None


def test_a_release_settles_everything_that_was_asked_for_until_then() -> None:
    on = stage()
    ask(on)
    ask(on, "CVE-1", cause=EXPLOITED)
    let_go(on)
    on.wait(days=2)
    assert ask(on).code is Code.RELEASED
    assert ask(on, "CVE-1", cause=EXPLOITED).code is Code.RELEASED
    assert ask(on, "CVE-2", cause=EXPLOITED).limits


def test_what_is_said_of_a_runaway_outlives_the_end_of_another_reason() -> None:
    on = stage(modes={"experimental": "dry-run"})
    confirm(on)
    over(on)
    assert on.announced() == [("opened", "low", "runaway-not-capped")]


def test_while_somebody_acts_the_end_of_a_reason_waits() -> None:
    on = stage()
    ask(on)
    (record,) = on.guard.ledger.standing()
    on.guard.ledger.advance(record, lease_until=on.now + timedelta(minutes=1))
    with pytest.raises(BusyError):
        over(on)
    on.wait(minutes=2)
    assert over(on) is True


def test_the_messages_survive_their_way_through_the_queue() -> None:
    on = stage()
    arn = on.account.arn("orders")
    request = QuarantineRequest(cause=LIFECYCLE, reason="Expired.", occasions=(ON_TIME,))
    ended = ReasonOver(cause=LIFECYCLE, reason="Removed.")
    for reported in (request, ended):
        attend(on.guard, arrived(message(arn, reported, on.now)), on.now)
    record = on.guard.ledger.get(arn)
    assert record is not None
    assert (record.stage, record.occasions) == (At.LIFTED, (ON_TIME,))
    bad = message(arn, ended, on.now)
    bad["detail"] = {"functionArn": str(arn), "cause": "boredom", "reason": ""}
    with pytest.raises(MalformedEventError, match="cause"):
        attend(on.guard, arrived(bad), on.now)


def test_a_change_of_environment_unlocks_nothing_for_some_hours() -> None:
    on = stage()
    shop = add(on, "shop", environment="production")
    records = on.guard.warden.records
    on.account.functions["shop"].tags["environment"] = "experimental"
    assert ask(on, name="shop").code is Code.PROTECTED, "nobody has told Warden of it yet"
    records.remember_tags(shop, on.account.functions["shop"].tags, on.now)
    assert ask(on, name="shop").code is Code.PROTECTED
    # There and back again shortens nothing.
    for environment in ("back-office", "experimental"):
        on.account.functions["shop"].tags["environment"] = environment
        records.remember_tags(shop, on.account.functions["shop"].tags, on.now)
    on.wait(hours=5)
    assert ask(on, name="shop").code is Code.PROTECTED
    assert confirm(on, "shop").code is Code.DRY_RUN
    on.wait(hours=2)
    assert ask(on, name="shop").limits


def test_what_a_request_stands_on_must_be_there() -> None:
    on = stage()
    on.account.functions["orders"].tags["expiry"] = "2026-12-31"
    assert ask(on).code is Code.NOT_YET
    on.guard.warden.alerts.close(on.account.arn("orders"), "scanner", on.now)
    assert ask(on, cause=EXPLOITED).code is Code.NOT_YET
    assert reserved(on) is None
