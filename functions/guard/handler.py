"""Lambda entry point of the guard: requests, reminders, its own clock, and the stack's removal."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.guard.guard import Guard
from functions.guard.judge import judge_quarantine, judge_runaway
from functions.guard.overrule import overrule
from functions.guard.reasons import reason_over
from functions.guard.removal import answer_cloudformation, is_removal_request
from functions.guard.review_budgets import review_budgets
from functions.guard.review_standing import review_standing
from functions.guard.schedules import CAP_EXPIRED
from functions.guard.sweep import expired, sweep
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume
from functions.shared.cost.tally import tallied
from functions.shared.events.envelope import WARDEN_SOURCE, Envelope
from functions.shared.events.read import named_function
from functions.shared.guarding.requests import (
    QUARANTINE,
    REASON_OVER,
    RUNAWAY,
    QuarantineRequest,
    ReasonOver,
    Runaway,
    read_request,
)
from functions.shared.runtime.deployment import deployment

TICK: Final = "Guard Tick"
BUDGET_REVIEW: Final = "Budget Review"
STANDING_REVIEW: Final = "Standing Limit Review"


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
    )


def attend(guard: Guard, envelope: Envelope, now: datetime) -> None:
    """Handle one message.

    Raises:
        MalformedEventError: The message lacks what its type promises.
        ClientError: AWS could not answer now; deliver the message again.
        ConflictError: Somebody else acts on the same function, likewise.
    """
    own = _OWN.get(envelope.detail_type) if envelope.source == WARDEN_SOURCE else None
    if own is None:
        overrule(guard, envelope, now)
    else:
        own(guard, envelope, now)


def _runaway(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, runaway = read_request(envelope, Runaway)
    decision = judge_runaway(guard, function, runaway, now)
    logger.info(
        "runaway judged", extra={"function": str(function), "decision": decision.code.value}
    )


def _quarantine(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, request = read_request(envelope, QuarantineRequest)
    decision = judge_quarantine(guard, function, request, now)
    logger.info(
        "quarantine judged", extra={"function": str(function), "decision": decision.code.value}
    )


def _reason_over(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function, over = read_request(envelope, ReasonOver)
    lifted = reason_over(guard, function, over, now)
    logger.info("reason over", extra={"function": str(function), "lifted": lifted})


def _expired(guard: Guard, envelope: Envelope, now: datetime) -> None:
    function = named_function(envelope)
    outcome = expired(guard, function, now)
    logger.info("limit expired", extra={"function": str(function), "outcome": outcome})


_OWN: Final[Mapping[str, Callable[[Guard, Envelope, datetime], object]]] = {
    RUNAWAY: _runaway,
    QUARANTINE: _quarantine,
    REASON_OVER: _reason_over,
    CAP_EXPIRED: _expired,
    TICK: lambda guard, _, now: sweep(guard, now),
    BUDGET_REVIEW: lambda guard, _, now: review_budgets(guard, now),
    STANDING_REVIEW: lambda guard, _, now: review_standing(guard, now),
}
