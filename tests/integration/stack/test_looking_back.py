"""Digests, the report, what is counted, the dashboard: of a deployed stack, within its roles."""

import json
import time
from pathlib import Path
from typing import Any

from demo.inbox import queue_policy
from tests.integration.stack.scene import Scene, package
from tests.integration.stack.test_command_line import warden


def _digests(scene: Scene) -> str:
    """A queue that is subscribed to digests and to nothing else."""
    sqs = scene.aws.client("sqs")
    queue = sqs.create_queue(QueueName="digests")["QueueUrl"]
    arn = f"arn:aws:sqs:{scene.aws.region}:{scene.aws.account}:digests"
    policy = queue_policy(arn, scene.warden.topic)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    scene.aws.client("sns").subscribe(
        TopicArn=scene.warden.topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicy": json.dumps({"kind": ["digest"], "owner": ["platform-team", "shop"]}),
        },
    )
    return str(queue)


def _received(scene: Scene, queue: str, number: int) -> list[dict[str, Any]]:
    sqs = scene.aws.client("sqs")
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 180
    while len(found) < number and time.monotonic() < deadline:
        for message in sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1
        ).get("Messages", []):
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return found


def _received_now(scene: Scene, queue: str) -> list[str]:
    answer = scene.aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=2)
    return [message["Body"] for message in answer.get("Messages", [])]


def test_each_owner_gets_one_digest_though_its_message_comes_twice(scene: Scene) -> None:
    scene.create("billing", package("jinja2==2.10"), {"owner": "shop", "environment": "production"})
    scene.wait_for(lambda: ("opened", "vulnerable-package") in scene.about("billing"))
    queue = _digests(scene)
    due = {"source": "lambda.warden", "detail-type": "Digest Due", "detail": {}}
    for _ in range(2):
        scene.send(scene.warden.notifier, due)
    found = _received(scene, queue, 2)
    assert sorted(one["owner"] for one in found) == ["platform-team", "shop"]
    scene.settle()
    assert _received_now(scene, queue) == [], "none came twice"
    assert scene.reasons_of_dead_letters() == []
    whole = next(one for one in found if one["whole_estate"])
    lines = {line["what"]: line["shown"] for line in whole["cost"]["lines"]}
    assert whole["cost"]["complete"], lines
    assert not lines["alarms"].startswith("0 "), lines
    assert lines["dashboards"] == "1 dashboard"


def _lines(scene: Scene, part: str, message: str) -> list[dict[str, Any]]:
    """Lines of a part's log that say something, as CloudWatch Logs has them."""
    name = scene.warden.sweep.removesuffix("-sweep")
    pages = (
        scene.aws.client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=f"/aws/lambda/{name}-{part}")
    )
    # The local AWS keeps all that an invocation printed as one event.
    texts = [
        line for page in pages for event in page["events"] for line in event["message"].splitlines()
    ]
    return [json.loads(text) for text in texts if text.startswith("{") and message in text]


def test_what_is_open_is_counted_in_the_log_and_not_as_metrics(scene: Scene) -> None:
    hour = {"source": "lambda.warden", "detail-type": "Notifier Hour", "detail": {}}
    scene.send(scene.warden.notifier, hour)
    scene.settle()
    deadline = time.monotonic() + 180
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < deadline:
        found = _lines(scene, "notifier", "open alerts counted")
        time.sleep(1)
    assert {f"open_{one}" for one in ("critical", "high", "medium", "low", "info")} <= set(found[0])
    assert not scene.aws.client("cloudwatch").list_metrics(Namespace="LambdaWarden")["Metrics"]
    assert scene.reasons_of_dead_letters() == []


def test_the_report_is_written_to_the_bucket_and_says_what_it_is_made_of(scene: Scene) -> None:
    scene.create("catalogue", package("jinja2==2.10"), {"owner": "shop"})
    scene.wait_for(lambda: ("opened", "vulnerable-package") in scene.about("catalogue"))
    scene.settle()
    answer = scene.aws.client("lambda").invoke(
        FunctionName=scene.warden.sweep.replace("-sweep", "-reporter"), Payload=b"{}"
    )
    reported = answer["Payload"].read()
    assert "FunctionError" not in answer, reported
    key = json.loads(reported)["key"]
    s3 = scene.aws.client("s3")
    for name in (key, "reports/latest.html"):
        html = s3.get_object(Bucket=scene.warden.bucket, Key=name)["Body"].read().decode()
        assert "catalogue" in html
        assert "jinja2 2.10 has" in html
        assert "<strong>Incomplete:</strong>" not in html, "every source could be read"


def test_a_person_at_a_terminal_writes_the_same_report(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "estate.html"
    done = warden(scene, "report", "--output", file)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"file": str(file)}
    assert "<strong>Incomplete:</strong>" not in file.read_text(encoding="utf-8")


def test_the_dashboard_is_there(scene: Scene) -> None:
    name = scene.warden.sweep.removesuffix("-sweep")
    body = scene.aws.client("cloudwatch").get_dashboard(DashboardName=f"{name}-{scene.aws.region}")[
        "DashboardBody"
    ]
    assert "open alerts counted" in body
    assert f"/aws/lambda/{name}-notifier" in body
