"""A cap and a lasting limit on one function, wherever one is when the other comes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from demo.attack.stage import Stage
from functions.guard import commands, gather
from functions.guard.decisions.standing import Proposal
from functions.guard.judge import judge_runaway, judge_standing
from functions.guard.ledger import LEASE
from functions.guard.sweep import sweep
from functions.shared.guarding.enforcement import LASTING, TEMPORARY
from tests.unit.guard.actors import Actor, Cast
from tests.unit.guard.scenes import confirm, reserved, runaway, show, stage

LASTING_LIMIT = 61
# More stops than any of the runs has: before and after each call.
STOPS = range(48)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Stage:
    # One after the other, so that each call is made by its actor's own thread.
    monkeypatch.setattr(gather, "together", lambda questions: [ask() for ask in questions])
    return stage(standing={"mode": "enforce"})


def limit_lastingly(on: Stage) -> None:
    judge_standing(on.guard, Proposal(on.account.arn("orders"), 40, LASTING_LIMIT, "ran"), on.now)


def release(on: Stage) -> None:
    commands.release(on.guard, on.account.arn("orders"), by="ann", patience=timedelta(0))


def cap(on: Stage) -> None:
    show(on, runaway())
    judge_runaway(on.guard, on.account.arn("orders"), runaway(), on.now)


def started(on: Stage, run: Callable[[Stage], None], stops: int) -> Actor:
    """Somebody who has come so far."""
    cast = Cast()
    on.watch(cast.watched)
    actor = Actor("first", on.now, lambda: run(on), enforcing=True, running=True)
    cast.enter(actor)
    for _ in range(stops):
        actor.step()
    return actor


def ends(actor: Actor) -> None:
    """Let somebody go on to the end."""
    for _ in STOPS:
        actor.step()
    assert actor.is_done


def owned(on: Stage) -> None:
    """When every cap is over, what is set is the lasting limit of the ledger, or nothing."""
    on.wait(days=2)
    for _ in range(3):
        sweep(on.guard, on.now)
    lasting = on.guard.ledger.get(on.account.arn("orders"), LASTING)
    stands = lasting is not None and lasting.is_standing
    assert not on.guard.ledger.standing(TEMPORARY)
    assert reserved(on) == (LASTING_LIMIT if stands else None)


@pytest.mark.parametrize("stops", STOPS)
def test_a_cap_comes_while_the_lasting_limit_is_released(on: Stage, stops: int) -> None:
    limit_lastingly(on)
    first = started(on, release, stops)
    confirm(on)
    ends(first)
    owned(on)


@pytest.mark.parametrize("stops", STOPS)
def test_a_lasting_limit_is_released_while_a_cap_comes(on: Stage, stops: int) -> None:
    limit_lastingly(on)
    first = started(on, cap, stops)
    release(on)
    ends(first)
    owned(on)


@pytest.mark.parametrize("stops", STOPS)
def test_a_cap_comes_while_a_lasting_limit_is_set(on: Stage, stops: int) -> None:
    first = started(on, limit_lastingly, stops)
    confirm(on)
    ends(first)
    owned(on)


@pytest.mark.parametrize("stops", STOPS)
def test_a_cap_comes_after_whoever_set_a_lasting_limit_died(on: Stage, stops: int) -> None:
    started(on, limit_lastingly, stops).kill()
    on.wait(seconds=LEASE.total_seconds() + 1)
    confirm(on)
    owned(on)
