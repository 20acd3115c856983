"""Whether a part of a whole is too large, and not by chance. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.series import Series, when

# Of a normal distribution, one twentieth lies above it.
_Z95: Final = 1.645


def too_large_share(
    part: Series, whole: Series, least_share: float, least: int
) -> tuple[float, float, str] | None:
    """The newest period in which a part of a whole was too large, else all periods together.

    Four failures of twenty calls are chance where one in thirty fails anyway; so the share must be
    too large with 95 % confidence.

    Returns:
        Part, whole, and which time it is about; None where there is no such time.
    """
    counts = whole.beside(part)
    with np.errstate(invalid="ignore"):
        found = np.flatnonzero((counts >= least) & (_surely(part.values, counts) >= least_share))
    if found.size:
        index = found[-1]
        at = when(part.timestamps[index])
        return float(part.values[index]), float(counts[index]), f"in the period of {at:%H:%M} UTC"
    parts, all_ = float(np.nansum(part.values)), float(np.nansum(counts))
    if all_ >= least and is_surely(parts, all_, least_share):
        return parts, all_, f"since {when(part.timestamps[0]):%H:%M} UTC"
    return None


def is_surely(part: float, whole: float, least_share: float) -> bool:
    """Whether a part of a whole is at least such a share, with 95 % confidence."""
    return bool(_surely(np.array(part), np.array(whole)) >= least_share)


def _surely(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least share that is behind these counts with 95 % confidence; 1 where all of them are.

    Not a number where there are none.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    1927: the lower end of the score interval, one-sided.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share, extra = part / whole, _Z95**2 / whole
    spread = _Z95 * np.sqrt(share * np.clip(1 - share, 0, None) / whole + (extra / whole) / 4)
    least = (share + extra / 2 - spread) / (1 + extra)
    return np.where(part >= whole, 1.0, least)
