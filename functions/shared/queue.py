"""Working through a batch of queue messages: each on its own, none lost in silence."""

import traceback
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope, read_envelope
from functions.shared.observability import logger, metrics
from functions.shared.settings import Settings
from functions.shared.text import plain

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def consume(
    event: dict[str, Any],
    context: LambdaContext,
    handle: Callable[[Envelope], None],
    *,
    settings: Settings,
    sqs: "SQSClient",
) -> PartialItemFailureResponse:
    """Give each message of an SQS event to `handle`.

    A message that cannot be understood goes to the dead-letter queue at once, with its reason as
    a message attribute. One whose handling fails is delivered again; after the last delivery it
    goes there too, with the error as its reason. The other messages of the batch go on.
    """
    return process_partial_response(
        event=event,
        record_handler=partial(_handle_record, handle=handle, settings=settings, sqs=sqs),
        processor=BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False),
        context=context,
    )


def _handle_record(
    record: SQSRecord,
    *,
    handle: Callable[[Envelope], None],
    settings: Settings,
    sqs: "SQSClient",
) -> None:
    try:
        handle(read_envelope(record.body))
    except MalformedEventError as error:
        _bury(record, str(error), settings, sqs)
        _log_set_aside(record, error.fault)
    except Exception as error:
        deliveries = int(record.attributes.approximate_receive_count)
        logger.error(
            "message failed",
            extra={
                "message_id": record.message_id,
                "delivery": deliveries,
                "error": type(error).__name__,
                "at": _origin(error),
            },
        )
        if deliveries < settings.max_receives:
            raise
        reason = f"failed {deliveries} times, last with {type(error).__name__}"
        _bury(record, f"{reason}: {plain(error, 400)}", settings, sqs)
        _log_set_aside(record, reason)


def _origin(error: BaseException) -> str:
    """Where an error was raised. Its text stays out of the log: it may quote the event."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"


def _bury(record: SQSRecord, reason: str, settings: Settings, sqs: "SQSClient") -> None:
    sqs.send_message(
        QueueUrl=settings.dead_letter_url,
        MessageBody=record.body,
        MessageAttributes={
            "Reason": {"DataType": "String", "StringValue": plain(reason, 1000)},
            "MessageId": {"DataType": "String", "StringValue": record.message_id},
        },
    )
    metrics.add_metric(name="PoisonMessages", unit=MetricUnit.Count, value=1)


def _log_set_aside(record: SQSRecord, fault: str) -> None:
    """The log names the fault; what the event held stays with the event."""
    logger.error("message set aside", extra={"message_id": record.message_id, "fault": fault})
