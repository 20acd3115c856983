"""Warden at work on a simulated estate, minute by minute, as its clock and its queue drive it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bench.cloudwatch import SimulatedCloudWatch
from functions.anomaly_detector.handler import watch
from functions.shared.aws.clients import ClientError
from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import as_envelope, own_message
from functions.shared.events.message_types import MessageType
from tests.unit.anomaly_detector.estate import Estate
from tests.unit.conftest import NOW, World

MINUTE = timedelta(minutes=1)


class Moody(SimulatedCloudWatch):
    """A CloudWatch that answers in part, or not at all, when it is told to."""

    def __init__(self, estate: Estate) -> None:
        super().__init__(estate)
        self.partial = ""
        self.unanswered = ""
        self.throttles = False

    def get_metric_data(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if self.throttles and _of_functions(request):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetMetricData")
        names = {query["Id"]: _name(query) for query in request["MetricDataQueries"]}
        metrics = {
            query["Id"]: query["MetricStat"]["Metric"]["MetricName"]
            for query in request["MetricDataQueries"]
        }
        for page in super().get_metric_data(request):
            for result in page["MetricDataResults"]:
                if self.partial and names[result["Id"]] == self.partial:
                    result["StatusCode"] = "PartialData"
                if metrics[result["Id"]] == self.unanswered and not names[result["Id"]]:
                    result |= {"StatusCode": "InternalError", "Timestamps": [], "Values": []}
            yield page


def _name(query: Mapping[str, Any]) -> str:
    dimensions = query["MetricStat"]["Metric"]["Dimensions"]
    return str(dimensions[0]["Value"]) if dimensions else ""


def _of_functions(request: Mapping[str, Any]) -> bool:
    return any(map(_name, request["MetricDataQueries"]))


class Days:
    """A deployment whose time goes on when told to.

    Attributes:
        now: Its time.
        reported: When each alert was published, and the alert.
        failures: What could not be handled, and was left in the queue.
    """

    def __init__(self, world: World, estate: Estate) -> None:
        self.world = world
        self.estate = estate
        self.now = NOW
        estate.now = lambda: self.now
        self.cloudwatch = Moody(estate)
        world.warden.aws.__dict__["cloudwatch"] = self.cloudwatch
        self.reported: list[tuple[datetime, dict[str, Any]]] = []
        self.failures: list[Exception] = []
        self._again: list[str] = []

    def tick(self, **detail: Any) -> None:
        """What the schedule sends, and whatever comes of it."""
        self.handle(own_message(MessageType.METRIC_TICK, detail))
        bodies = [*self._again, *self.world.drain(self.world.warden.settings.queue_url)]
        self._again = []
        for body in bodies:
            try:
                self.handle(json.loads(body))
            except Exception as error:  # noqa: BLE001 - the queue delivers it again, whatever it is
                self.failures.append(error)
                self._again.append(body)
        self.reported += [(self.now, alert) for alert in self.world.published()]

    def handle(self, message: dict[str, Any]) -> None:
        """One message."""
        watch(as_envelope(message), self.world.warden, self.now)

    def go_on(self, minutes: int) -> None:
        """Minutes pass, with a tick in each."""
        for _ in range(minutes):
            self.now += MINUTE
            self.tick()

    def skip(self, minutes: int) -> None:
        """Minutes pass without a tick."""
        self.now += minutes * MINUTE

    def create(self, name: str, **tags: str) -> FunctionArn:
        """Let a function of the estate exist for Lambda, too."""
        function = self.world.create_function(name)
        self.world.warden.records.met(function, NOW - timedelta(days=30))
        self.world.warden.records.remember_tags(function, tags)
        return function

    def rules(self, name: str) -> list[tuple[str, str]]:
        """What was said of which rule about a function."""
        return [(a["event"], a["rule"]) for _, a in self.reported if a["about"]["name"] == name]

    def alert(self, name: str, rule: str) -> tuple[datetime, dict[str, Any]]:
        """The first alert of a rule about a function, with when it came."""
        return next(
            (at, one)
            for at, one in self.reported
            if (one["about"]["name"], one["rule"]) == (name, rule)
        )
