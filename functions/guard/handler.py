"""Lambda entry point of the guard: requests, reminders, its own clock, and the stack's removal."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.guard.decisions.claims import FRESH, is_later
from functions.guard.guard import Guard
from functions.guard.judge import judge_quarantine, judge_runaway
from functions.guard.overrule import overrule
from functions.guard.reasons import reason_over
from functions.guard.removal import answer_cloudformation, is_removal_request
from functions.guard.review_budgets import review_budgets
from functions.guard.review_standing import review_standing
from functions.guard.sweep import expired, sweep
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume
from functions.shared.core.arn import FunctionArn
from functions.shared.cost.tally import tallied
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import named_function
from functions.shared.guarding.requests import (
    QuarantineRequest,
    ReasonOver,
    Runaway,
    read_request,
)
from functions.shared.runtime.deployment import deployment

_R = TypeVar("_R", Runaway, QuarantineRequest, ReasonOver)


@logger.inject_lambda_context
@tallied
def handler(event: dict[str, Any], context: LambdaContext) -> BatchAnswer | str:
    """Decide, act, undo; or answer CloudFormation, which removes the stack."""
    guard = Guard(deployment())
    if is_removal_request(event):
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return answer_cloudformation(guard, event, datetime.now(UTC) + left)
    return consume(
        event,
        lambda envelope: attend(guard, envelope, datetime.now(UTC)),
        settings=guard.warden.settings,
        sqs=guard.warden.aws.sqs,
        proven=True,
    )


def attend(guard: Guard, envelope: Envelope, now: datetime) -> None:
    """Handle one message.

    Raises:
        MalformedEventError: The message lacks what its type promises.
        ClientError: AWS could not answer now; deliver the message again.
        ConflictError: Somebody else acts on the same function, likewise.
    """
    handle = _OWN.get(envelope.own_type) if envelope.own_type else None
    if handle is None:
        overrule(guard, envelope, now)
    else:
        handle(guard, envelope, now)


def _request(
    guard: Guard, envelope: Envelope, kind: type[_R], now: datetime
) -> tuple[FunctionArn, _R]:
    if envelope.time is None or is_later(envelope.time, now):
        raise MalformedEventError("time: missing, or it lies in the future")
    settings = guard.warden.settings
    return read_request(envelope, kind, account=settings.account, region=settings.region)


def _runaway(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, runaway = _request(guard, envelope, Runaway, now)
    if now - envelope.happened_at(now) > FRESH:
        logger.info("runaway confirmed too long ago", extra={"function": str(function)})
        return
    decision = judge_runaway(guard, function, runaway, now)
    logger.info(
        "runaway judged", extra={"function": str(function), "decision": decision.code.value}
    )


def _quarantine(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, request = _request(guard, envelope, QuarantineRequest, now)
    decision = judge_quarantine(guard, function, request, now)
    logger.info(
        "quarantine judged", extra={"function": str(function), "decision": decision.code.value}
    )


def _reason_over(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, over = _request(guard, envelope, ReasonOver, now)
    lifted = reason_over(guard, function, over, now)
    logger.info("reason over", extra={"function": str(function), "lifted": lifted})


def _expired(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function = named_function(envelope)
    outcome = expired(guard, function, now)
    logger.info("limit expired", extra={"function": str(function), "outcome": outcome})


_OWN: Final[Mapping[MessageType, Callable[[Guard, Envelope, datetime], object]]] = {
    MessageType.RUNAWAY_CONFIRMED: _runaway,
    MessageType.QUARANTINE_ASKED_FOR: _quarantine,
    MessageType.QUARANTINE_REASON_OVER: _reason_over,
    MessageType.CAP_EXPIRED: _expired,
    MessageType.GUARD_TICK: lambda guard, _, now: sweep(guard, now),
    MessageType.BUDGET_REVIEW: lambda guard, _, now: review_budgets(guard, now),
    MessageType.STANDING_LIMIT_REVIEW: lambda guard, _, now: review_standing(guard, now),
}
