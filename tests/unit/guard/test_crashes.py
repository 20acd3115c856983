"""Killed between any two steps, the guard's next look restores the truth."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from demo.attack.stage import Stage
from functions.guard import commands, gather
from functions.guard.ledger import LEASE
from functions.guard.sweep import UnfinishedSweepError, sweep
from functions.shared.guarding.enforcement import TEMPORARY
from tests.unit.guard.actors import Actor, Cast, KilledError
from tests.unit.guard.scenes import add, confirm, quarantine, reserved, stage

DAY = timedelta(days=1)


def after_calls(on: Stage, number: int) -> Callable[[str], None]:
    """Dies at a call, before it or after it was carried out."""
    left = number

    def watched(_: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KilledError

    return watched


def kill_at_every_step(
    prepare: Callable[[Stage], None], act: Callable[[Stage], object], **guard: Any
) -> int:
    """Run an action again and again, killed one step later each time; then let time pass.

    Returns:
        At how many steps it was killed.
    """
    for step in range(200):
        on = stage(**guard)
        prepare(on)
        before = {name: one.reserved for name, one in on.account.functions.items()}
        truth = _truth(on, before)
        on.watch(after_calls(on, step))
        try:
            act(on)
        except KilledError:
            killed = True
        else:
            killed = False
        on.watch(lambda _: None)
        _limits_are_recorded(on)
        on.wait(seconds=LEASE.total_seconds() + 1)
        sweep(on.guard, on.now)
        _limits_are_recorded(on)
        on.wait(days=2)
        sweep(on.guard, on.now)
        after = {name: one.reserved for name, one in on.account.functions.items()}
        assert after == truth, f"killed at step {step}"
        assert not on.guard.ledger.standing(TEMPORARY)
        if not killed:
            return step
    raise AssertionError("it never ends")


def _truth(on: Stage, before: dict[str, int | None]) -> dict[str, int | None]:
    """What people last set: what the ledger has as the value before the guard's."""
    truth = dict(before)
    for record in on.guard.ledger.standing(TEMPORARY):
        truth[record.function.name] = record.previous
    return truth


def _limits_are_recorded(on: Stage) -> None:
    """A value that the guard set to limit stands in the ledger."""
    for name, function in on.account.functions.items():
        if function.set_by == "guard":
            record = on.guard.ledger.get(on.account.arn(name))
            assert record is not None
            ours = record.is_standing and record.is_ours(function.reserved)
            assert ours or function.reserved == record.previous


@pytest.mark.parametrize("previous", [None, 300])
def test_while_capping(previous: int | None) -> None:
    def prepare(on: Stage) -> None:
        on.account.functions["orders"].reserved = previous

    assert kill_at_every_step(prepare, confirm) > 15


def _capped(on: Stage) -> None:
    on.account.functions["orders"].reserved = 300
    assert confirm(on).limits
    on.wait(minutes=16)


def test_while_tightening() -> None:
    assert kill_at_every_step(_capped, confirm) > 15


def test_while_a_capped_function_is_stopped() -> None:
    assert kill_at_every_step(_capped, quarantine) > 15


def test_while_it_expires() -> None:
    def expired(on: Stage) -> None:
        _capped(on)
        on.wait(hours=1)

    assert kill_at_every_step(expired, lambda on: sweep(on.guard, on.now)) > 8


def test_while_everything_is_released() -> None:
    def several(on: Stage) -> None:
        _capped(on)
        add(on, "crawler", reserved=50)
        assert confirm(on, "crawler").limits

    def release(on: Stage) -> object:
        return commands.release_all(
            on.guard, by="tester", wait=lambda seconds: on.wait(seconds=seconds)
        )

    assert kill_at_every_step(several, release) > 15


def test_a_reminder_of_the_dead_goes_on_where_they_ended() -> None:
    """The message is delivered again after the lease: the cap is set in the end."""
    on = stage()
    for step in range(200):
        on = stage()
        on.watch(after_calls(on, step))
        try:
            confirm(on)
        except KilledError:
            pass
        else:
            return
        on.watch(lambda _: None)
        on.wait(minutes=12)
        decision = confirm(on)
        assert reserved(on) in {20, 10}, decision
        assert len([one for one in on.account.settings if one.after is not None]) <= 2


def pairs(
    monkeypatch: pytest.MonkeyPatch, other: Callable[[Stage], object]
) -> Iterator[tuple[Stage, Actor]]:
    """A guard that caps is stopped at each of its calls, and something else runs to its end."""
    monkeypatch.setattr(gather, "together", lambda questions: [ask() for ask in questions])
    for steps in range(60):
        on, cast = stage(), Cast()
        on.account.functions["orders"].reserved = 300
        confirm(on)  # so that both replace a record
        on.wait(hours=1)
        sweep(on.guard, on.now)
        on.account.settings.clear()
        on.watch(cast.watched)
        actor = Actor("one", on.now, lambda on=on: confirm(on), enforcing=True, running=True)  # type: ignore[misc] # bound now
        cast.enter(actor)
        for _ in range(steps):
            actor.step()
        if actor.is_done:
            return
        other(on)
        yield on, actor
    raise AssertionError("it never ends")


def test_two_decisions_at_the_same_time_cannot_both_act(monkeypatch: pytest.MonkeyPatch) -> None:
    for on, actor in pairs(monkeypatch, confirm):
        while not actor.is_done:
            actor.step()
        assert [(one.before, one.after) for one in on.account.settings] == [(300, 20)]
        on.wait(hours=2)
        sweep(on.guard, on.now)
        assert reserved(on) == 300


@pytest.mark.parametrize("more", range(1, 10))
def test_a_release_comes_between_and_the_guard_is_killed_later(
    more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def release(on: Stage) -> object:
        arn = on.account.arn("orders")
        return commands.release(on.guard, arn, by="ann", patience=timedelta(0))

    for on, actor in pairs(monkeypatch, release):
        for _ in range(more):
            actor.step()
        actor.kill()
        _limits_are_recorded(on)
        on.wait(hours=2)
        sweep(on.guard, on.now)
        assert reserved(on) == 300
        assert not on.guard.ledger.standing(TEMPORARY)


def test_a_sweep_that_cannot_look_at_one_function_looks_at_the_others() -> None:
    on = stage()
    add(on, "crawler")
    confirm(on)
    confirm(on, "crawler")
    on.wait(hours=1)

    real = on.account.functions["crawler"]
    calls = 0

    def unreachable(operation: str) -> None:
        nonlocal calls
        if operation == "GetFunctionConcurrency":
            calls += 1
            if calls == 1:
                from botocore.exceptions import EndpointConnectionError  # noqa: PLC0415

                raise EndpointConnectionError(endpoint_url="https://lambda")

    on.watch(unreachable)
    with pytest.raises(UnfinishedSweepError, match="EndpointConnectionError"):
        sweep(on.guard, on.now)
    assert [real.reserved, reserved(on)].count(None) == 1
    on.watch(lambda _: None)
    on.wait(minutes=5)
    sweep(on.guard, on.now)
    assert [real.reserved, reserved(on)] == [None, None]
