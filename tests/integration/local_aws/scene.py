"""What the stories need on the stage: a queue that hears Lambda, a role, functions."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import Any, TypeVar

from demo.local_aws import LocalAws

T = TypeVar("T")

PATIENCE_SECONDS = 60.0


def eventually(look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


class Scene:
    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.awslambda = aws.client("lambda")

    def hearing(self, pattern: dict[str, Any]) -> "Ear":
        sqs, events, name = self.aws.client("sqs"), self.aws.client("events"), uuid.uuid4().hex
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
        target = {"Id": "ear", "Arn": asked["Attributes"]["QueueArn"]}
        events.put_targets(Rule=name, Targets=[target])
        return Ear(sqs, url)

    def role(self, *actions: str) -> str:
        iam, name = self.aws.client("iam"), f"role-{uuid.uuid4().hex[:8]}"
        trust = _policy("Allow", ["sts:AssumeRole"], Principal={"Service": "lambda.amazonaws.com"})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if actions:
            document = _policy("Allow", list(actions), Resource="*")
            iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document)
        return str(arn)

    def function(self, code: str, *actions: str, **settings: Any) -> str:
        name = f"fn-{uuid.uuid4().hex[:8]}"
        self.awslambda.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="app.handler",
            Role=self.role(*actions),
            Code={"ZipFile": zipped(code)},
            Timeout=20,
            **settings,
        )
        return name

    def run(self, name: str, event: dict[str, Any] | None = None) -> Any:
        answer = self.awslambda.invoke(FunctionName=name, Payload=json.dumps(event or {}))
        return json.loads(answer["Payload"].read())


class Ear:
    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._heard: list[dict[str, Any]] = []

    def next(self, wanted: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
        return eventually(lambda: self._take(wanted))

    def _take(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        if not self._heard:
            self._listen()
        while self._heard:
            event = self._heard.pop(0)
            if wanted(event):
                return event
        return None

    def _listen(self) -> None:
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
            self._heard.append(json.loads(message["Body"]))


def zipped(code: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", code)
    return buffer.getvalue()


def _policy(effect: str, actions: list[str], **rest: Any) -> str:
    statement = {"Effect": effect, "Action": actions, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
