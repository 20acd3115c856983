"""Asking the guard to stop a function, and telling it when the reason is over."""

from datetime import datetime

from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import Asker, QuarantineRequest, ReasonOver, message
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord


def ask_to_stop(
    warden: Deployment, function: FunctionArn, request: QuarantineRequest, now: datetime
) -> None:
    """Ask the guard, which decides; asking again for the same is harmless.

    Raises:
        ClientError: The guard's queue did not take it; deliver the event again.
    """
    # Before the message: what the guard may know of must be taken back one day.
    warden.records.remember_asked(function, request.cause)
    _send(warden, function, request, now)


def tell_if_over(
    warden: Deployment,
    function: FunctionArn,
    record: FunctionRecord,
    over: ReasonOver,
    now: datetime,
) -> None:
    """Tell the guard that a reason is over, if it was asked for that reason.

    Raises:
        ClientError: The guard's queue did not take it; deliver the event again.
    """
    # Without the queue policy names the reason no more, and what stands ends at its time.
    if over.cause in record.asked_to_stop and warden.settings.guard_queue_url:
        _send(warden, function, over, now)
        warden.records.forget_asked(function, over.cause)


def forget(warden: Deployment, function: FunctionArn, asker: Asker, now: datetime) -> None:
    """The function is gone, and so is the reason to stop it.

    Raises:
        ClientError: The guard's queue did not take it; deliver the event again.
    """
    over = asker.over("The function is gone.")
    tell_if_over(warden, function, warden.records.get(function), over, now)


def _send(
    warden: Deployment,
    function: FunctionArn,
    request: QuarantineRequest | ReasonOver,
    now: datetime,
) -> None:
    enqueue(
        message(function, request, now),
        settings=warden.settings,
        sqs=warden.aws.sqs,
        queue_url=warden.settings.guard_queue_url,
    )
    logger.info(
        "guard told",
        extra={
            "function": str(function),
            "cause": request.cause.value,
            "request": type(request).__name__,
        },
    )
