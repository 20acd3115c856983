"""Looking at everybody because the account stands out or steps up, and how often that may be."""

from datetime import datetime, timedelta

import pytest

from functions.anomaly_detector.account.allowance import FOR_STEPS, FOR_TRIPS, Allowance, Budget
from functions.anomaly_detector.account.calls import Call, call_out
from functions.anomaly_detector.account.runaway import AccountIncident
from functions.anomaly_detector.account.state import AccountState, from_text, to_text
from functions.anomaly_detector.account.steps import Step
from functions.anomaly_detector.account.tripwire import AccountSignal, Trip
from functions.anomaly_detector.account.wakes import Wakes, looked, wake
from tests.unit.conftest import NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BUSY, CONCURRENCY = AccountSignal.BUSY, AccountSignal.CONCURRENCY


def trip(value: float, ceiling: float = 100.0) -> Trip:
    return Trip(CONCURRENCY, NOW, value, ceiling)


def step(value: float, needed: float = 10.0, before: float = 100.0) -> Step:
    return Step(BUSY, NOW, value, before, needed)


def called(value: float, last: Call | None, now: datetime) -> Call:
    call = call_out([trip(value)], last, now)
    assert call
    return call


def woken(value: float, last: Wakes, now: datetime) -> Wakes:
    wakes = wake([step(value)], last, {BUSY: value}, now).wakes
    assert wakes
    return wakes


def asleep(value: float, last: Wakes, now: datetime) -> str:
    waking = wake([step(value)], last, {BUSY: value}, now)
    assert waking.wakes is None
    return waking.reason


def test_everybody_is_called_out_until_a_culprit_is_found_and_not_all_day() -> None:
    first = called(300, None, NOW)
    second = called(310, first, NOW + MINUTE)
    assert (second.first_at, second.times) == (NOW, 2)
    assert call_out([trip(310)], first.with_culprit(), NOW + MINUTE) is None
    third = called(310, second, NOW + 2 * MINUTE)
    assert call_out([trip(310)], third, NOW + 3 * MINUTE) is None
    later = called(310, third, NOW + 40 * MINUTE)
    assert later.in_vain == 1
    assert call_out([], first, NOW + MINUTE) is None


def test_what_is_in_vain_is_done_less_often() -> None:
    vain = Call(NOW, NOW, 3, {CONCURRENCY: 300.0}, in_vain=2)
    assert call_out([trip(310)], vain, NOW + 119 * MINUTE) is None
    assert called(310, vain, NOW + 120 * MINUTE).in_vain == 3
    assert called(310, vain.with_culprit(), NOW + 30 * MINUTE).in_vain == 0


def test_everybody_is_called_out_again_when_it_gets_much_worse() -> None:
    first = Call(NOW, NOW, 3, {CONCURRENCY: 300.0}, found=True)
    worse = called(460, first, NOW + MINUTE)
    assert worse.levels == {CONCURRENCY: 460.0}
    assert worse.found, "its culprit is known"


def test_an_account_that_stands_out_a_little_every_hour_calls_nobody_out_all_day() -> None:
    last, count = None, 0
    for minute in range(30 * 1440):
        if after := call_out([trip(120.0)], last, NOW + minute * MINUTE):
            last, count = after, count + 1
    assert FOR_TRIPS.a_day * 29 <= count <= FOR_TRIPS.most + FOR_TRIPS.a_day * 30 + 2


def test_a_runaway_of_the_account_needs_no_allowance() -> None:
    used_up = Call(NOW, NOW, 3, {CONCURRENCY: 120.0}, allowance=Allowance(0.0, NOW))
    later = NOW + 40 * MINUTE
    assert call_out([trip(140)], used_up, later) is None
    assert called(150, used_up, later).allowance == used_up.allowance
    assert called(140, used_up, NOW + DAY).allowance.left == FOR_TRIPS.a_day - 1.0


def test_what_finds_its_culprit_costs_no_allowance() -> None:
    call = called(121, called(120, None, NOW), NOW + MINUTE)
    assert call.allowance.left == pytest.approx(FOR_TRIPS.most - 2, abs=0.01)
    assert call.with_culprit().allowance.left == pytest.approx(FOR_TRIPS.most, abs=0.01)
    last = Wakes()
    for runaway in range(20):
        at = NOW + runaway * timedelta(hours=1)
        last = woken(121, woken(120, last, at), at + MINUTE).with_culprit()
    assert last.allowance.left == pytest.approx(FOR_STEPS.most, abs=0.1)


