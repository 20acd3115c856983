"""What a signal showed in each hour of five weeks, and what is usual by that. Pure.

Robust by counting instead of averaging: a level is usual at a time if other days reached it at that
time, or other weeks on that day. One odd day poisons nothing, and a job that runs on Mondays, or at
the end of a month, is known after it ran once.
"""

from dataclasses import dataclass, field
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOUR: Final = 3_600
WEEKS: Final = 5
A_WEEK: Final = 7 * 24
"""Hours."""
KEPT: Final = WEEKS * A_WEEK
"""Hours that are kept."""

_BEFORE: Final = np.full(1000, np.nan)
_DAYS: Final = 24 * np.arange(1, 8)
_WEEKS: Final = A_WEEK * np.arange(1, WEEKS + 1)
_MONTH: Final = 24 * np.array([28, 29, 30, 31])
_NEAR: Final = np.array([-1, 0, 1])
_ROUGHLY: Final = np.arange(-3, 4)
_DAYS_NEAR: Final = _DAYS[:, None] + _NEAR
_OTHERS: Final = np.concatenate(
    [(_WEEKS[:, None] + _NEAR).ravel(), (_MONTH[:, None] + _ROUGHLY).ravel()]
)
_SAME: Final = 1e-9
_FEWEST_WEEKS: Final = 2
_ENOUGH_WEEKS: Final = 4
_OCCASIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in one hour; not a number where nothing is known.

    Attributes:
        typical: The median of this hour on other days and, counting as much as two of them, of
            this hour of the week in other weeks.
        high: The highest period that was reached at this time on two other days, on this day of a
            week before or of the month, or on three days at any time.
        level: The same of the hours' means, without what was reached at other times.
        low: The lowest hour that is to be expected: of this hour of the week where at least two
            weeks are known, of this hour on other days, too, where one is; unknown before.
        exact: Whether every hour behind `low` was the same: a schedule.
        days: Days behind it.
    """

    typical: float = float("nan")
    high: float = float("nan")
    level: float = float("nan")
    low: float = float("nan")
    exact: bool = False
    days: int = 0


def _nothing() -> Floats:
    return np.full(KEPT, np.nan)


@dataclass(slots=True)
class Hours:
    """One signal's hours, the newest last; not a number where nothing is known.

    Attributes:
        end: End of the newest hour, in hours since 1970; 0 before the first.
        means: Mean of the periods of each hour.
        highs: Highest of them.
    """

    end: int = 0
    means: Floats = field(default_factory=_nothing)
    highs: Floats = field(default_factory=_nothing)
    _seen: tuple[tuple[int, bytes | None], tuple[Floats, Floats]] | None = field(
        default=None, repr=False, compare=False
    )

    def add(self, hour: int, mean: float, high: float) -> None:
        """Take in one hour; later than those before, or one of them anew."""
        self.roll(hour + 1)
        at = KEPT - (self.end - hour)
        if at >= 0:
            self.means[at], self.highs[at] = mean, high
            self._seen = None

    def roll(self, end: int) -> None:
        """Move on to an hour, of those in between nothing is known."""
        if end <= self.end:
            return
        gone = min(end - self.end, KEPT) if self.end else KEPT
        for column in (self.means, self.highs):
            column[: KEPT - gone] = column[gone:].copy()
            column[KEPT - gone :] = np.nan
        self.end, self._seen = end, None

    def usual(self, hour: int, spoilt: NDArray[np.bool_] | None = None) -> Usual:
        """What is usual in an hour, from the hours before it.

        Args:
            hour: In hours since 1970.
            spoilt: Of each kept hour, whether an incident spoilt it.
        """
        means, highs = self._unspoilt(spoilt)
        here = len(means) - (self.end - hour)
        by_day, by_week = _known(means[here - _DAYS]), _known(means[here - _WEEKS])
        if not by_day and not by_week:
            return Usual()
        low, exact = _lowest(means, here, by_day, by_week)
        return Usual(
            typical=median([*by_day, *by_week, *by_week]),
            high=max(_reached(highs, here), self._at_any_time(spoilt)),
            level=_reached(means, here),
            low=low,
            exact=exact,
            days=len(by_day),
        )

    def _unspoilt(self, spoilt: NDArray[np.bool_] | None) -> tuple[Floats, Floats]:
        """Means and highs without what an incident spoilt, with room before them."""
        key = (self.end, None if spoilt is None else spoilt.tobytes())
        if self._seen is None or self._seen[0] != key:
            means, highs = self.means, self.highs
            if spoilt is not None and spoilt.any():
                means, highs = np.where(spoilt, np.nan, means), np.where(spoilt, np.nan, highs)
            padded = np.concatenate([_BEFORE, means]), np.concatenate([_BEFORE, highs])
            self._seen = (key, padded)
        return self._seen[1]

    def _at_any_time(self, spoilt: NDArray[np.bool_] | None) -> float:
        """What was reached on three days, at whatever time; 0 while fewer are known."""
        highs = self.highs if spoilt is None else np.where(spoilt, np.nan, self.highs)
        days = sorted(_known(np.fmax.reduce(highs.reshape(-1, 24), axis=1)))
        return days[-_OCCASIONS] if len(days) >= _OCCASIONS else 0.0

    def in_weeks(self, hour: int) -> float:
        """The highest of this hour of the week, give or take one, in other weeks; 0 if unknown."""
        highs = np.concatenate([_BEFORE, self.highs])
        here = len(highs) - (self.end - hour)
        return max(_known(highs[(here - _WEEKS[:, None] + _NEAR).ravel()]), default=0.0)

    @property
    def known(self) -> int:
        """Hours that are known."""
        return int((~np.isnan(self.means)).sum())


def _known(values: Floats) -> list[float]:
    return [value for value in values.tolist() if value == value]  # noqa: PLR0124


def _lowest(
    means: Floats, here: int, by_day: list[float], by_week: list[float]
) -> tuple[float, bool]:
    """The lowest hour that is to be expected, and whether all of them were the same."""
    if not by_week:
        # Nobody knows yet what this day of the week is like.
        return float("nan"), False
    whole = len(by_week) >= _FEWEST_WEEKS
    base = sorted(by_week if whole else [*by_day, *by_week])
    if base[-1] - base[0] <= _SAME * max(base[-1], 1.0) and len(base) > 1:
        return base[0], True
    low = base[1] if len(base) >= _ENOUGH_WEEKS and whole else base[0]
    back = _WEEKS if whole else _DAYS
    # A ramp may come early or late.
    near = [_known(means[here + by - back]) for by in (-1, 1)]
    return min([low, *(median(one) for one in near if one)]), False


def _reached(column: Floats, here: int) -> float:
    """What was reached within an hour of this time: on two days, in one week, in one month."""
    days = sorted(_known(np.fmax.reduce(column[here - _DAYS_NEAR], axis=1)))
    twice = days[-2:][0] if days else 0.0
    others = _known(np.fmax.reduce(column[here - _OTHERS], keepdims=True))
    return max(twice, others[0] if others else 0.0)


def zeroed(values: Floats) -> Floats:
    """Values with 0 in place of what is no number."""
    return np.where(values == values, values, 0.0)  # noqa: PLR0124
