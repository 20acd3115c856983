"""The yardsticks themselves, and the detector on real series where they are at hand."""

import os
from pathlib import Path

import numpy as np
import pytest

from bench.detector_peers import hourly_band, robust_z
from bench.detector_quiet_estate import alerts, estate
from bench.detector_spikes import indicators, tally
from bench.nab_scoring import Labelled, evaluate, gain, load
from functions.anomaly_detector.watch.detect import score

_NAB = os.environ.get("NAB_DATA")


@pytest.fixture
def labelled(tmp_path: Path) -> Labelled:
    folder = tmp_path / "data" / "made"
    folder.mkdir(parents=True)
    (tmp_path / "labels").mkdir()
    rows = [f"2026-03-02 {i // 12:02}:{i % 12 * 5:02}:00,{float(i == 150)}" for i in range(240)]
    (folder / "one.csv").write_text("\n".join(["timestamp,value", *rows]))
    window = ["2026-03-02 11:40:00.000000", "2026-03-02 13:20:00.000000"]
    (tmp_path / "labels" / "combined_windows.json").write_text(
        f'{{"made/one.csv": [["{window[0]}", "{window[1]}"]]}}'
    )
    return load(tmp_path)[0]


class TestScoring:
    def test_a_hit_at_the_start_of_a_window_is_worth_everything(self, labelled: Labelled) -> None:
        scores = np.zeros(240)
        scores[140] = 1.0
        assert gain(labelled, scores, 0.5) == pytest.approx(2.0)
        assert evaluate([labelled], [scores]).best == pytest.approx(100.0)

    def test_a_late_hit_is_worth_less_than_an_early_one(self, labelled: Labelled) -> None:
        gains = [gain(labelled, np.eye(240)[row], 0.5) for row in (140, 150, 160)]
        assert gains == sorted(gains, reverse=True)
        assert gains[-1] > 1.0

    def test_a_false_alert_costs_more_the_farther_it_is_from_a_window(
        self, labelled: Labelled
    ) -> None:
        near, far = (gain(labelled, np.eye(240)[row], 0.5) for row in (161, 230))
        assert far == pytest.approx(-0.11)
        assert far < near < 0.0

    def test_learning_rows_are_free(self, labelled: Labelled) -> None:
        assert gain(labelled, np.eye(240)[10], 0.5) == 0.0


class TestDetector:
    def test_counts_of_a_quiet_estate_raise_hardly_anything(self) -> None:
        series = [s for s in estate(12, 10, seed=3) if not s.signal.startswith("duration")]
        days = 8 * len(series)
        assert sum(len(alerts(s, score)) for s in series) <= 0.02 * days

    def test_spikes_are_found_with_few_false_alerts(self) -> None:
        found, missed, false = np.sum(
            [tally(s, score(s.values, s.times)) for s in indicators(4, seed=2)], axis=0
        )
        assert 2 * found / (2 * found + missed + false) > 0.4

    @pytest.mark.skipif(_NAB is None, reason="set NAB_DATA to a NAB checkout to run this")
    def test_it_beats_its_peers_on_nab(self) -> None:
        assert _NAB is not None
        corpus = load(Path(_NAB))
        ours, *peers = (
            evaluate(corpus, [detector(s.values, s.times) for s in corpus])
            for detector in (score, robust_z, hourly_band)
        )
        assert ours.at_half > 65.0
        assert ours.at_half > max(peer.best for peer in peers) + 10.0
