"""Sending what waits in the outbox."""

from datetime import datetime, timedelta
from typing import Final

from functions.notifier.channels.topics import Topics
from functions.notifier.outbox import Outbox, Waiting
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.runtime.deployment import Deployment

# Refused for what the message is, which no repetition cures (SNS API reference, Publish, "Errors").
_FOR_GOOD: Final = frozenset({"InvalidParameter", "ParameterValueInvalid", "ValidationError"})


def deliver(outbox: Outbox, topics: Topics, warden: Deployment, now: datetime) -> int:
    """Send every message that waits, the oldest first; returns how many were sent.

    A topic that fails is not asked again in this run, the others are; what waits for it is sent by
    a later run. A message that SNS refuses for what it is goes to the dead-letter queue with the
    reason.
    """
    sent, failing = 0, dict[str, str]()
    for waiting in outbox.waiting():
        topic = waiting.outgoing.topic
        if topic in failing:
            continue
        try:
            topics.publish(waiting.outgoing)
        except AwsError as error:
            code = error_code(error)
            if code in _FOR_GOOD:
                _set_aside(waiting, code, warden)
                outbox.sent(waiting)
            else:
                failing[topic] = code
                outbox.failed(waiting)
            continue
        outbox.sent(waiting)
        sent += 1
        late = now - waiting.since
        if late >= timedelta(minutes=1):
            logger.warning("message sent late", extra={"seconds": int(late.total_seconds())})
    if failing:
        extra = {"topics": len(failing), "causes": sorted(failing.values())}
        logger.error("messages wait for a topic", extra=extra)
    return sent


def _set_aside(waiting: Waiting, code: str, warden: Deployment) -> None:
    warden.aws.sqs.send_message(
        QueueUrl=warden.settings.dead_letter_url,
        MessageBody=waiting.outgoing.to_json(),
        MessageAttributes={
            "Reason": {
                "DataType": "String",
                "StringValue": f"SNS refuses this message: {code}",
            }
        },
    )
    logger.error("message refused by the topic", extra={"cause": code})
