"""Which metrics tell what Warden used, and what each point of them stands for. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from functions.shared.aws.metrics import Statistic
from functions.shared.cost import resources as kinds
from functions.shared.cost.bill import Used
from functions.shared.cost.resources import Resources

# Amazon SQS developer guide, "Available CloudWatch metrics". Batches count as one request and are
# counted here message by message: the figure is an upper bound.
_QUEUE_METRICS: Final = (
    "NumberOfMessagesSent",
    "NumberOfMessagesReceived",
    "NumberOfMessagesDeleted",
    "NumberOfEmptyReceives",
)
_TABLE_METRICS: Final = {
    Used.TABLE_READS: "ConsumedReadCapacityUnits",
    Used.TABLE_WRITES: "ConsumedWriteCapacityUnits",
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a second of a function is priced by.

    Attributes:
        memory_mib: Its memory.
        arm: Whether it runs on arm64.
    """

    memory_mib: int
    arm: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric whose sum over the period says how much of something was used.

    Attributes:
        used: What it measures.
        namespace: Namespace of the metric.
        name: Its name.
        dimensions: Its dimensions.
        factor: What one of its units stands for.
    """

    used: Used
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    factor: float = 1.0

    @property
    def statistic(self) -> Statistic:
        """What CloudWatch knows it as."""
        return Statistic(self.namespace, self.name, "Sum", tuple(self.dimensions.items()))


def measured(
    found: Resources, sizes: Mapping[str, Size], indexes: Sequence[str]
) -> Iterator[Measured]:
    """The metrics of what Warden consists of.

    Args:
        found: Its resources.
        sizes: Memory and processor of each of its functions.
        indexes: The indexes of its table.
    """
    for name, size in sizes.items():
        of = {"FunctionName": name}
        seconds = Used.ARM_SECONDS if size.arm else Used.X86_SECONDS
        yield Measured(Used.REQUESTS, "AWS/Lambda", "Invocations", of)
        yield Measured(seconds, "AWS/Lambda", "Duration", of, size.memory_mib / 1024 / 1000)
    for table in found.get(kinds.TABLES, ()):
        for used, name in _TABLE_METRICS.items():
            yield Measured(used, "AWS/DynamoDB", name, {"TableName": table})
            for index in indexes:
                of = {"TableName": table, "GlobalSecondaryIndexName": index}
                yield Measured(used, "AWS/DynamoDB", name, of)
    for queue in found.get(kinds.QUEUES, ()):
        of = {"QueueName": queue.rpartition("/")[2]}
        for name in _QUEUE_METRICS:
            yield Measured(Used.QUEUE_REQUESTS, "AWS/SQS", name, of)
    for topic in found.get(kinds.TOPICS, ()):
        of = {"TopicName": topic.rpartition(":")[2]}
        yield Measured(Used.PUBLISHED, "AWS/SNS", "NumberOfMessagesPublished", of)
    for group in found.get(kinds.LOG_GROUPS, ()):
        yield Measured(Used.LOGS, "AWS/Logs", "IncomingBytes", {"LogGroupName": group})