def test_a_step_wakes_everybody_once_more_where_nobody_was_found() -> None:
    first = woken(120, Wakes(), NOW)
    assert asleep(121, first.with_culprit(), NOW + MINUTE) == "everybody was looked at for it"
    second = woken(121, first, NOW + MINUTE)
    assert second.first_at == NOW
    assert second.allowance.left == pytest.approx(FOR_STEPS.most - 2, abs=0.01)
    assert asleep(121, second, NOW + 2 * MINUTE) == "everybody was looked at for it"


def test_a_second_runaway_beside_the_first_wakes_everybody_again() -> None:
    first = woken(120, Wakes(), NOW).with_culprit()
    assert asleep(128, first, NOW + 9 * MINUTE)
    assert not woken(140, first, NOW + 9 * MINUTE).found
    assert "still growing" in asleep(140, first, NOW + MINUTE)


def test_what_everybody_was_called_out_for_wakes_nobody() -> None:
    after = looked(Wakes(), {BUSY: 120.0}, NOW)
    assert after.allowance == FOR_STEPS.whole(), "a trip has its own"
    assert asleep(121, after, NOW + MINUTE)
    assert not woken(140, after, NOW + MINUTE).found, "unless it is more"


def test_what_the_last_of_the_allowance_began_is_finished() -> None:
    first = woken(120, Wakes(allowance=Allowance(1.2, NOW)), NOW)
    second = woken(121, first, NOW + MINUTE)
    assert second.allowance.left == pytest.approx(-0.8, abs=0.01)
    assert second.with_culprit().allowance.left == pytest.approx(1.2, abs=0.01)
    assert asleep(150, second, NOW + timedelta(hours=1)) == "the allowance is used up"


def test_an_allowance_that_is_used_up_comes_back_with_the_days() -> None:
    last, now = Wakes(), NOW
    for _ in range(int(FOR_STEPS.most)):
        last, now = woken(120, last, now), now + timedelta(hours=1)
    assert asleep(500, last, now) == "the allowance is used up"
    assert woken(120, last, now + DAY).tries == 1
    for days in (10, 300):
        saved = woken(120, last, now + days * DAY).allowance
        assert saved.left == FOR_STEPS.most - 1, "no more than that is saved up"


def test_the_dearest_month_of_steps_is_bounded() -> None:
    last, count = Wakes(), 0
    for minute in range(30 * 1440):
        level = 120.0 + minute % 2 * 50
        if after := wake([step(level)], last, {BUSY: level}, NOW + minute * MINUTE).wakes:
            last, count = after, count + 1
    assert count <= FOR_STEPS.most + FOR_STEPS.a_day * 30 + 1


def test_a_clock_that_was_wrong_stops_nobody() -> None:
    tomorrow = NOW + DAY
    wakes = Wakes(tomorrow, tomorrow, 2, {BUSY: 900.0}, allowance=Allowance(2.0, tomorrow))
    assert woken(120, wakes, NOW).allowance.left == 1.0
    call = Call(tomorrow, tomorrow, 3, {CONCURRENCY: 900.0}, allowance=Allowance(2.0, tomorrow))
    assert called(120, call, NOW).allowance.left == 1.0


def test_what_was_given_back_is_not_given_back_twice() -> None:
    budget = Budget(most=5.0, a_day=1.0)
    once = budget.take(budget.whole(), NOW, again=False)
    assert once
    assert budget.give_back(budget.give_back(once)).left == 5.0
    other = budget.take(once, NOW, again=False)
    assert other
    assert budget.give_back(other).left == 4.0, "the first was in vain"


def test_what_is_remembered_is_read_back() -> None:
    state = AccountState(
        Call(NOW, NOW + MINUTE, 2, {BUSY: 7.0}, 1, allowance=Allowance(1.5, NOW, 2)),
        AccountIncident(NOW, NOW, {BUSY: 7.0}, {BUSY: 17.0}, {BUSY: 9.0}, 1000),
        Wakes(NOW, NOW + MINUTE, 1, {BUSY: 7.0}, found=True, allowance=Allowance(2.5, NOW, 1)),
    )
    assert from_text(to_text(state)) == state
    assert from_text(to_text(AccountState())) == AccountState()
    assert from_text('{"call": 3}') == AccountState(), "written by another version"
