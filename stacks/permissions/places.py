"""The resources of a deployment that the table names."""

from dataclasses import asdict, dataclass

from aws_cdk import Aws


@dataclass(frozen=True, slots=True)
class Places:
    """ARNs (or tokens for them) of what one function works with; empty where it has no part.

    Attributes:
        queue: The function's own queue.
        guard_queue: The guard's queue, for who may ask it to act.
        dead_letters: Where messages, or asynchronous calls, that it failed on end.
        table: The state table.
        notifier_queue: The notifier's queue.
        topics: The topics of alerts.
        topic_key: The key that encrypts them.
        change_queues: The queues of the parts that it tells of functions.
        bus: The bus of alerts.
        bucket: The bucket of inventories and advisories.
        schedule_group: Scheduler group of the one-time schedules that lift caps; no ARN.
        schedule_role: The role of those schedules.
        policy: The policy that the stack was deployed with, in the bucket of assets.
        log_group: The function's own log group, all streams.
        stack: Name of the stack; no ARN.
        prefix: Start of the names of Warden's functions; no ARN.
    """

    prefix: str
    stack: str = ""
    log_group: str = ""
    queue: str = ""
    guard_queue: str = ""
    dead_letters: str = ""
    table: str = ""
    notifier_queue: str = ""
    topics: tuple[str, ...] = ()
    topic_key: str = ""
    change_queues: tuple[str, ...] = ()
    bus: str = ""
    bucket: str = ""
    policy: str = ""
    schedule_group: str = ""
    schedule_role: str = ""

    def fill(self, template: str) -> tuple[str, ...]:
        """Put the deployment's values into an ARN template.

        `{topics}` and `{change_queues}` make one ARN for each.

        Raises:
            ValueError: The template names a place that this function has no part in.
        """
        several = {"{topics}": self.topics, "{change_queues}": self.change_queues}
        if several.get(template):
            return several[template]
        values = {name: value for name, value in asdict(self).items() if value}
        try:
            filled = template.format(
                partition=Aws.PARTITION, region=Aws.REGION, account=Aws.ACCOUNT_ID, **values
            )
        except KeyError as missing:
            raise ValueError(f"{template}: this function was given no {missing}") from None
        return (filled,)
