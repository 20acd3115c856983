"""What an alert told of: no news for some days, until it is exceeded."""

from functions.anomaly_detector.scoring.drift import Drift, Drifts


class Told:
    """Walks along a batch of drifts, while alerts tell of some of them.

    Args:
        drift: Keeps what was told.
        batch: What it says about the points of a batch.
    """

    def __init__(self, drift: Drift, batch: Drifts) -> None:
        self._drift = drift
        self._sizes, self._usual = batch.sizes.tolist(), batch.usual.tolist()
        self._latest, self._fading = batch.latest.tolist(), batch.fading.tolist()
        self._row = 0

    def news(self, row: int) -> float:
        """How far a point's drift exceeds what is usual and what was told of."""
        self.fade(row + 1)
        news: float = self._sizes[row] - max(self._usual[row], self._drift.told)
        return max(news, 0.0)

    def tell(self, row: int) -> None:
        """An alert was raised at a point: the same drift is no news for some days."""
        self._drift.told = max(self._drift.told, self._latest[row])

    def fade(self, stop: int) -> None:
        """Forgets some of what was told, up to a row."""
        told = self._drift.told
        for share in self._fading[self._row : stop] if told else ():
            told -= told * share
        self._drift.told, self._row = told, stop
