"""SNS brings each message to every reader that asked for it: exactly those, each once.

The filter policies are those of docs/routing.md, taken from the page itself.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.shared.alerting.alert import State
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.notification import AlertEvent
from functions.shared.core.severity import Severity
from tests.integration.alerts.scene import Scene, notice
from tests.integration.alerts.schemas import MESSAGE

_EXAMPLE = re.compile(r"^\| ([^|]+) \| `(\{[^`]+\})` \|$", re.MULTILINE)
FILTERS: dict[str, dict[str, Any]] = {
    name.strip(): json.loads(policy)
    for name, policy in _EXAMPLE.findall(Path("docs/routing.md").read_text("utf-8"))
}

PROMISED: dict[str, list[list[str]]] = {
    "Urgent in production": [["checkout-api"], ["checkout-api"], ["orders", "report"], ["orders"]],
    "One team's": [["checkout-api"], ["checkout-api"], ["orders", "report"], ["orders"]],
    "Nothing that is over": [
        ["checkout-api"],
        ["search"],
        ["batch"],
        ["orders", "report"],
        ["orders"],
    ],
    "What concerns security": [
        ["checkout-api"],
        ["checkout-api"],
        ["batch"],
        ["orders", "report"],
        ["orders"],
    ],
    "Functions of one service": [["checkout-api"], ["checkout-api"]],
    "What nobody owns": [["batch"]],
    "Summaries of storms": [],
    "Alerts, no alarms about Warden itself": [
        ["checkout-api"],
        ["checkout-api"],
        ["search"],
        ["batch"],
        ["orders", "report"],
        ["orders"],
    ],
}
"""Whose functions the messages are about that each filter lets through, in order."""


def names(message: dict[str, Any]) -> list[str]:
    return sorted(one["function"]["name"] for one in message["alerts"])


def tell_everything(scene: Scene) -> None:
    """Six messages, one about two alerts of different kinds, owners and severities."""
    scene.tell(notice("checkout-api", Severity.CRITICAL))
    scene.tell(notice("checkout-api", state=State.RESOLVED, event=AlertEvent.RESOLVED))
    scene.tell(notice("search", Severity.LOW, owner="search", kind=Kind.TAGGING))
    scene.tell(notice("batch", Severity.MEDIUM, environment="experimental", owner=""))
    scene.tell(
        notice("orders", Severity.HIGH, kind=Kind.VULNERABILITY),
        notice("report", Severity.LOW, owner="reporting", environment="back-office"),
    )
    scene.tell(notice("orders", Severity.HIGH, event=AlertEvent.REMINDER))


@pytest.mark.parametrize(("wanted", "expected"), PROMISED.items())
def test_a_filter_of_the_documentation_lets_through_what_it_promises(
    scene: Scene, wanted: str, expected: list[list[str]]
) -> None:
    queue = scene.queue("Main", FILTERS[wanted])
    alarm = json.dumps({"AlarmName": "watch-scanner-errors"})
    scene.aws.client("sns").publish(TopicArn=scene.outputs["Main"], Message=alarm)
    tell_everything(scene)
    got = scene.drain(queue)
    assert [names(message) for message in got] == expected
    for message in got:
        MESSAGE.validate(message)


def test_every_filter_of_the_documentation_is_tested() -> None:
    assert set(PROMISED) == set(FILTERS)


def test_a_web_server_confirms_its_subscription_and_gets_each_message_once(scene: Scene) -> None:
    sns = scene.aws.client("sns")
    for path, policy in (("/all", None), ("/search", {"owner": ["search"]})):
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        sns.subscribe(
            TopicArn=scene.outputs["Main"],
            Protocol="http",
            Endpoint=f"{scene.web.url}{path}",
            Attributes=attributes,
        )
    scene.web.wait_for(lambda: len(scene.web.confirmed) == 2)
    tell_everything(scene)
    posts = scene.web.take(7)
    assert sorted(post.path for post in posts) == ["/all"] * 6 + ["/search"]
    for post in posts:
        MESSAGE.validate(json.loads(post.body["Message"]))
        assert len(post.body["Subject"]) <= 100
    (search,) = (post for post in posts if post.path == "/search")
    assert search.body["MessageAttributes"]["owner"] == {"Type": "String", "Value": "search"}


def test_a_route_brings_a_message_to_its_topic_and_to_the_chats_only(scene: Scene) -> None:
    main, payments, chat = (scene.queue(topic) for topic in ("Main", "Payments", "Chat"))
    scene.tell(notice("checkout-api"), route="payments")
    assert scene.drain(main) == []
    (message,) = scene.drain(payments)
    assert names(message) == ["checkout-api"]
    (shown,) = scene.drain(chat)
    assert (shown["version"], shown["source"]) == ("1.0", "custom")


def test_raw_delivery_to_a_queue_keeps_every_attribute(scene: Scene) -> None:
    queue = scene.queue("Payments")
    scene.tell(notice("orders"), notice("report", environment="back-office"), route="payments")
    (message,) = scene.aws.client("sqs").receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"]
    )["Messages"]
    attributes = message["MessageAttributes"]
    assert len(attributes) <= 10, "SNS discards a raw message with more"
    assert attributes["environment"]["DataType"] == "String.Array"
    assert set(json.loads(attributes["environment"]["StringValue"])) == {
        "production",
        "back-office",
    }
