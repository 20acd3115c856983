"""A deployment on an AWS that lives in this process, and the alerts that it publishes."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from functions.notifier.channels.every import Channels
from functions.notifier.run import run
from functions.shared.aws.clients import Aws
from functions.shared.aws.observability import logger
from functions.shared.aws.settings import Settings
from functions.shared.config import NotificationPolicy, WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.memory_table import MemoryTable
from functions.shared.state.table import Item, Table
from stacks.permissions.roles.items import WRITTEN_BY
from tests.unit.emulated import make_quick, make_resources, queue_of
from tests.unit.shared.events import sqs_batch

ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

# Everything is told as soon as it is judged, and nothing is held back for its past.
_AT_ONCE: Final = NotificationPolicy(
    group_wait_seconds=0,
    group_interval_minutes=0,
    repeat_interval_hours={},
    at_once_from="info",
    flap_switches=20,
    storm_messages_per_minute=1000,
)
make_quick()


@dataclass
class World:
    """One deployment of Warden, and what the outside sees of it."""

    warden: Deployment
    inbox: str
    bus: str
    role: str

    def published(self) -> list[dict[str, Any]]:
        """The documents of the alerts that people were told of since the last look.

        The notifier tells them at once here: when and in what company is its own tests' matter.
        """
        judged = [one.alert.last_seen for one in self.warden.stored_alerts.current()]
        if judged:
            at_once = self.warden.config.model_copy(update={"notifications": _AT_ONCE})
            settings = self.warden.settings.model_copy(update={"config": at_once})
            notifier = Deployment(settings, self.warden.aws, self.warden.table)
            wait = self.warden.config.notifications.group_wait_seconds
            now = max(judged) + timedelta(seconds=wait)
            run(notifier, Channels.of(notifier), lambda: now)
        return [alert for message in self.messages() for alert in message["alerts"]]

    def messages(self) -> list[dict[str, Any]]:
        """The documents of the messages that were sent since the last look, in order."""
        return [json.loads(json.loads(one)["Message"]) for one in self.drain(self.inbox)]

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Detail-type and detail of the events on the bus since the last look."""
        found = [json.loads(one) for one in self.drain(self.bus)]
        return [(one["detail-type"], one["detail"]) for one in found]

    def announced(self) -> list[tuple[str, str, str]]:
        """What was said of each of those alerts, its severity and its rule."""
        return [(one["event"], one["severity"], one["rule"]) for one in self.published()]

    def drain(self, queue_url: str) -> list[str]:
        """Take everything out of a queue."""
        return [body for body, _ in self.drain_with_attributes(queue_url)]

    def drain_with_attributes(self, queue_url: str) -> list[tuple[str, dict[str, str]]]:
        """Take everything out of a queue, with the messages' attributes."""
        sqs = self.warden.aws.sqs
        taken = []
        while queue_of(queue_url).messages:
            messages = sqs.receive_message(
                QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            )["Messages"]
            for message in messages:
                attributes = {
                    name: value.get("StringValue", "")
                    for name, value in message.get("MessageAttributes", {}).items()
                }
                taken.append((message["Body"], attributes))
            sqs.delete_message_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]}
                    for at, message in enumerate(messages)
                ],
            )
        return taken

    def hand_over(self, *bodies: str, deliveries: int = 1) -> dict[str, Any]:
        """Put messages into the part's queue and take them out, as Lambda hands them to it."""
        sqs, url = self.warden.aws.sqs, self.warden.settings.queue_url
        batch = sqs_batch(*bodies, deliveries=deliveries)
        for record in batch["Records"]:
            sqs.send_message(QueueUrl=url, MessageBody=record["body"])
            (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
            record["receiptHandle"] = message["ReceiptHandle"]
        return batch

    def create_function(
        self, name: str, *, tags: Mapping[str, str] | None = None, runtime: str = "python3.13"
    ) -> FunctionArn:
        """Create a function in the estate."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", f"NAME = {name!r}\n")
        answer = self.warden.aws.lambda_.create_function(
            FunctionName=name,
            Runtime=runtime,  # type: ignore[arg-type] # also runtimes that boto3's types left out
            Role=self.role,
            Handler="app.handler",
            Code={"ZipFile": package.getvalue()},
            Tags=dict(tags or {}),
        )
        return FunctionArn.parse(answer["FunctionArn"])


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What Warden's own logger writes."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """An AWS of this process; its clients are made once for each test module."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        yield Aws(REGION)


@pytest.fixture
def config() -> WardenConfig:
    """The settings of the deployment; a test may override them."""
    return WardenConfig()


@pytest.fixture
def empty_aws(aws: Aws) -> Aws:
    """The same AWS with nothing in it."""
    moto_api_backend.reset()
    return aws


class OwnedItems(MemoryTable):
    """A table that takes the partitions only that some part's role may write.

    IAM refuses any other, wherever the code that writes it is tried without IAM.
    """

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """Put an item, as `MemoryTable` does."""
        partition = str(item["pk"])
        owned = {one for partitions in WRITTEN_BY.values() for one in partitions}
        assert any(fnmatchcase(partition, one) for one in owned), (
            f"{partition}: no part's role may write it; see stacks/permissions/roles/items.py"
        )
        super().put(item, unless_exists=unless_exists, revision=revision)


@pytest.fixture
def table() -> Table:
    """The state table; a test about DynamoDB itself overrides it with `tests.unit.dynamo`."""
    return OwnedItems()


@pytest.fixture
def world(empty_aws: Aws, config: WardenConfig, table: Table) -> World:
    """A fresh deployment with everything that a stack gives it."""
    made = make_resources(ACCOUNT, REGION)
    settings = Settings(
        config=config,
        account=ACCOUNT,
        region=REGION,
        table="state",
        bucket="artifacts",
        topic_arn=made.topic,
        alert_bus="alerts",
        notifier_queue_url=made.queues["notifier"],
        queue_url=made.queues["work"],
        queue_arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:work",
        guard_queue_url=made.queues["guard"],
        change_queue_urls=(made.queues["judge"], made.queues["other"]),
        dead_letter_url=made.queues["dead-letters"],
        schedule_group="restores",
        schedule_role_arn=made.role,
    )
    warden = Deployment(settings, empty_aws, table)
    return World(warden, made.queues["inbox"], made.queues["bus"], made.role)
