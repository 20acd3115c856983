"""Random estates, guards and people at the same time, crashes anywhere: the rules hold.

The account is a model with AWS's rules. AWS has no conditional write for reserved concurrency, so
what the guard reads directly before it sets a value is taken as one step with setting it, and
nobody else comes between; a crash may.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from demo.attack.account import ModelFunction, Setting
from demo.attack.stage import Stage
from functions.guard import commands, gather
from functions.guard.decisions.standing import Proposal
from functions.guard.judge import judge_quarantine, judge_runaway, judge_standing
from functions.guard.ledger import LEASE
from functions.guard.lift import BusyError, LimitStandsError
from functions.guard.overrule import overrule
from functions.guard.reasons import reason_over
from functions.guard.sweep import UnfinishedSweepError, sweep
from functions.shared.config import QuarantineReason, WardenConfig
from functions.shared.events.envelope import Envelope
from functions.shared.guarding.enforcement import LASTING, TEMPORARY
from functions.shared.guarding.requests import QuarantineRequest, ReasonOver
from functions.shared.state.table import ConflictError
from tests.unit.guard.actors import Actor, Cast, KilledError
from tests.unit.guard.scenes import NOW, add, config, recorded, runaway, show
from tests.unit.shared.events import cloudtrail, enveloped

NAMES = ("orders", "crawler", "billing")
BUDGET = 3
# Never a value that the guard may choose: then theirs and ours could not be told apart.
THEIRS = st.sampled_from([None, 33, 77, 150, 333, 650])
LASTING_LIMIT = 61
STANDS = {"intended", "applied", "lifting"}
# How far an actor goes before anybody else moves: not at all, some calls, or to its end.
STEPS = st.sampled_from([0, 2, 6, 10, 14, 18, 22, 99, 99, 99])
SETS = ("PutFunctionConcurrency", "DeleteFunctionConcurrency")
LAMBDA_TIMEOUT = timedelta(minutes=2)
EXPECTED = (
    BusyError,
    ClientError,
    ConflictError,
    KilledError,
    LimitStandsError,
    UnfinishedSweepError,
)


class Estate(RuleBasedStateMachine):
    """The moves of everybody, and what must hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.cast = Cast()
        self.patch = pytest.MonkeyPatch()
        # One after the other, so that each call is made by its actor's own thread.
        self.patch.setattr(gather, "together", lambda questions: [ask() for ask in questions])
        self.faults: list[str] = []
        self.limited: list[Setting] = []
        self.trail: list[Envelope] = []

    @initialize(
        limit=st.sampled_from([10, 300, 1000, 1000, 1000]),
        values=st.tuples(THEIRS, THEIRS, THEIRS),
        provisioned=st.sampled_from([0, 0, 0, 15]),
    )
    def open(self, limit: int, values: tuple[int | None, ...], provisioned: int) -> None:
        self.on = Stage(_config(), NOW, limit)
        self.truth: dict[str, int | None] = {}
        for name, value in zip(NAMES, values, strict=True):
            add(self.on, name)
            self.truth[name] = None
            self._they_set(name, value)
        if self.on.account.functions["billing"].reserved is None:
            self.on.account.functions["billing"].provisioned = provisioned
        self.enforcing = True
        self.on.watch(self.cast.watched)
        self.patch.setattr(self.on.account, "reserve", self._judged(self.on.account.reserve))

    # What the guards do.

    def _act(self, name: str, run: Callable[[], object], steps: int) -> None:
        switch = self.on.table.rows.get("GUARD", {}).get("SWITCH", {})
        running = not switch.get("stopped", False)
        actor = Actor(name, self.on.now, run, enforcing=self.enforcing, running=running)
        self.cast.enter(actor)
        self._go_on(actor, steps)

    @rule(name=st.sampled_from(NAMES), steps=STEPS)
    def confirm(self, name: str, steps: int) -> None:
        function, guard, now = self.on.account.arn(name), self.on.guard, self.on.now
        show(self.on, runaway(), name)
        self._act(f"confirm {name}", lambda: judge_runaway(guard, function, runaway(), now), steps)

    # The same once more, because rules are drawn evenly and this is what starts everything.
    confirm_again = confirm

    @rule(name=st.sampled_from(NAMES), steps=STEPS)
    def stop_function(self, name: str, steps: int) -> None:
        function, guard, now = self.on.account.arn(name), self.on.guard, self.on.now
        request = QuarantineRequest(cause=QuarantineReason.LIFECYCLE, reason="It must stop.")
        run = lambda: judge_quarantine(guard, function, request, now)  # noqa: E731
        self._act(f"quarantine {name}", run, steps)

    @rule(name=st.sampled_from(NAMES), steps=STEPS)
    def limit_lastingly(self, name: str, steps: int) -> None:
        function, guard, now = self.on.account.arn(name), self.on.guard, self.on.now
        proposal = Proposal(function, 40, LASTING_LIMIT, "ran 40 at once")
        self._act(f"limit {name}", lambda: judge_standing(guard, proposal, now), steps)

    @precondition(lambda self: self.trail)
    @rule(data=st.data(), steps=STEPS)
    def an_event_comes(self, data: st.DataObject, steps: int) -> None:
        """Late, twice, or in another order than it happened."""
        event, guard, now = data.draw(st.sampled_from(self.trail)), self.on.guard, self.on.now
        self._act("overrule", lambda: overrule(guard, event, now), steps)

    @rule(name=st.sampled_from(NAMES), flaw=st.sampled_from(["CVE-1", "CVE-2"]), steps=STEPS)
    def stop_for_a_flaw(self, name: str, flaw: str, steps: int) -> None:
        function, guard, now = self.on.account.arn(name), self.on.guard, self.on.now
        request = QuarantineRequest(
            cause=QuarantineReason.KNOWN_EXPLOITED, reason="It is attacked.", occasions=(flaw,)
        )
        run = lambda: judge_quarantine(guard, function, request, now)  # noqa: E731
        self._act(f"quarantine {name} for {flaw}", run, steps)

    @rule(
        name=st.sampled_from(NAMES),
        cause=st.sampled_from([QuarantineReason.LIFECYCLE, QuarantineReason.KNOWN_EXPLOITED]),
        steps=STEPS,
    )
    def reason_is_over(self, name: str, cause: QuarantineReason, steps: int) -> None:
        function, guard, now = self.on.account.arn(name), self.on.guard, self.on.now
        over = ReasonOver(cause=cause, reason="It was mended.")
        run = lambda: reason_over(guard, function, over, now)  # noqa: E731
        self._act(f"{cause.value} of {name} is over", run, steps)

    @rule(steps=STEPS)
    def tick(self, steps: int) -> None:
        guard, now = self.on.guard, self.on.now
        self._act("sweep", lambda: sweep(guard, now), steps)

    @rule(name=st.sampled_from(NAMES), steps=STEPS)
    def release(self, name: str, steps: int) -> None:
        function, guard = self.on.account.arn(name), self.on.guard
        run = lambda: commands.release(guard, function, by="ann", patience=timedelta(0))  # noqa: E731
        self._act(f"release {name}", run, steps)

    @rule(steps=STEPS)
    def release_all(self, steps: int) -> None:
        guard = self.on.guard
        run = lambda: commands.release_all(guard, by="ann", patience=timedelta(0))  # noqa: E731
        self._act("release all", run, steps)

    @precondition(lambda self: self._at_work())
    @rule(data=st.data(), steps=st.integers(1, 12))
    def step(self, data: st.DataObject, steps: int) -> None:
        self._go_on(data.draw(st.sampled_from(self._at_work()), label="actor"), steps)

    @precondition(lambda self: self._at_work())
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self._at_work()), label="actor").kill()

    # What people and time do.

    @rule(name=st.sampled_from(NAMES), value=THEIRS)
    def they_set(self, name: str, value: int | None) -> None:
        for actor in self.cast.actors:
            while actor.waits_at in SETS:  # one step with the look before it
                actor.step()
        self._they_set(name, value)

    @rule(name=st.sampled_from(NAMES))
    def they_recreate(self, name: str) -> None:
        for actor in self.cast.actors:
            while actor.waits_at in SETS:
                actor.step()
        tags = self.on.account.functions[name].tags
        self.on.account.functions[name] = ModelFunction(tags=tags)
        self.truth[name] = None

    @rule(stopped=st.booleans())
    def they_switch(self, *, stopped: bool) -> None:
        do = commands.stop if stopped else commands.resume
        do(self.on.guard, by="ann", why="", now=self.on.now)
        for actor in self.cast.actors:
            actor.running = actor.running or not stopped

    @rule(
        mode=st.sampled_from(["enforce", "dry-run", "off"]),
        standing=st.sampled_from(["enforce", "enforce", "dry-run"]),
    )
    def they_deploy(self, mode: str, standing: str) -> None:
        self._deploy(mode, standing)

    @rule(minutes=st.sampled_from([0.3, 1, 3, 16, 65]), throttled=st.booleans())
    def time_passes(self, minutes: float, *, throttled: bool) -> None:
        for name in NAMES if throttled else ():
            self.on.account.record(name, "Throttles", self.on.now, 50)
        self.on.wait(minutes=minutes)
        for actor in self.cast.actors:
            if not actor.is_done and self.on.now - actor.began >= LAMBDA_TIMEOUT:
                actor.kill()

    # What must hold.

    @invariant()
    def the_unreserved_floor_is_kept(self) -> None:
        if hasattr(self, "on"):
            assert self.on.account.unreserved >= self.on.account.minimum

    @invariant()
    def every_limit_stands_in_the_ledger(self) -> None:
        if not hasattr(self, "on"):
            return
        for name, function in self.on.account.functions.items():
            if function.set_by == "guard" and function.reserved != self.truth[name]:
                truth = -1 if self.truth[name] is None else self.truth[name]
                cap, lasting = self._item(TEMPORARY, name), self._item(LASTING, name)
                if cap and _is_of(function.reserved, cap):
                    assert cap["previous"] in ({truth, LASTING_LIMIT} if lasting else {truth})
                else:
                    assert lasting
                    assert _is_of(function.reserved, lasting)
                    assert lasting["previous"] == truth

    @invariant()
    def nothing_was_overwritten(self) -> None:
        assert not self.faults

    @invariant()
    def the_hour_has_its_budget(self) -> None:
        window = timedelta(hours=1) - LEASE  # an action is counted when it is decided
        for first in self.limited:
            within = [one for one in self.limited if first.at <= one.at < first.at + window]
            assert len(within) <= BUDGET

    def teardown(self) -> None:
        """Everybody dies, time passes, one look: the truth is back."""
        try:
            if hasattr(self, "on"):
                self._recover()
        finally:
            self.patch.undo()

    def _recover(self) -> None:
        for actor in self.cast.actors:
            actor.kill()
        assert not self.faults
        self.on.wait(seconds=LEASE.total_seconds() + 1)
        sweep(self.on.guard, self.on.now)
        self.every_limit_stands_in_the_ledger()
        self.on.wait(days=2)
        for name in NAMES:
            sweep(self.on.guard, self.on.now)
            if self.on.guard.ledger.standing(TEMPORARY):
                # Only people who took the room that a restore needs can be in its way.
                assert any(one.finding.rule == "cap-not-lifted" for one in self.on.alerts)
                self._make_room(name)
        sweep(self.on.guard, self.on.now)
        assert not self.on.guard.ledger.standing(TEMPORARY)
        self.every_limit_stands_in_the_ledger()
        self._deploy("enforce", "dry-run")  # policy wants no lasting limits any more
        sweep(self.on.guard, self.on.now)
        assert not self.on.guard.ledger.standing(LASTING)
        after = {name: one.reserved for name, one in self.on.account.functions.items()}
        assert after == self.truth
        assert not self.faults

    def _deploy(self, mode: str, standing: str) -> None:
        made = _config(modes={"experimental": mode}, standing={"mode": standing})
        self.on.guard = self.on.another_guard(made)
        self.enforcing = mode == "enforce"

    def _item(self, book: str, name: str) -> dict[str, Any] | None:
        item = self.on.table.rows.get(book, {}).get(str(self.on.account.arn(name)))
        return dict(item) if item and item["stage"] in STANDS else None

    def _make_room(self, name: str) -> None:
        if self.on.account.functions[name].set_by == "people":
            self._they_set(name, None)

    def _at_work(self) -> list[Actor]:
        return [one for one in self.cast.actors if not one.is_done]

    def _go_on(self, actor: Actor, steps: int) -> None:
        for _ in range(steps):
            actor.step()
        if actor.failure is not None and not isinstance(actor.failure, EXPECTED):
            raise actor.failure

    def _they_set(self, name: str, value: int | None) -> None:
        try:
            self.on.account.reserve(name, value, "people")
        except ClientError:
            return  # AWS's rules are theirs, too
        self.truth[name] = value
        call, request = ("DeleteFunctionConcurrency", {}) if value is None else (
            "PutFunctionConcurrency20171031", {"reservedConcurrentExecutions": value}
        )  # fmt: skip
        event = cloudtrail(
            call, {"functionName": name, **request}, eventTime=self.on.now.isoformat()
        )
        self.trail.append(enveloped(recorded(self.on, event)))

    def _judged(
        self, reserve: Callable[[str, int | None, str], None]
    ) -> Callable[[str, int | None, str], None]:
        """Look at every setting of the guard as it is made."""

        def judged(name: str, value: int | None, by: str) -> None:
            function = self.on.account.functions.get(name)
            before = (function.reserved, function.set_by) if function else (None, "people")
            reserve(name, value, by)
            if by == "guard":
                self._judge(name, before, value)

        return judged

    def _judge(self, name: str, before: tuple[int | None, str], value: int | None) -> None:
        actor = self.cast.current()
        truth, (was, whose) = self.truth[name], before
        restores = value == truth or (value == LASTING_LIMIT and was != truth)
        if restores and whose != "guard":
            self.faults.append(f"{name}: {was}, which people set, was replaced by {value}")
        if not restores:
            self.limited.append(self.on.account.settings[-1])
            if whose == "people" and was != truth:
                self.faults.append(f"{name}: limited over {was}")
            if actor and not (actor.enforcing and actor.running):
                self.faults.append(f"{name}: limited by {actor.name}, which might not")


def _config(**guard: Any) -> WardenConfig:
    return config(**{"actions_per_hour": BUDGET, "standing": {"mode": "enforce"}, **guard})


def _is_of(reserved: int | None, item: dict[str, Any]) -> bool:
    return reserved is not None and reserved in {item["cap"], item["superseded"]}


TestEstate = Estate.TestCase
TestEstate.settings = settings(stateful_step_count=40)
