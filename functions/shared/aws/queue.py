"""Working through a batch of queue messages: each on its own, none lost in silence."""

import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final, TypedDict

from functions.shared.aws.clients import AwsError, ClientError, error_code
from functions.shared.aws.observability import logger
from functions.shared.aws.settings import Settings
from functions.shared.aws.tracing import traced
from functions.shared.core.text import plain
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope, read_envelope
from functions.shared.events.senders import sender_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


LARGEST_REQUEST: Final = 256 * 1024
"""Bytes that a request may carry in all its messages: the limit that SQS had until 2025, and that
whatever imitates it still has."""
_FUNCTION: Final = re.compile(
    r"(arn:aws[a-z-]{0,20}:lambda:[a-z0-9-]{1,40}:\d{12}:function:[\w-]{1,140})"
)
_NAME: Final = re.compile(r'"functionName": ?"([\w-]{1,140})"')
_MESSAGES_AT_ONCE: Final = 10  # that SendMessageBatch takes


class NotEnqueuedError(RuntimeError):
    """The queue did not take some messages; whoever wrote them has to write them again."""


class FailedItem(TypedDict):
    """A message that is to be delivered again, by its id."""

    itemIdentifier: str


class BatchAnswer(TypedDict):
    """What Lambda expects of a consumer of SQS that reports failures one by one.

    Source: Lambda developer guide, "Implementing partial batch responses".
    """

    batchItemFailures: list[FailedItem]


@dataclass(frozen=True, slots=True)
class _Message:
    id: str
    body: str
    deliveries: int
    sender: str
    receipt: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "_Message":
        attributes = record["attributes"]
        deliveries = int(attributes["ApproximateReceiveCount"])
        sender = str(attributes.get("SenderId", ""))
        receipt = str(record.get("receiptHandle", ""))
        return cls(record["messageId"], record["body"], deliveries, sender, receipt)


def consume(
    event: Mapping[str, Any],
    handle: Callable[[Envelope], None],
    *,
    settings: Settings,
    sqs: "SQSClient",
    proven: bool = False,
    given_up: Callable[[Envelope, str], None] | None = None,
) -> BatchAnswer:
    """Give each message of an SQS event to `handle`.

    Whoever may invoke the function can hand it what looks like messages. Where that must not be
    believed, `proven` has the queue itself vouch for each of them by its receipt, which only who
    received it has; what it does not know is dropped.

    A message that cannot be understood goes to the dead-letter queue at once, with its reason as
    a message attribute. One whose handling fails is delivered again; after the last delivery it
    goes there too, with the error as its reason. So does one that comes after its last delivery:
    each time, the process ended before it could say how it went. The other messages of the batch
    go on.

    Args:
        event: The event that Lambda hands the function.
        handle: Handles one message.
        settings: The deployment, which knows the queues.
        sqs: Client.
        proven: See above.
        given_up: Hears of each message that was understood, failed for the last time and was set
            aside, with the cause. What it raises is logged.
    """
    messages = [_Message.of(record) for record in event["Records"]]
    if proven:
        messages = [one for one in messages if _is_in_flight(one, settings, sqs)]
    give_up = given_up or (lambda _, __: None)
    failed = [one.id for one in messages if not _is_done(one, handle, give_up, settings, sqs)]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def enqueue(
    message: Mapping[str, object],
    *,
    settings: Settings,
    sqs: "SQSClient",
    delay: timedelta = timedelta(0),
    queue_url: str = "",
) -> None:
    """Put a message of our own shape (see `Envelope`) into a queue.

    Args:
        message: The message.
        settings: The deployment, which knows the function's own queue.
        sqs: Client.
        delay: How long it stays invisible, at most 15 minutes, rounded up to whole seconds.
        queue_url: Another function's queue; the own one where none is given.

    Raises:
        ClientError: The queue did not take it.
    """
    sqs.send_message(
        QueueUrl=queue_url or settings.queue_url,
        MessageBody=json.dumps(message),
        DelaySeconds=ceil(delay.total_seconds()),
    )


