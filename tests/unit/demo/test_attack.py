"""The replay of an attack: bounded bill, restored setting, and a picture that stands alone."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from demo.attack.picture import picture
from demo.attack.replay import Replay, replay, reported
from demo.attack.traffic import Attack, demand, serve
from functions.shared.config import load_config

ATTACK = Attack(
    per_minute=600,
    duration_ms=300,
    memory_mib=512,
    start=datetime(2026, 11, 17, 10, 7, tzinfo=UTC),
    minutes=60,
    factor=400,
)
WATCHED = {"detector": {"history_days": 3}}


@pytest.fixture(scope="module")
def guarded() -> Replay:
    return replay(ATTACK, load_config({**WATCHED, "guard": {"modes": {"experimental": "enforce"}}}))


@pytest.fixture(scope="module")
def without() -> Replay:
    return replay(ATTACK, load_config(WATCHED))


def test_the_guard_bounds_the_bill_and_lets_go(guarded: Replay, without: Replay) -> None:
    assert without.settings == ()
    assert sum(guarded.costs(ATTACK)) < 0.4 * sum(without.costs(ATTACK))
    assert guarded.settings[0].after is not None
    assert guarded.settings[-1].after is None
    assert guarded.settings[-1].at <= ATTACK.start + timedelta(minutes=ATTACK.minutes + 30)
    assert all(one.by == "guard" for one in guarded.settings)
    assert reported(guarded)[0] == "10:08 UTC: none → 8"


def test_what_the_cap_costs_healthy_callers_is_not_hidden(guarded: Replay, without: Replay) -> None:
    assert guarded.healthy_refused > without.healthy_refused > 0
    assert len(guarded.suffering) >= len(without.suffering)


def test_what_finds_no_room_is_refused_alike() -> None:
    minute = serve(ATTACK, ATTACK.start, 600, 239_400, 12)
    assert minute.served == pytest.approx(2400)
    assert minute.share == pytest.approx(0.01)
    assert minute.throttled == pytest.approx(237_600)
    assert serve(ATTACK, ATTACK.start, 600, 0, 0).served == 0
    assert serve(ATTACK, ATTACK.start, 600, 0, None).share == 1
    day = list(demand(ATTACK, ATTACK.start, ATTACK.start + timedelta(hours=2)))
    assert sum(1 for _, _, hostile in day if hostile) == 60
    assert day == list(demand(ATTACK, ATTACK.start, ATTACK.start + timedelta(hours=2)))


def test_the_picture_needs_nothing_else(guarded: Replay, without: Replay) -> None:
    root = ET.fromstring(picture(ATTACK, guarded, without))  # noqa: S314 - our own
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 6
    assert "http" not in picture(ATTACK, guarded, without).replace("http://www.w3.org/2000/svg", "")
