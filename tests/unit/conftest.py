"""A deployment on an AWS that lives in this process, and the alerts that it publishes."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from functions.shared.arn import FunctionArn
from functions.shared.aws import Aws
from functions.shared.config import WardenConfig
from functions.shared.deployment import Deployment
from functions.shared.observability import logger
from functions.shared.settings import Settings

ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

_KEYS: Final = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@dataclass
class World:
    """One deployment of Warden, and what the outside sees of it."""

    warden: Deployment
    inbox: str
    role: str

    def published(self) -> list[dict[str, Any]]:
        """The documents of the alerts published since the last look, in order."""
        messages = self.drain(self.inbox)
        return [json.loads(json.loads(message)["Message"]) for message in messages]

    def told(self) -> list[tuple[str, str, str]]:
        """State, severity and rule of each of those alerts."""
        return [(one["state"], one["severity"], one["rule"]) for one in self.published()]

    def drain(self, queue_url: str) -> list[str]:
        """Take everything out of a queue."""
        return [body for body, _ in self.drain_with_attributes(queue_url)]

    def drain_with_attributes(self, queue_url: str) -> list[tuple[str, dict[str, str]]]:
        """Take everything out of a queue, with the messages' attributes."""
        sqs = self.warden.aws.sqs
        taken = []
        while messages := sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                attributes = {
                    name: value.get("StringValue", "")
                    for name, value in message.get("MessageAttributes", {}).items()
                }
                taken.append((message["Body"], attributes))
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    def create_function(
        self, name: str, *, tags: Mapping[str, str] | None = None, runtime: str = "python3.13"
    ) -> FunctionArn:
        """Create a function in the estate."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", f"NAME = {name!r}\n")
        answer = self.warden.aws.functions.create_function(
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
def world(aws: Aws, config: WardenConfig) -> World:
    """A fresh deployment with everything that a stack gives it."""
    moto_api_backend.reset()
    aws.dynamodb.create_table(
        TableName="state",
        AttributeDefinitions=_KEYS,  # type: ignore[arg-type] # literals, built in a loop
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    queues = {
        name: aws.sqs.create_queue(QueueName=name)["QueueUrl"]
        for name in ("work", "dead-letters", "inbox")
    }
    topic = aws.sns.create_topic(Name="alerts")["TopicArn"]
    aws.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
    )
    aws.s3.create_bucket(
        Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    aws.scheduler.create_schedule_group(Name="restores")
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="estate", AssumeRolePolicyDocument=json.dumps(_TRUST))
    settings = Settings(
        config=config,
        account=ACCOUNT,
        region=REGION,
        table="state",
        bucket="artifacts",
        topic_arn=topic,
        queue_url=queues["work"],
        queue_arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:work",
        dead_letter_url=queues["dead-letters"],
        schedule_group="restores",
        schedule_role_arn=role["Role"]["Arn"],
    )
    return World(Deployment(settings, aws), queues["inbox"], role["Role"]["Arn"])
