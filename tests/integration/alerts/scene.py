"""The ways out, deployed, with whoever listens at their ends."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from demo.local_aws import LocalAws
from functions.notifier.channels.bus import AlertBus
from functions.notifier.channels.topics import Topics
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from tests.integration.alerts.listener import Listener

NOW: Final = datetime(2026, 3, 10, 3, 14, tzinfo=UTC)
CONTEXT: Final = Context(now=NOW, runbooks_url="https://git.example.com/warden/runbooks")


@dataclass
class Scene:
    """One deployment of topics, bus and pager.

    Attributes:
        aws: Where it is deployed.
        outputs: The outputs of its stack.
        web: What was posted to subscribers over HTTP.
        pager: What was posted to the pager.
        hooks: What was posted to chats, Opsgenie and a web server.
        topics: The topics, as the notifier has them.
        bus: The bus, likewise.
    """

    aws: LocalAws
    outputs: Mapping[str, str]
    web: Listener
    pager: Listener
    hooks: Listener
    topics: Topics
    bus: AlertBus

    def tell(self, *notices: Notice, route: str = "") -> None:
        """Send one message about some alerts to every place of a route."""
        message = Notification.of(notices, occasion=Occasion.CHANGE, group=f"{route}|group")
        for place in self.topics.places(route):
            self.topics.publish(self.topics.render(message, CONTEXT, place))

    def queue(self, topic: str, policy: Mapping[str, Any] | None = None) -> str:
        """Subscribe a new queue to a topic and return its URL."""
        sqs, name = self.aws.client("sqs"), f"reader-{uuid.uuid4().hex}"
        url = str(sqs.create_queue(QueueName=name)["QueueUrl"])
        arn = f"arn:aws:sqs:{self.aws.region}:{self.aws.account}:{name}"
        attributes = {"RawMessageDelivery": "true"}
        if policy is not None:
            attributes["FilterPolicy"] = json.dumps(policy)
        self.aws.client("sns").subscribe(
            TopicArn=self.outputs[topic], Protocol="sqs", Endpoint=arn, Attributes=attributes
        )
        return url

    def drain(self, url: str) -> list[dict[str, Any]]:
        """Take everything out of a queue; what SNS and EventBridge send is there at once here."""
        sqs, taken = self.aws.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                taken.append(json.loads(message["Body"]))
        return taken


def notice(
    name: str,
    severity: Severity = Severity.HIGH,
    *,
    state: State = State.OPENED,
    event: AlertEvent = AlertEvent.OPENED,
    handling: Handling | None = None,
    owner: str = "payments",
    environment: str = "production",
    kind: Kind = Kind.EXPOSURE,
) -> Notice:
    """An alert about a function, and what is told of it."""
    finding = Finding(
        rule="world-open-policy",
        kind=kind,
        severity=severity,
        severity_reason="Anyone on the internet may call it.",
        function=FunctionArn("aws", "us-east-1", "111111111111", name),
        title='Anyone may invoke it ("*")',
        reason='Its policy allows "*" to invoke it, \\ without a condition.',
        remedy="Name the principals that may invoke it.",
        evidence={"statements": ["public"]},
    )
    alert = Alert(
        finding=finding,
        scope="scanner",
        state=state,
        first_seen=NOW,
        last_seen=NOW,
        owner=owner,
        environment=environment,
    )
    return Notice(alert, handling or Handling(), event)
