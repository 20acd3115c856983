"""A guard on a model account, and requests that it gets."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.attack.account import ModelFunction
from demo.attack.stage import Stage
from functions.guard.decisions.decision import Decision
from functions.guard.judge import judge_quarantine, judge_runaway
from functions.shared.config import QuarantineReason, WardenConfig, load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import MessageType
from functions.shared.guarding.requests import QuarantineRequest, Runaway
from tests.unit.shared.events import enveloped
from tests.unit.shared.guarding_notice import give_notice, open_flaw

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ENFORCING: dict[str, Any] = {
    "modes": {"experimental": "enforce"},
    "queue_backed": "report",
    "quarantine": {"reasons": ["world-open-attacked", "known-exploited", "lifecycle"]},
}


_SENDERS: dict[str, str] = {
    MessageType.RUNAWAY_CONFIRMED: "anomaly-detector",
    MessageType.QUARANTINE_ASKED_FOR: "tag-enforcer",
    MessageType.QUARANTINE_REASON_OVER: "tag-enforcer",
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
    tags = {"environment": environment, "expiry": "2026-02-20"} if environment else {}
    on.account.functions[name] = ModelFunction(reserved=reserved, tags=tags, **more)
    function, long_ago = on.account.arn(name), on.now - timedelta(days=60)
    # Whoever asks for it to be stopped has reason to.
    give_notice(on.table, function, tags, noted=long_ago, reported=on.now - timedelta(days=14))
    open_flaw(on.table, function, on.now)
    return function


def runaway(*, concurrency: float = 400, usual_peak: float = 10) -> Runaway:
    """Far more at once than usual."""
    return Runaway(since=NOW - timedelta(minutes=1), concurrency=concurrency, usual_peak=usual_peak)


def confirm(on: Stage, name: str = "orders", **request: float) -> Decision:
    """The detector confirms a runaway, which the metrics show."""
    began = on.now - timedelta(minutes=1)
    asked = runaway(**request).model_copy(update={"since": began})
    show(on, asked, name)
    return judge_runaway(on.guard, on.account.arn(name), asked, on.now)


def show(on: Stage, asked: Runaway, name: str = "orders") -> None:
    """CloudWatch has what a request cites."""
    at = on.now - timedelta(minutes=1)
    on.account.record(name, "ConcurrentExecutions", at, asked.concurrency)
    on.account.record(name, "Invocations", at, asked.invocations)


def recorded(on: Stage, event: dict[str, Any]) -> dict[str, Any]:
    """An event of CloudTrail that its history has, too."""
    identity = f"event-{len(on.account.history)}"
    event["detail"]["eventID"] = identity
    on.account.history[identity] = event["detail"]
    return event


def arrived(event: dict[str, Any], sent_by: str = "") -> Envelope:
    """A message on the guard's queue, from the part that sends such messages."""
    envelope = enveloped(json.loads(json.dumps(event, default=str)))
    return envelope.from_sender(sent_by or _SENDERS.get(envelope.detail_type, ""))


def quarantine(
    on: Stage, name: str = "orders", cause: QuarantineReason = QuarantineReason.LIFECYCLE
) -> Decision:
    """Somebody asks for a function to be stopped."""
    request = QuarantineRequest(cause=cause, reason="It must stop.")
    return judge_quarantine(on.guard, on.account.arn(name), request, on.now)


def reserved(on: Stage, name: str = "orders") -> int | None:
    """A function's reserved concurrency."""
    return on.account.functions[name].reserved