def enqueue_all(
    messages: Sequence[Mapping[str, object]],
    *,
    settings: Settings,
    sqs: "SQSClient",
    queue_url: str = "",
) -> int:
    """Put many messages into a queue, as few requests as they fit into.

    Args:
        messages: The messages.
        settings: The deployment, which knows the function's own queue.
        sqs: Client.
        queue_url: Another function's queue; the own one where none is given.

    Returns:
        How many requests that took.

    Raises:
        NotEnqueuedError: The queue did not take some of them; the others are in it.
        ClientError: The queue could not be written to.
    """
    requests = refused = 0
    for batch in _batches([json.dumps(message) for message in messages]):
        answer = sqs.send_message_batch(
            QueueUrl=queue_url or settings.queue_url,
            Entries=[{"Id": str(index), "MessageBody": one} for index, one in enumerate(batch)],
        )
        requests += 1
        refused += len(answer.get("Failed", []))
    if refused:
        raise NotEnqueuedError(f"{refused} of {len(messages)} messages were refused")
    return requests


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    room = LARGEST_REQUEST
    for body in bodies:
        size = len(body.encode())
        if batch and (len(batch) == _MESSAGES_AT_ONCE or size > room):
            yield batch
            batch, room = [], LARGEST_REQUEST
        batch.append(body)
        room -= size
    if batch:
        yield batch


_UNKNOWN_RECEIPT: Final = frozenset(
    {"InvalidAddress", "MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue"}
)


def _is_in_flight(message: _Message, settings: Settings, sqs: "SQSClient") -> bool:
    """Whether the function's own queue has handed this message out and waits for its end.

    Source: SQS API reference, "ChangeMessageVisibility", errors.
    """
    try:
        sqs.change_message_visibility(
            QueueUrl=settings.queue_url,
            ReceiptHandle=message.receipt or "none",
            VisibilityTimeout=settings.visibility_seconds,
        )
    except ClientError as error:
        code = error_code(error).rpartition(".")[2]
        if code not in _UNKNOWN_RECEIPT:
            raise
        logger.error("message refused: it is none of the queue's", extra={"id": message.id})
        return False
    return True


def _is_done(
    message: _Message,
    handle: Callable[[Envelope], None],
    give_up: Callable[[Envelope, str], None],
    settings: Settings,
    sqs: "SQSClient",
) -> bool:
    """Handle one message; False when it must be delivered again."""
    if message.deliveries > settings.max_receives:
        fault = (
            f"was delivered {message.deliveries - 1} times without an end: the function ran out of "
            "time or memory, crashed, or had no room to run"
        )
        _say_given_up(message, fault, give_up)
        return _is_set_aside(message, fault, fault, settings, sqs)
    try:
        with traced("message"):
            sender = sender_of(message.sender, settings.senders)
            handle(read_envelope(message.body).from_sender(sender))
    except MalformedEventError as error:
        return _is_set_aside(message, error.fault, str(error), settings, sqs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other messages go on
        logger.error(
            "message failed",
            extra={
                "message_id": message.id,
                "delivery": message.deliveries,
                "error": type(error).__name__,
                "at": _origin(error),
            },
        )
        if message.deliveries < settings.max_receives:
            return False
        fault = f"failed {message.deliveries} times, last with {type(error).__name__}"
        _say_given_up(message, fault, give_up)
        return _is_set_aside(message, fault, f"{fault}: {plain(error, 400)}", settings, sqs)
    return True


def _say_given_up(message: _Message, fault: str, give_up: Callable[[Envelope, str], None]) -> None:
    """Say that a message will not be handled; that saying so fails keeps it from nothing."""
    try:
        give_up(read_envelope(message.body), fault)
    except Exception as error:  # noqa: BLE001 - the message is set aside with its cause all the same
        extra = {"message_id": message.id, "error": type(error).__name__, "at": _origin(error)}
        logger.error("giving up not said", extra=extra)


def _origin(error: BaseException) -> str:
    """Where an error was raised. Its text stays out of the log: it may quote the event."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"


def _named_in(body: str) -> str:
    """The first function whose ARN stands in a message, or what its call names; for people."""
    found = _FUNCTION.search(body) or _NAME.search(body)
    return plain(found[1], 300) if found else "unknown"


def _is_set_aside(
    message: _Message, fault: str, reason: str, settings: Settings, sqs: "SQSClient"
) -> bool:
    """Move a message to the dead-letter queue; False when that fails too.

    The log names the fault; what the event held stays with the event.
    """
    try:
        sqs.send_message(
            QueueUrl=settings.dead_letter_url,
            MessageBody=message.body,
            MessageAttributes={
                "Reason": {"DataType": "String", "StringValue": plain(reason, 1000)},
                "MessageId": {"DataType": "String", "StringValue": message.id},
                "Part": {"DataType": "String", "StringValue": plain(logger.service, 100)},
                "Function": {"DataType": "String", "StringValue": _named_in(message.body)},
            },
        )
    except AwsError as error:
        extra = {"message_id": message.id, "error": error_code(error)}
        logger.error("message not set aside", extra=extra)
        return False
    logger.error("message set aside", extra={"message_id": message.id, "fault": fault})
    return True
