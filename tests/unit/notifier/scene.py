"""A notifier that can be run at any time, and whose surroundings can fail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.notifier.channels.every import Channels
from functions.notifier.channels.topics import Outgoing
from functions.notifier.outbox import Outbox
from functions.notifier.run import run
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.alerting.notification import Notification
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.clients import ClientError
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW, World
from tests.unit.shared.findings import finding

RULES = ("no-owner", "open-url", "throttled", "concurrency-capped", "abnormal-behaviour")


def function(name: str) -> FunctionArn:
    return FunctionArn("aws", "eu-west-1", "123456789012", name)


class DiedError(BaseException):
    """The process ends here."""


@dataclass
class Ways:
    """The ways out, with a switch to break each."""

    inner: Channels
    topic_is_out: bool = False
    dies_after_publishing: bool = False
    dies_before_publishing: bool = False
    published: list[Outgoing] = field(default_factory=list)

    @property
    def topics(self) -> "Ways":
        return self

    @property
    def bus(self) -> Any:
        return self.inner.bus

    @property
    def security_hub(self) -> None:
        return None

    def places(self, route: str) -> tuple[str, ...]:
        return self.inner.topics.places(route)

    def render(self, notification: Notification, context: Any, place: str) -> Outgoing:
        return self.inner.topics.render(notification, context, place)

    def publish(self, outgoing: Outgoing) -> None:
        if self.dies_before_publishing:
            raise DiedError
        if self.topic_is_out:
            fault: Any = {"Error": {"Code": "InternalError", "Message": "out"}}
            raise ClientError(fault, "Publish")
        self.inner.topics.publish(outgoing)
        self.published.append(outgoing)
        if self.dies_after_publishing:
            raise DiedError


@dataclass
class Scene:
    """A deployment seen by those who are told."""

    world: World
    ways: Ways
    now: datetime = NOW

    @classmethod
    def of(cls, world: World) -> "Scene":
        return cls(world, Ways(Channels.of(world.warden)))

    def judge(self, name: str, *findings: Finding, owner: str = "payments") -> None:
        """A check looks at a function and finds these, and nothing else."""
        arn = function(name)
        verdicts = [
            Verdict(rule, tuple(one for one in findings if one.rule == rule))
            for rule in dict.fromkeys([*RULES, *(one.rule for one in findings)])
        ]
        self.world.warden.alerts.settle(
            Judgement(function=arn, verdicts=verdicts, scope="check", owner=owner), self.now
        )

    def find(self, name: str, rule: str = "no-owner", **changes: Any) -> Finding:
        return finding(rule, function=function(name), **changes)

    def wait(self, **amount: float) -> None:
        """Let time pass; nobody looks meanwhile."""
        self.now += timedelta(**amount)

    def notify(self) -> list[dict[str, Any]]:
        """The notifier looks; the messages that arrived."""
        run(self.world.warden, self.ways, lambda: self.now)  # type: ignore[arg-type] # the same doors
        return self.world.messages()

    def announced(self) -> list[tuple[str, str, str]]:
        """The notifier looks; what was said of which function, and of which rule."""
        return [
            (alert["event"], alert["about"]["name"], alert["rule"])
            for message in self.notify()
            for alert in message["alerts"]
        ]

    def pass_time(self, **amount: float) -> list[tuple[str, str, str]]:
        """Let time pass with the notifier looking by its clock; what was said.

        Minutes in which nothing is due and nothing waits are left out: nothing happens in them.
        """
        end = self.now + timedelta(**amount)
        said = self.announced()
        while self.now < end:
            self.now = min(max(self._next(end), self.now + timedelta(minutes=1)), end)
            said += self.announced()
        return said

    def _next(self, end: datetime) -> datetime:
        if Outbox(self.world.warden.table).waiting():
            return self.now
        return min([one.due for one in self.world.warden.stored_alerts.current()], default=end)

    def stored(self, name: str) -> StoredAlert:
        [one] = self.world.warden.stored_alerts.of(function(name))
        return one


CRITICAL = Severity.CRITICAL
