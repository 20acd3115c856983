"""A guard on a model account, and requests that it gets."""

from datetime import UTC, datetime
from typing import Any

from demo.attack.account import ModelFunction
from demo.attack.stage import Stage
from functions.guard.decisions.decision import Decision
from functions.guard.judge import judge_quarantine, judge_runaway
from functions.shared.config import QuarantineReason, WardenConfig, load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import QuarantineRequest, Runaway

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ENFORCING: dict[str, Any] = {
    "modes": {"experimental": "enforce"},
    "queue_backed": "report",
    "quarantine": {"reasons": ["world-open-attacked", "known-exploited", "lifecycle"]},
}


def config(**guard: Any) -> WardenConfig:
    """Settings with the guard enforcing in experimental environments."""
    return load_config({"guard": {**ENFORCING, **guard}, "exempt_functions": ["legacy-*"]})


def stage(*, limit: int = 1000, **guard: Any) -> Stage:
    """An account with one experimental function, `orders`."""
    made = Stage(config(**guard), NOW, limit)
    add(made, "orders")
    return made


def add(
    on: Stage,
    name: str,
    *,
    reserved: int | None = None,
    environment: str = "experimental",
    **more: Any,
) -> FunctionArn:
    """Put a function into the account."""
    tags = {"environment": environment} if environment else {}
    on.account.functions[name] = ModelFunction(reserved=reserved, tags=tags, **more)
    return on.account.arn(name)


def runaway(*, concurrency: float = 400, usual_peak: float = 10) -> Runaway:
    """Far more at once than usual."""
    return Runaway(since=NOW, concurrency=concurrency, usual_peak=usual_peak)


def confirm(on: Stage, name: str = "orders", **request: float) -> Decision:
    """The detector confirms a runaway."""
    return judge_runaway(on.guard, on.account.arn(name), runaway(**request), on.now)


def quarantine(
    on: Stage, name: str = "orders", cause: QuarantineReason = QuarantineReason.LIFECYCLE
) -> Decision:
    """Somebody asks for a function to be stopped."""
    request = QuarantineRequest(sender="tester", cause=cause, reason="It must stop.")
    return judge_quarantine(on.guard, on.account.arn(name), request, on.now)


def reserved(on: Stage, name: str = "orders") -> int | None:
    """A function's reserved concurrency."""
    return on.account.functions[name].reserved
