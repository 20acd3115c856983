"""Replaying an attack through the real detector and the real guard, on a model account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from demo.attack.account import ModelFunction, Setting
from demo.attack.stage import Stage
from demo.attack.traffic import MINUTE, Attack, Minute, demand, serve
from functions.anomaly_detector.page.judge import judge_page
from functions.guard.handler import attend
from functions.guard.sweep import sweep
from functions.shared.config import WardenConfig
from functions.shared.cost.lambda_price import cost
from functions.shared.events.envelope import read_envelope
from functions.shared.guarding.requests import DETECTOR

FUNCTION: Final = "checkout-webhook"
_HISTORY: Final = timedelta(days=14)
_BEFORE: Final = timedelta(hours=1)
_AFTER: Final = timedelta(hours=2)
_PERIOD: Final = 5


@dataclass(frozen=True, slots=True)
class Replay:
    """One run.

    Attributes:
        minutes: Every minute from an hour before the attack to two hours after it.
        settings: What the guard set, and when.
    """

    minutes: tuple[Minute, ...]
    settings: tuple[Setting, ...]

    def costs(self, attack: Attack) -> list[float]:
        """USD of each minute, at list price."""
        return [
            cost(one.served, one.served * attack.duration_ms, memory_mib=attack.memory_mib)
            for one in self.minutes
        ]

    @property
    def suffering(self) -> list[Minute]:
        """Minutes in which more than one healthy call in a hundred was refused."""
        return [one for one in self.minutes if one.share < 0.99]

    @property
    def healthy_refused(self) -> float:
        """Healthy calls that were refused."""
        return sum(one.healthy * (1 - one.share) for one in self.minutes)


def replay(attack: Attack, config: WardenConfig) -> Replay:
    """Let the attack happen to a function that a guard with these settings watches."""
    stage = Stage(config, attack.start - _BEFORE, attack.limit)
    stage.account.functions[FUNCTION] = ModelFunction(tags={"environment": "experimental"})
    _remember(stage, attack)
    minutes = []
    until = attack.start + MINUTE * attack.minutes + _AFTER
    for at, healthy, hostile in demand(attack, stage.now, until):
        reserved = stage.account.functions[FUNCTION].reserved
        minute = serve(attack, at, healthy, hostile, reserved)
        minutes.append(minute)
        _measure(stage, minute, attack)
        stage.now = at + MINUTE
        _work(stage, config)
    return Replay(tuple(minutes), tuple(stage.account.settings))


def _remember(stage: Stage, attack: Attack) -> None:
    """Two quiet weeks: what the detector knows the function by."""
    for index, (at, healthy, _) in enumerate(demand(attack, stage.now - _HISTORY, stage.now)):
        if index % _PERIOD == 0:
            minute = serve(attack, at, healthy, 0, None)
            _measure(stage, minute, attack, times=_PERIOD)


def _measure(stage: Stage, minute: Minute, attack: Attack, times: int = 1) -> None:
    samples = {
        "Invocations": minute.served * times,
        "Throttles": minute.throttled * times,
        "Errors": 0.0,
        "Duration": attack.duration_ms,
        "ConcurrentExecutions": float(minute.concurrency),
    }
    for metric, value in samples.items():
        stage.account.record(FUNCTION, metric, minute.at, value)


def _work(stage: Stage, config: WardenConfig) -> None:
    """What Warden's clocks, schedules and queues make it do in this minute."""
    elapsed = int(stage.now.timestamp() // 60)
    # There is no tripwire on this stage; it would make the detector look every minute at once.
    judge_page({"functions": [FUNCTION], "hot": [FUNCTION]}, stage.guard.warden, stage.now)
    if elapsed % config.guard.sweep_minutes == 0:
        sweep(stage.guard, stage.now)
    due = [name for name, (at, _) in stage.account.schedules.items() if at <= stage.now]
    stage.account.messages += [stage.account.schedules.pop(name)[1] for name in due]
    waiting, stage.account.messages = stage.account.messages, []
    for body in waiting:
        # The detector and the schedules write to this queue; SQS would say which of them did.
        attend(stage.guard, read_envelope(body).from_sender(DETECTOR), stage.now)


def reported(replayed: Replay) -> Sequence[str]:
    """What the guard set, in words."""
    return [
        f"{one.at:%H:%M} UTC: {_shown(one.before)} → {_shown(one.after)}"
        for one in replayed.settings
    ]


def _shown(value: int | None) -> str:
    return "none" if value is None else str(value)
