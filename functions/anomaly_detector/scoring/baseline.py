"""Facts for explanations: what is usual at a time of day."""

from dataclasses import dataclass

import numpy as np

from functions.anomaly_detector.scoring.clock import HOURS, slots_of
from functions.anomaly_detector.scoring.profile import Profile

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


def baseline_at(profile: Profile, now: float) -> Baseline | None:
    """What the hour that holds `now`, on this kind of day, usually shows.

    Args:
        profile: The profile of the series.
        now: Seconds since 1970, UTC.

    Returns:
        The usual level, of the other kind of day where this one was never seen, else of the whole
        series; None when nothing was seen at all.
    """
    if not any(profile.seen):
        return None
    slot = int(slots_of(np.array(now)))
    twin = (slot + HOURS) % (2 * HOURS)
    known = slot if profile.seen[slot] else twin
    typical = profile.expected(slot)
    reach = _BAND_DEVIATIONS * (profile.spread[known] if profile.seen[known] else _widest(profile))
    return Baseline(typical, typical - reach, typical + reach, profile.seen[known])


def _widest(profile: Profile) -> float:
    return max(profile.spread)
