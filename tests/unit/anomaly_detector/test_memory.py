"""What is kept between looks: read back as it was written, and no substitute for history."""

from datetime import datetime, timedelta

import numpy as np

from functions.anomaly_detector.metrics.cloudwatch import Ask, read_points
from functions.anomaly_detector.metrics.schedule import Pace
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import METRICS, Signal, by_metric
from functions.anomaly_detector.watch.codec import FunctionMemory, pack, unpack
from functions.anomaly_detector.watch.detect import Detector, to_bytes
from functions.anomaly_detector.watch.episode import Episode, Watch, advance, is_standing, peek
from functions.anomaly_detector.watch.incident import incident_of, judge
from tests.unit.anomaly_detector.estate import Estate, steady
from tests.unit.anomaly_detector.series import office, times
from tests.unit.conftest import NOW, World

from bench.cloudwatch import SimulatedCloudWatch  # isort: skip

PERIOD = timedelta(minutes=5)


def test_a_group_is_read_back_as_it_was_written() -> None:
    state = to_bytes(Detector())
    episode = Episode(state, NOW, 0.8, NOW, 3.0, NOW, 2.0, NOW, 1.0, 2)
    memories = {
        "orders": FunctionMemory(
            pace=Pace(NOW, NOW - PERIOD, 12.0, 3.0),
            watches={Signal.ERRORS: Watch(state, NOW, episode), Signal.COST: Watch(state, NOW)},
            told=False,
            suspicious_until=NOW,
            longest=timedelta(seconds=1.5),
            gaps=("insights",),
            since=NOW,
            incident_since=NOW,
        ),
        "mailer": FunctionMemory(),
    }
    assert unpack(pack(memories)) == memories
    assert unpack(b"damaged") == {}


def spiked() -> Series:
    at = times(8)
    values = office(at)
    values[-30:] *= 12
    return Series(values, at)


def test_looks_find_what_the_whole_history_shows() -> None:
    series = spiked()
    watch = None
    for start in range(0, len(series), 96):
        part = Series(series.values[start : start + 96], series.timestamps[start : start + 96])
        watch = advance(watch, Signal.INVOCATIONS, part, until=_after(part))
    assert watch
    looks = incident_of({Signal.INVOCATIONS: watch}, _after(series))
    whole = judge({Signal.INVOCATIONS: series})
    assert looks
    assert whole
    assert looks.since == whole.since == when(series.timestamps[-30])
    assert looks.deviations[0].peak == whole.deviations[0].peak


def test_what_ends_is_over_and_may_be_told_afterwards() -> None:
    at = times(8)
    values = office(at)
    values[-12:-6] *= 12
    half = Series(values[:-12], at[:-12])
    rest = Series(values[-12:], at[-12:])
    before = _after(half)
    watch = advance(None, Signal.INVOCATIONS, half, until=before)
    watch = advance(watch, Signal.INVOCATIONS, rest, until=_after(rest))
    assert watch.episode
    assert not is_standing(watch.episode, _after(rest))
    told = incident_of({Signal.INVOCATIONS: watch}, _after(rest), told_until=before)
    assert told
    assert told.ended == when(at[-7])
    assert told.trend == "over"
    assert incident_of({Signal.INVOCATIONS: watch}, _after(rest), told_until=_after(rest)) is None


def test_a_close_look_judges_and_teaches_nothing() -> None:
    at = times(8)
    quiet = Series(office(at), at)
    watch = advance(None, Signal.INVOCATIONS, quiet, until=_after(quiet))
    minutes = Series(
        np.array([400.0, 400.0, 9000.0, 9000.0, 9000.0]),
        at[-1] + np.timedelta64(300, "s") + np.arange(5) * np.timedelta64(60, "s"),
    )
    seen = peek(watch, Signal.INVOCATIONS, 5560.0, minutes)
    assert seen.detector == watch.detector
    assert seen.episode
    assert seen.episode.since == when(minutes.timestamps[2]), "the first unusual minute"
    assert peek(watch, Signal.INVOCATIONS, float("nan"), minutes) == watch


def test_statistics_of_one_metric_are_one_price_and_requests_are_full() -> None:
    estate = Estate({f"f{number}": steady(f"f{number}") for number in range(3)})
    client = SimulatedCloudWatch(estate)
    groups = list(by_metric({s for s, m in METRICS.items() if m.name in {"Duration", "Errors"}}))
    assert sorted(map(len, groups)) == [1, 5]
    names = [f"f{number % 3}" for number in range(300)]
    asks = [Ask(name, group, NOW - PERIOD) for name in names for group in groups]
    read_points(client, asks, end=NOW, period_seconds=300)  # type: ignore[arg-type] # a stand-in
    assert client.bill.requests == -(-300 * 6 // 500)


def test_a_record_in_bulk_is_the_record(world: World) -> None:
    functions = [world.create_function(name) for name in ("orders", "mailer")]
    world.warden.records.met(functions[0], NOW)
    world.warden.records.remember_limits(functions[0], "x")
    found = world.warden.records.of(functions)
    assert found == {functions[0]: world.warden.records.get(functions[0])}


def _after(series: Series) -> datetime:
    return when(series.timestamps[-1]) + PERIOD
