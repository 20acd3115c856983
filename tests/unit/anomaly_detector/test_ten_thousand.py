"""Ten thousand functions: a tick hands them out in messages that the queue takes."""

import json
from datetime import timedelta

import pytest

from functions.anomaly_detector.account.tripwire import AccountSignal
from functions.anomaly_detector.metrics.schedule import group_count
from functions.anomaly_detector.metrics.signals import IF_PUBLISHED, Signal
from functions.anomaly_detector.page.judge import PageDetail
from functions.anomaly_detector.tick.messages import Turn, pages
from functions.anomaly_detector.watch.function_list import FunctionList, from_bytes, to_bytes
from functions.shared.aws.queue import LARGEST_REQUEST, enqueue_all
from functions.shared.config import Looks
from tests.unit.conftest import NOW, World

MINUTE = timedelta(minutes=1)
# As long as names may be, with everything that may be said about a function.
NAMES = tuple(f"{number:05}-{'x' * 58}" for number in range(10_000))
FAULTS = {"traces": 5000, "causes": ["y" * 80] * 5, "example": "1-" + "z" * 58}


@pytest.fixture(scope="module")
def function_list() -> FunctionList:
    return FunctionList(
        listed_at=NOW,
        sourced_at=NOW,
        names=NAMES,
        groups=group_count(len(NAMES)),
        sources=dict.fromkeys(IF_PUBLISHED, frozenset(NAMES)),
        faults=dict.fromkeys(NAMES[::100], FAULTS),
    )


def test_an_ordinary_tick_sends_a_fifteenth_and_all_have_their_turn(
    function_list: FunctionList,
) -> None:
    sent: list[str] = []
    for minute in range(15):
        messages = pages(function_list, Turn(Looks()), NOW + minute * MINUTE)
        assert len(messages) <= 2 * function_list.groups / 15
        sent += [name for one in messages for name in _detail(one).functions]
    assert sorted(sent) == sorted(NAMES)


def test_everybody_fits_into_one_run_and_no_message_is_too_large(
    function_list: FunctionList,
) -> None:
    turn = Turn(Looks(), called_out=(AccountSignal.CALLS,), hot=NAMES[:50])
    messages = pages(function_list, turn, NOW)
    sizes = [len(json.dumps(one).encode()) for one in messages]
    assert function_list.groups <= len(messages) <= 1.1 * function_list.groups
    assert max(sizes) <= LARGEST_REQUEST
    assert {name for one in messages for name in _detail(one).functions} == set(NAMES)
    assert {name for one in messages for name in _detail(one).hot} == set(NAMES[:50])
    assert _detail(messages[0]).called_out == [Signal.DURATION, Signal.INVOCATIONS]


def test_the_queue_takes_them_in_few_requests(function_list: FunctionList, world: World) -> None:
    messages = pages(function_list, Turn(Looks(), everything=True), NOW)
    settings, sqs = world.warden.settings, world.warden.aws.sqs
    requests = enqueue_all(messages, settings=settings, sqs=sqs)
    assert len(messages) / 10 <= requests <= len(messages)
    assert len(world.drain(settings.queue_url)) == len(messages)


def test_the_roster_is_read_back_as_it_was_written(function_list: FunctionList) -> None:
    assert from_bytes(to_bytes(function_list)) == function_list
    assert from_bytes(b"damaged") is None


def _detail(message: dict[str, object]) -> PageDetail:
    return PageDetail.model_validate(message["detail"])
