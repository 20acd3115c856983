"""An inbox for alerts: a queue that is subscribed to Warden's topic."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from demo.local_aws import LocalAws

# Warden's alarms about itself go to the same topic and carry no such attribute.
_ALERTS_ONLY: Final = json.dumps({"rule": [{"exists": True}]})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it arrived.

    Attributes:
        document: The whole JSON document.
    """

    document: dict[str, Any]

    @property
    def function(self) -> str:
        """Name of the function it is about."""
        return str(self.document["function"]["name"])

    @property
    def rule(self) -> str:
        """The rule behind it."""
        return str(self.document["rule"])

    @property
    def severity(self) -> str:
        """`critical`, `high`, `medium`, `low` or `info`."""
        return str(self.document["severity"])

    @property
    def state(self) -> str:
        """What was said of it: `opened`, `updated`, `resolved`, `reminder` or `flapping`."""
        return str(self.document["event"])

    @property
    def title(self) -> str:
        """What, in one line."""
        return str(self.document["title"])

    @property
    def reason(self) -> str:
        """Why."""
        return str(self.document["reason"])

    @property
    def remedy(self) -> str:
        """What to do."""
        return str(self.document["remedy"])

    @property
    def picture(self) -> str:
        """Where the picture of its incident lies, as `s3://bucket/key`; empty for none."""
        return str(self.document["evidence"].get("picture", ""))


class Inbox:
    """A queue that receives every message.

    Attributes:
        queue: Its address.
        messages: How many messages were taken out of it so far.
    """

    def __init__(self, aws: LocalAws, queue: str) -> None:
        self._sqs = aws.client("sqs")
        self.queue = queue
        self.messages = 0

    @classmethod
    def subscribe(cls, aws: LocalAws, topic: str, name: str) -> Self:
        """Make a queue and subscribe it to the topic."""
        sqs = aws.client("sqs")
        queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:{aws.region}:{aws.account}:{name}"
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": queue_policy(arn, topic)})
        aws.client("sns").subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true", "FilterPolicy": _ALERTS_ONLY},
        )
        return cls(aws, queue)

    def receive(self, seconds: int = 0) -> Iterator[Alert]:
        """Take the alerts that have arrived, waiting up to `seconds` for the first message."""
        while messages := self._sqs.receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=seconds
        ).get("Messages"):
            for message in messages:
                self._sqs.delete_message(
                    QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"]
                )
                self.messages += 1
                yield from map(Alert, json.loads(message["Body"])["alerts"])
            seconds = 0


def queue_policy(queue: str, topic: str) -> str:
    """What lets a topic write to a queue."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
