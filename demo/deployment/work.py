"""How much work waits in Warden's queues, and what ended among the dead letters."""

from dataclasses import dataclass
from typing import Final

from demo.deployment.warden import Worker
from demo.local_aws import LocalAws

_COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be handled.

    Attributes:
        worker: Name of the consumer that gave up on it.
        reason: Why, as the consumer said.
        body: The message.
    """

    worker: str
    reason: str
    body: str


class Work:
    """The queues of some consumers."""

    def __init__(self, aws: LocalAws, *workers: Worker) -> None:
        self._sqs = aws.client("sqs")
        self._workers = workers

    def waiting(self) -> int:
        """Messages that wait, are being handled, or are put off until later."""
        return sum(self.by_worker().values())

    def by_worker(self) -> dict[str, int]:
        """The same for each consumer."""
        return {worker.name: self._waiting(worker.queue) for worker in self._workers}

    def _waiting(self, queue: str) -> int:
        answer = self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(_COUNTS))
        return sum(int(answer["Attributes"].get(name, 0)) for name in _COUNTS)

    def dead_letters(self) -> list[DeadLetter]:
        """Take every dead letter out of its queue."""
        return [letter for worker in self._workers for letter in self._dead_letters_of(worker)]

    def _dead_letters_of(self, worker: Worker) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        while messages := self._sqs.receive_message(
            QueueUrl=worker.dead_letters,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
        ).get("Messages"):
            for message in messages:
                attributes = message.get("MessageAttributes", {})
                reason = attributes.get("Reason", {}).get("StringValue", "no reason given")
                found.append(DeadLetter(worker.name, reason, message["Body"]))
                self._sqs.delete_message(
                    QueueUrl=worker.dead_letters, ReceiptHandle=message["ReceiptHandle"]
                )
        return found
