"""The detector's contract: causal, bounded, the same in one go and tick by tick."""

import warnings
import zlib
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.anomaly_detector.watch.detect import (
    ALERT,
    Detector,
    StateError,
    baseline,
    from_bytes,
    score,
    to_bytes,
)
from tests.unit.anomaly_detector.series import (
    MONDAY,
    Times,
    Values,
    hours,
    office,
    steady,
    times,
)

WEEK = 7 * 288
LONG_AGO = np.datetime64("1970-01-01", "s")
FAR_AHEAD = np.datetime64("2076-11-30", "s")


def alerts(values: Values, at: Times) -> list[int]:
    return np.flatnonzero(score(values, at) >= ALERT).tolist()


wild = st.lists(
    st.one_of(
        st.floats(allow_nan=True, allow_infinity=True),
        st.integers(0, 20).map(float),
        st.just(0.0),
    ),
    min_size=1,
    max_size=400,
)


@st.composite
def series(draw: st.DrawFn) -> tuple[Values, Times]:
    values = np.array(draw(wild), dtype=np.float64)
    period = draw(st.sampled_from([60, 300, 3600]))
    jitter = draw(st.lists(st.integers(-400, 4000), min_size=len(values), max_size=len(values)))
    seconds = np.arange(len(values)) * period + np.array(jitter) * draw(st.sampled_from([0, 1]))
    at = MONDAY + seconds.astype("timedelta64[s]")
    for wrong in draw(st.lists(st.integers(0, len(values) - 1), max_size=5)):
        at[wrong] = draw(st.sampled_from([LONG_AGO, FAR_AHEAD, np.datetime64("NaT", "s")]))
    return values, at


