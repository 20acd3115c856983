"""A deployment of Warden whose AWS lies in this process and counts what it would bill.

The table, the bucket and the queues are dictionaries and lists behind the same calls; everything
above them is the deployed code, up to the alert book. The notifier is not run.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bench.cloudwatch import SimulatedCloudWatch
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.book import AlertBook, Judgement
from functions.shared.alerting.store import StoredAlerts
from functions.shared.aws.clients import Aws, ClientError
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.memory_table import MemoryTable
from functions.shared.state.table import Item, Value

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
_OWN_QUEUE: Final = "queue"
_READ_UNIT: Final = 4096
_WRITE_UNIT: Final = 1024


@dataclass(slots=True)
class Use:
    """What was used of each service.

    Attributes:
        table_reads: DynamoDB read units.
        table_writes: DynamoDB write units.
        table_calls: DynamoDB requests.
        gets: S3 GET requests.
        puts: S3 PUT requests.
        put_bytes: Bytes written to S3.
        sends: SQS requests that send.
        messages: SQS messages.
        controls: Calls of Lambda's control plane.
        traces: Calls of X-Ray.
    """

    table_reads: float = 0
    table_writes: float = 0
    table_calls: float = 0
    gets: float = 0
    puts: float = 0
    put_bytes: float = 0
    sends: float = 0
    messages: float = 0
    controls: float = 0
    traces: float = 0

    def add(self, other: "Use", times: float = 1) -> None:
        """Add what another part used, so many times."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + times * getattr(other, name))

    def minus(self, other: "Use") -> "Use":
        """What was used since."""
        return Use(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))

    def copy(self) -> "Use":
        """As it is now."""
        return Use(*(getattr(self, name) for name in self.__slots__))


