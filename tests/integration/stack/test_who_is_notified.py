"""What leaves the deployed notifier: the same messages to a queue and over HTTP, counted."""

import json
from typing import Any

from tests.integration.alerts.listener import listening
from tests.integration.stack.scene import Scene, package


def test_a_queue_and_a_web_server_get_the_same_messages_each_once(scene: Scene) -> None:
    scene.settle()
    with listening() as web:
        subscription = scene.aws.client("sns").subscribe(
            TopicArn=scene.warden.topic,
            Protocol="http",
            Endpoint=f"{web.url}/alerts",
            Attributes={"FilterPolicy": json.dumps({"rule": [{"exists": True}]})},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        web.wait_for(lambda: bool(web.confirmed))
        before, heard = scene.inbox.messages, len(scene.alerts)
        for number in range(3):
            tags = {"owner": "web", "environment": "production"}
            scene.create(f"web-{number}", package("jinja2==2.10"), tags)
        scene.wait_for(lambda: all(scene.about(f"web-{number}") for number in range(3)))
        scene.aws.client("lambda").delete_function(FunctionName="web-0")
        scene.wait_for(lambda: ("resolved", "vulnerable-package") in scene.about("web-0"))
        scene.settle()
        posts = web.take(scene.inbox.messages - before)
        scene.aws.client("sns").unsubscribe(SubscriptionArn=subscription)
    posted = [alert for post in posts for alert in _alerts(post.body)]
    queued = [alert.document for alert in scene.alerts[heard:]]
    assert sorted(map(_said, posted)) == sorted(map(_said, queued))
    assert len(set(map(_said, posted))) == len(posted), "each change once"
    # That they share a role is told of, too, once enough functions of other stories do.
    about = [said for said in map(_said, posted) if said[0] == "web-0" and said[1] != "shared-role"]
    assert about == [
        ("web-0", "vulnerable-package", "opened"),
        ("web-0", "vulnerable-package", "resolved"),
    ]


def _alerts(envelope: dict[str, Any]) -> list[dict[str, Any]]:
    alerts: list[dict[str, Any]] = json.loads(envelope["Message"])["alerts"]
    return alerts


def _said(alert: dict[str, Any]) -> tuple[str, str, str]:
    return (alert["function"]["name"], alert["rule"], alert["event"])
