"""Stories of a month in minutes: ticks and pages, as the queue would carry them."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.anomaly_detector import listing
from functions.anomaly_detector.handler import watch
from functions.anomaly_detector.tick import TICK
from functions.shared.events.envelope import as_envelope
from tests.unit.anomaly_detector.estate import Clock, Estate, steady, watched
from tests.unit.conftest import NOW, World

MINUTE = timedelta(minutes=1)


class Days:
    """Warden at work on an estate, minute by minute."""

    def __init__(self, world: World, estate: Estate) -> None:
        self.world = world
        self.estate = estate
        self.clock = Clock()
        estate.now = self.clock
        self.cloudwatch = watched(world, estate)
        self.told: list[tuple[datetime, dict[str, Any]]] = []

    def tick(self, **detail: Any) -> None:
        self.send({"source": "lambda.warden", "detail-type": TICK, "detail": detail})
        self.work()

    def send(self, message: dict[str, Any]) -> None:
        watch(as_envelope(message), self.world.warden, self.clock())

    def work(self) -> None:
        queue = self.world.warden.settings.queue_url
        for body in self.world.drain(queue):
            self.send(json.loads(body))
        self.told += [(self.clock(), alert) for alert in self.world.published()]

    def go_on(self, minutes: int) -> None:
        for _ in range(minutes):
            self.clock.at += MINUTE
            self.tick()

    def rules(self, name: str) -> list[tuple[str, str]]:
        return [(a["state"], a["rule"]) for _, a in self.told if a["function"]["name"] == name]


@pytest.fixture(autouse=True)
def _account_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    # The one call here that moto does not know.
    monkeypatch.setattr(listing, "_account_limit", lambda _: 1000)
    monkeypatch.setattr(listing, "read_faults", lambda *_: {})


@pytest.fixture
def days(world: World) -> Days:
    estate = Estate({f"steady-{number}": steady(f"steady-{number}") for number in range(4)})
    return Days(world, estate)


def test_quiet(days: Days) -> None:
    days.tick()
    days.go_on(70)
    print(days.told, days.cloudwatch.bill)
    assert not days.told


def test_runaway(days: Days) -> None:
    days.estate.functions["steady-1"].run_away(NOW + timedelta(minutes=33), 40)
    days.tick()
    days.go_on(45)
    for at, a in days.told:
        print(at, a["state"], a["rule"], a["function"]["name"], a["reason"])
    print(days.cloudwatch.bill)
    assert False