class CountingTable(MemoryTable):
    """The state table in memory, which counts requests and units."""

    def __init__(self, use: Use) -> None:
        super().__init__()
        self._use = use

    def get(self, pk: str, sk: str) -> Item | None:
        """See `Table.get`."""
        item = super().get(pk, sk)
        self._read([item or {}], 1.0)
        return item

    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = False
    ) -> Iterator[Item]:
        """See `Table.get_many`: an item that is not there is read, too."""
        found = list(super().get_many(keys))
        missing: list[Item] = [{}] * (len(keys) - len(found))
        self._read([*found, *missing], 1.0 if consistent else 0.5, calls=-(-len(keys) // 100))
        return iter(found)

    def query(self, pk: str, prefix: str = "") -> Iterator[Item]:
        """See `Table.query`: what one request finds is rounded up together."""
        found = list(super().query(pk, prefix))
        self._use.table_calls += 1
        self._use.table_reads += max(1, -(-sum(map(_size, found)) // _READ_UNIT))
        return iter(found)

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """See `Table.put`: a refused one is billed, too."""
        self._write(item)
        super().put(item, unless_exists=unless_exists, revision=revision)

    def update(
        self,
        pk: str,
        sk: str,
        values: Item,
        *,
        first: Item | None = None,
        where: Item | None = None,
        remove: Sequence[str] = (),
    ) -> Item:
        """See `Table.update`."""
        item = super().update(pk, sk, values, first=first, where=where, remove=remove)
        self._write(item)
        return item

    def _read(self, items: Sequence[Item], unit: float, *, calls: int = 1) -> None:
        self._use.table_calls += calls
        self._use.table_reads += sum(unit * max(1, -(-_size(one) // _READ_UNIT)) for one in items)

    def _write(self, item: Item) -> None:
        self._use.table_calls += 1
        self._use.table_writes += max(1, -(-_size(item) // _WRITE_UNIT))


def _size(item: Mapping[str, Value]) -> int:
    return sum(len(name) + len(str(value).encode()) for name, value in item.items())


@dataclass(slots=True)
class _Bucket:
    use: Use
    objects: dict[str, bytes] = field(default_factory=dict)

    # boto3's names, which are written with capitals.
    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        self.use.gets += 1
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803
        self.use.puts += 1
        self.use.put_bytes += len(Body)
        self.objects[Key] = Body


@dataclass(slots=True)
class _Queue:
    use: Use
    bodies: list[str] = field(default_factory=list)

    def send_message(self, *, QueueUrl: str, MessageBody: str, **_: Any) -> None:  # noqa: N803
        self.use.sends += max(1, -(-len(MessageBody) // (64 * 1024)))
        self.use.messages += 1
        if QueueUrl == _OWN_QUEUE:  # what the guard is told ends here
            self.bodies.append(MessageBody)

    def send_message_batch(
        self,
        *,
        Entries: list[dict[str, str]],  # noqa: N803
        **_: Any,
    ) -> dict[str, Any]:
        assert len(Entries) <= 10
        assert sum(len(one["MessageBody"].encode()) for one in Entries) <= 256 * 1024
        self.use.sends += max(1, -(-sum(len(e["MessageBody"]) for e in Entries) // (64 * 1024)))
        self.use.messages += len(Entries)
        self.bodies += [one["MessageBody"] for one in Entries]
        return {}


class HearingBook(AlertBook):
    """The alert book, which also remembers what changed and when the notifier may send it."""

    def __init__(self, stored: StoredAlerts, group_wait: timedelta, use: Use) -> None:
        def nudge(_: timedelta) -> None:
            use.sends += 1
            use.messages += 1

        super().__init__(stored, group_wait=group_wait, keep_evidence=lambda _: None, nudge=nudge)
        self.heard: list[tuple[datetime, Alert]] = []

    def settle(
        self, judgement: Judgement, now: datetime, *, count_repeats: bool = True
    ) -> list[Alert]:
        """See `AlertBook`."""
        changes = super().settle(judgement, now, count_repeats=count_repeats)
        self.heard += [(now + self._wait(alert), alert) for alert in changes]
        return changes


@dataclass(slots=True)
class _ControlPlane:
    use: Use

    def get_function_configuration(self, **_: Any) -> dict[str, Any]:
        self.use.controls += 1
        return {
            "Timeout": 30,
            "MemorySize": 512,
            "Architectures": ["arm64"],
            "TracingConfig": {"Mode": "Active"},
            "LastModified": "2026-01-01T00:00:00.000+0000",
        }

    def get_function_concurrency(self, **_: Any) -> dict[str, Any]:
        self.use.controls += 1
        return {}

    def get_account_settings(self) -> dict[str, Any]:
        self.use.controls += 1
        limit = {"ConcurrentExecutions": 5000, "UnreservedConcurrentExecutions": 5000}
        return {"AccountLimit": limit}


@dataclass(slots=True)
class _Traces:
    use: Use

    def get_paginator(self, _: str) -> "_Traces":
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        self.use.traces += 1
        yield {"TraceSummaries": []}


@dataclass
class StandIn:
    """The deployment, and what of its AWS can be looked at.

    Attributes:
        cloudwatch: Its metrics.
        config: Its settings.
        now: The time of the simulation.
    """

    cloudwatch: SimulatedCloudWatch
    config: WardenConfig
    now: datetime

    def __post_init__(self) -> None:
        """Wire it."""
        self.use = Use()
        settings = Settings(
            config=self.config,
            account=ACCOUNT,
            region=REGION,
            table="state",
            bucket="artifacts",
            topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts",
            queue_url=_OWN_QUEUE,
            guard_queue_url="guard",
        )
        aws = Aws(REGION)
        self.bucket, self.queue = _Bucket(self.use), _Queue(self.use)
        aws.__dict__ |= {
            "cloudwatch": self.cloudwatch,
            "s3": self.bucket,
            "sqs": self.queue,
            "lambda_": _ControlPlane(self.use),
            "xray": _Traces(self.use),
        }
        self.warden = Deployment(settings, aws)
        self.table = CountingTable(self.use)
        self.warden.__dict__["table"] = self.table
        wait = timedelta(seconds=self.config.notifications.group_wait_seconds)
        self.book = HearingBook(self.warden.stored_alerts, wait, self.use)
        self.warden.__dict__["alerts"] = self.book
