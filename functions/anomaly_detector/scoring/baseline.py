"""Facts for explanations: what is usual at a time of day."""

from dataclasses import dataclass

from functions.anomaly_detector.scoring.clock import DAY
from functions.anomaly_detector.scoring.daily import SLOT_SECONDS, SLOTS, DailyProfile

# Two and a half mean absolute deviations hold about 95 % of normally distributed values.
_BAND_DEVIATIONS = 2.5


@dataclass(frozen=True, slots=True)
class Baseline:
    """The usual level at one time of day.

    Attributes:
        typical: Usual value.
        low: Lower end of the usual band.
        high: Upper end of the usual band.
        observations: Values behind it; few means little trust.
    """

    typical: float
    low: float
    high: float
    observations: int


def baseline_at(daily: DailyProfile, now: float) -> Baseline | None:
    """What the half hour that holds `now` usually shows.

    Args:
        daily: The profile of the series.
        now: Seconds since 1970, UTC.

    Returns:
        The usual level, of the nearest known half hour where this one was never seen; None when
        nothing was seen at all.
    """
    slot = int(now % DAY / SLOT_SECONDS)
    known = [s for s in range(SLOTS) if daily.seen[s]]
    if not known:
        return None
    nearest = min(known, key=lambda s: min((s - slot) % SLOTS, (slot - s) % SLOTS))
    typical = daily.level[nearest]
    reach = _BAND_DEVIATIONS * daily.spread[nearest]
    return Baseline(typical, typical - reach, typical + reach, daily.seen[nearest])
