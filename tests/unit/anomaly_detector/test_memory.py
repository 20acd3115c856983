"""What is kept between looks: read back as it was written, and no substitute for history."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from functions.anomaly_detector.metrics.cloudwatch import Ask, read_points
from functions.anomaly_detector.metrics.schedule import Pace
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import METRICS, Signal, by_metric
from functions.anomaly_detector.rules.judging import judge
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.codec import FunctionMemory, pack, unpack
from functions.anomaly_detector.watch.load import load_of
from functions.anomaly_detector.watch.past import Past
from functions.shared.config import DetectorPolicy
from tests.unit.anomaly_detector.estate import Estate, steady
from tests.unit.anomaly_detector.pasts import LIMITS, QUIET, RUNAWAY, past_of, series_of
from tests.unit.conftest import NOW, World
from tests.unit.shared.findings import ORDERS

from bench.cloudwatch import SimulatedCloudWatch  # isort: skip

PERIOD = timedelta(minutes=5)


def test_a_group_is_read_back_as_it_was_written() -> None:
    past = past_of(QUIET, NOW, latest=RUNAWAY)
    view = View(ORDERS, past, DetectorPolicy(), LIMITS)
    judge(view)
    memories = {
        "orders": FunctionMemory(
            pace=Pace(NOW, NOW - PERIOD, 12.0, 3.0),
            past=past,
            until={Signal.ERRORS: NOW},
            has_alerts=False,
            suspicious_until=NOW,
            longest=timedelta(seconds=1.5),
            gaps=("insights",),
            since=NOW,
            incident_since=NOW,
        ),
        "mailer": FunctionMemory(),
    }
    again = unpack(pack(memories))
    assert again.keys() == memories.keys()
    read, kept = again["orders"], memories["orders"]
    assert replace(read, past=past) == kept
    assert read.past.standing == past.standing
    assert read.past.deviations == past.deviations
    for signal, hours in past.hours.items():
        np.testing.assert_allclose(read.past.hours[signal].means, hours.means, rtol=1e-3)
        np.testing.assert_allclose(read.past.recent[signal], past.recent[signal], rtol=1e-3)
    digests = [
        [finding.digest for verdict in judge(seen) for finding in verdict.findings]
        for seen in (replace(view, past=read.past), view)
    ]
    assert digests[0] == digests[1], "it is judged as before"
    assert unpack(b"damaged") == {}


def test_small_counts_are_kept_exactly() -> None:
    past = past_of({Signal.INVOCATIONS: np.arange(96.0)}, NOW, hours=8)
    [again] = unpack(pack({"orders": FunctionMemory(past=past)})).values()
    calls = again.past.recent[Signal.INVOCATIONS]
    np.testing.assert_array_equal(calls, past.recent[Signal.INVOCATIONS])


def test_looks_find_what_the_whole_history_shows() -> None:
    series = series_of({**QUIET, Signal.COST: 0.01, Signal.LOAD: 0.01}, NOW, 240)
    series[Signal.COST].values[-9:] = 2.0
    whole, looks = Past(), Past()
    whole.feed(series, NOW)
    for until in (NOW - timedelta(hours=h) for h in range(100, -1, -1)):
        looks.feed({s: one.until(until) for s, one in series.items()}, until)
    for signal in series:
        assert looks.usual(signal) == whole.usual(signal)
        np.testing.assert_array_equal(looks.recent[signal], whole.recent[signal])
    assert load_of(looks) == load_of(whole) is not None


def test_metrics_that_come_late_take_their_place() -> None:
    series = series_of(QUIET, NOW, 96)
    past = Past()
    late = {signal: one.until(NOW - timedelta(minutes=15)) for signal, one in series.items()}
    none = series_of({Signal.INVOCATIONS: 0.0}, NOW, 0.25)
    past.feed({**late, Signal.INVOCATIONS: late[Signal.INVOCATIONS]}, NOW - timedelta(minutes=15))
    past.feed(none, NOW)
    assert past.newest(Signal.GAP, 1)[0] == 15
    past.feed({s: one.since(NOW - timedelta(minutes=30)) for s, one in series.items()}, NOW)
    assert past.newest(Signal.GAP, 1)[0] == 0


def test_newest_minutes_teach_nothing() -> None:
    past = past_of(QUIET, NOW)
    before = past.newest(Signal.INVOCATIONS, 3).copy()
    points = series_of({Signal.INVOCATIONS: 9_000.0, Signal.COST: 3.0}, NOW, 1 / 12)
    seen = past.provisional(points, NOW + timedelta(minutes=2))
    assert seen.now == NOW + PERIOD
    assert seen.newest(Signal.INVOCATIONS, 1)[0] == 9_000
    np.testing.assert_array_equal(past.newest(Signal.INVOCATIONS, 3), before)


def test_statistics_of_one_metric_are_one_price_and_requests_are_full() -> None:
    names = [f"f{number}" for number in range(300)]
    client = SimulatedCloudWatch(Estate({name: steady(name) for name in names}))
    groups = list(by_metric({s for s, m in METRICS.items() if m.name in {"Duration", "Errors"}}))
    assert sorted(map(len, groups)) == [1, 5]
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