class TestContract:
    @given(series(), st.data())
    @settings(deadline=None, max_examples=60)
    def test_a_score_depends_on_the_past_only(
        self, given_series: tuple[Values, Times], data: st.DataObject
    ) -> None:
        values, at = given_series
        cut = data.draw(st.integers(0, len(values)))
        whole = score(values, at)
        np.testing.assert_array_equal(score(values[:cut], at[:cut]), whole[:cut])

    @given(series())
    @settings(deadline=None, max_examples=60)
    def test_scores_are_finite_and_between_zero_and_one(
        self, given_series: tuple[Values, Times]
    ) -> None:
        values, at = given_series
        scores = score(values, at)
        assert scores.shape == values.shape
        assert scores.dtype == np.float64
        assert np.all((scores >= 0.0) & (scores <= 1.0))
        assert np.all(scores[~np.isfinite(values)] == 0.0)

    @given(series(), st.data())
    @settings(deadline=None, max_examples=60)
    def test_ticks_through_stored_state_equal_one_batch(
        self, given_series: tuple[Values, Times], data: st.DataObject
    ) -> None:
        values, at = given_series
        cut = data.draw(st.integers(0, len(values)))
        first = Detector()
        before = first.update(values[:cut], at[:cut])
        after = from_bytes(to_bytes(first)).update(values[cut:], at[cut:])
        np.testing.assert_array_equal(np.concatenate([before, after]), score(values, at))

    @pytest.mark.parametrize("period", [60, 300, 3600])
    def test_weeks_in_uneven_batches_equal_one_batch(self, period: int) -> None:
        at = times(22, period)
        values = office(at)
        values[-len(at) // 20 :] *= 4
        values[::7] = np.nan
        cuts = np.cumsum(np.tile([1, 2, 3, 700, 12, 1], len(at) // 719 + 1))
        detector = Detector()
        parts = [
            detector.update(part, when)
            for part, when in zip(np.split(values, cuts), np.split(at, cuts), strict=True)
        ]
        whole = Detector()
        np.testing.assert_array_equal(np.concatenate(parts), whole.update(values, at))
        assert to_bytes(detector) == to_bytes(whole)

    def test_missing_values_change_nothing(self) -> None:
        at = times(16)
        values = office(at)
        values[-50] *= 9
        holes = np.random.default_rng(1).random(len(values)) < 0.1
        holes[-60:] = False
        gappy = np.where(holes, np.nan, values)
        np.testing.assert_array_equal(score(gappy, at)[~holes], score(values[~holes], at[~holes]))

    @pytest.mark.parametrize("shape", [(3, 4), (4, 3)])
    def test_lengths_that_differ_are_refused(self, shape: tuple[int, int]) -> None:
        with pytest.raises(ValueError, match="one timestamp per value"):
            score(np.zeros(shape[0]), times(1)[: shape[1]])

    def test_an_empty_series_has_no_scores(self) -> None:
        assert score(np.array([]), times(0)).shape == (0,)


class TestTimes:
    @pytest.mark.parametrize("wrong", [LONG_AGO, FAR_AHEAD, np.datetime64("NaT", "s")])
    @given(row=st.integers(0, 14 * 288))
    @settings(deadline=None, max_examples=10)
    @example(row=0)
    @example(row=1)
    @example(row=14 * 288)
    def test_one_wrong_time_hides_nothing_and_raises_nothing(
        self, wrong: np.datetime64, row: int
    ) -> None:
        at = times(15)
        values = office(at)
        start = len(at) - 200
        values[start:] *= 10
        at[row] = wrong
        found = alerts(values, at)
        assert found[0] == start

    def test_a_clock_that_was_ahead_for_hours_is_believed_soon(self) -> None:
        at = times(15)
        values = office(at)
        values[-200:] *= 10
        at[1000:1040] += np.timedelta64(365, "D")
        assert alerts(values, at)[0] == len(at) - 200

    def test_a_long_silence_makes_a_series_no_older(self) -> None:
        values = np.random.default_rng(0).normal(100.0, 10.0, 2 * 288)
        at = times(2)
        at[144:] += np.timedelta64(30, "D")
        assert alerts(values, at) == []

    def test_datetimes_with_a_time_zone_are_converted(self) -> None:
        at = times(3)
        values = office(at)
        tokyo = timezone(timedelta(hours=9))
        aware = [datetime.fromtimestamp(t, tokyo) for t in at.astype(np.int64).tolist()]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            scores = score(values, np.array(aware))
            usual = baseline(values, np.array(aware))
        np.testing.assert_array_equal(scores, score(values, at))
        assert usual == baseline(values, at)


class TestState:
    def test_two_weeks_fit_a_few_kilobytes(self) -> None:
        detector = Detector()
        detector.update(office(times(14)), times(14))
        assert len(to_bytes(detector)) < 8_192

    @pytest.mark.parametrize(
        "damaged",
        [
            b"",
            b"not zlib",
            to_bytes(Detector())[:-20],
            to_bytes(Detector())[::-1],
            *(
                zlib.compress(text.encode())
                for text in (
                    "null",
                    "[]",
                    '{"version": 2}',
                    '{"version": 2, "state": []}',
                    '{"version": 2, "state": {"gate": 7}}',
                    '{"version": 2, "state": {"gate": null}}',
                    "[" * 60_000,
                )
            ),
        ],
    )
    def test_damaged_state_is_refused(self, damaged: bytes) -> None:
        with pytest.raises(StateError):
            from_bytes(damaged)


class TestSeen:
    @pytest.mark.parametrize("period", [60, 300])
    def test_a_runaway_is_flagged_at_once(self, period: int) -> None:
        at = times(15, period)
        values = office(at, calls=400.0 * period / 300)
        start = len(at) - 3600 // period
        values[start:] += values.max() * 5
        assert start in alerts(values, at)

    def test_one_spike_after_two_weeks_is_flagged(self) -> None:
        at = times(15)
        values = steady(at)
        values[-20] = 14 * 180.0
        assert len(at) - 20 in alerts(values, at)

    def test_silence_where_there_was_traffic_is_flagged_within_an_hour(self) -> None:
        at = times(15) + np.timedelta64(12, "h")
        values = office(at, calls=4000.0)
        start = len(at) - 24  # from 10:00 on a Tuesday
        values[start:] = 0.0
        assert any(start <= i < start + 12 for i in alerts(values, at))

    def test_a_slow_leak_over_days_is_flagged(self) -> None:
        at = times(21)
        values = steady(at, level=120.0, spread=0.02)
        leak = np.arange(5 * 288)
        values[-len(leak) :] += leak * 0.1
        assert any(i >= len(at) - len(leak) for i in alerts(values, at))


class TestQuiet:
    @pytest.mark.parametrize("value", [0.0, 1.0, 45.0, -3.5, 1e9])
    def test_a_flat_series_never_alerts(self, value: float) -> None:
        at = times(15)
        assert alerts(np.full(len(at), value), at) == []

    def test_the_first_points_of_a_series_never_alert(self) -> None:
        at = times(0.25)
        assert alerts(np.random.default_rng(3).exponential(1.0, len(at)), at) == []

    def test_a_monday_morning_ramp_is_no_news(self) -> None:
        at = times(22)
        monday = np.flatnonzero(at >= MONDAY + np.timedelta64(21, "D"))
        assert not set(alerts(office(at), at)) & set(monday.tolist())

    def test_a_nightly_batch_is_no_news_after_a_week(self) -> None:
        at = times(22)
        batch = (hours(at) >= 2.0) & (hours(at) < 2.5)
        values = np.where(batch, 5000.0, office(at))
        assert [i for i in alerts(values, at) if i >= WEEK + 288] == []

    def test_a_single_error_now_and_then_means_nothing(self) -> None:
        at = times(21)
        values = np.random.default_rng(5).poisson(0.002, len(at)).astype(np.float64)
        assert alerts(values, at) == []

    def test_growth_alerts_a_few_times_then_is_learnt(self) -> None:
        at = times(28)
        values = office(at, calls=1000.0)
        grown = np.arange(len(at)) >= 3 * WEEK
        values[grown] *= 2.5
        changes = [i for i in alerts(values, at) if i >= 3 * WEEK]
        assert 1 <= len(changes) <= 8
        assert not [i for i in changes if i >= 3 * WEEK + 5 * 288]

    def test_a_daylight_saving_hour_is_no_news(self) -> None:
        at = times(28)
        shifted = at + np.where(np.arange(len(at)) >= 3 * WEEK, 3600, 0).astype("timedelta64[s]")
        values = office(shifted)
        assert len([i for i in alerts(values, at) if i >= 3 * WEEK]) <= 1


class TestPeriods:
    @pytest.mark.parametrize("period", [60, 300])
    def test_bursts_are_not_told_again_when_they_are_over(self, period: int) -> None:
        at = times(16, period)
        values = np.random.default_rng(1).poisson(2.0 * period, len(at)).astype(np.float64)
        noon = MONDAY + np.timedelta64(14 * 24 + 12, "h")
        since = (at - noon).astype(np.int64)
        values[(since >= 0) & (since < 4 * 3600) & (since % 2400 < 600)] *= 10
        found = alerts(values, at)
        assert found[0] == int(np.flatnonzero(since == 0)[0])
        assert np.all(since[found] < 4 * 3600 + 300)

    @pytest.mark.parametrize("period", [60, 300])
    def test_minutes_are_as_quiet_as_five_minutes(self, period: int) -> None:
        at = times(21, period)
        noise = np.random.default_rng(3).standard_t(5, len(at))
        assert len(alerts(180.0 * np.exp(0.08 * noise), at)) <= 3


class TestBaseline:
    def test_it_says_what_is_usual_now(self) -> None:
        at = times(15)
        values = steady(at)
        values[-1] = 14 * 180.0
        usual = baseline(values, at)
        assert usual is not None
        assert usual.typical == pytest.approx(180.0, rel=0.05)
        assert usual.low < 180.0 < usual.high
        assert usual.high < 250.0

    def test_it_follows_the_time_of_day(self) -> None:
        at = times(14)
        detector = Detector()
        detector.update(office(at), at)
        noon = detector.baseline(np.datetime64("2026-03-17T14:10:00"))
        night = detector.baseline(np.datetime64("2026-03-17T02:10:00"))
        assert noon is not None
        assert night is not None
        assert noon.typical > 3 * night.typical

    def test_nothing_before_means_no_baseline(self) -> None:
        assert baseline(np.array([1.0]), times(1)[:1]) is None
        assert baseline(np.array([]), times(0)) is None
