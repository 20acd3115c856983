"""`Times`: how the times of calls are spread, in few numbers that can be added up. Pure.

Each step is a quarter wider than the one before, so that a share of the calls is known to stay
below a time that is at most a quarter too long, over six orders of magnitude.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, log
from typing import Final

_WIDTH: Final = 1.25
_LONGEST: Final = 80  # steps: half a day, in milliseconds


@dataclass(frozen=True, slots=True)
class Times:
    """How many calls took how long.

    Attributes:
        counts: Calls by step, in the order of the steps; none is zero.
    """

    counts: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, seconds: Iterable[tuple[float, int]]) -> "Times":
        """From pairs of seconds and calls, as X-Ray's histograms hold them."""
        return cls._summed((_step(1000 * value), count) for value, count in seconds)

    @classmethod
    def read(cls, text: str) -> "Times":
        """Read what `text` wrote."""
        pairs = (pair.split(":") for pair in text.split(",") if pair)
        return cls._summed((int(step), int(count)) for step, count in pairs)

    @classmethod
    def _summed(cls, pairs: Iterable[tuple[int, int]]) -> "Times":
        counts: dict[int, int] = {}
        for step, count in pairs:
            counts[step] = counts.get(step, 0) + count
        return cls(tuple((step, counts[step]) for step in sorted(counts) if counts[step] > 0))

    @property
    def text(self) -> str:
        """For the state table and messages; `read` reads it back."""
        return ",".join(f"{step}:{count}" for step, count in self.counts)

    @property
    def calls(self) -> int:
        """How many calls there are."""
        return sum(count for _, count in self.counts)

    def __add__(self, other: "Times") -> "Times":
        return self._summed((*self.counts, *other.counts))

    def scaled(self, factor: float) -> "Times":
        """The same spread of fewer calls; steps with hardly any are lost."""
        return self._summed((step, round(count * factor)) for step, count in self.counts)

    def within(self, share: float) -> int | None:
        """Milliseconds that a share of the calls stays below; None without calls."""
        least, seen = share * self.calls, 0
        for step, count in self.counts:
            seen += count
            if seen >= least:
                return _upper(step)
        return None

    def longer_than(self, milliseconds: float) -> int:
        """How many calls surely took longer."""
        return sum(count for step, count in self.counts if _upper(step - 1) >= milliseconds)


NO_TIMES: Final = Times()
"""Of no calls."""


# Windows join a baseline with so many calls at most: a busy one outweighs no other, and one that
# stands out is learnt slowly, so that it is still told of hours later. Two weeks of hourly windows
# are kept before what is old fades.
_WINDOW_CALLS: Final = 100
_ODD_WINDOW_CALLS: Final = 10
_MOST_CALLS: Final = 14 * 24 * _WINDOW_CALLS


def with_window(usual: Times, window: Times) -> Times:
    """A baseline with one window more."""
    most = _ODD_WINDOW_CALLS if _stands_out(window, usual) else _WINDOW_CALLS
    after = usual + window.scaled(min(most / window.calls, 1.0) if window.calls else 1.0)
    return after.scaled(0.5) if after.calls > _MOST_CALLS else after


def _stands_out(window: Times, usual: Times) -> bool:
    """Whether a fifth of the calls took twice as long as nine tenths did so far."""
    most = usual.within(0.9)
    return most is not None and window.longer_than(2 * most) >= 0.2 * max(window.calls, 1)


def _step(milliseconds: float) -> int:
    if milliseconds <= 1:
        return 0
    return min(ceil(log(milliseconds) / log(_WIDTH)), _LONGEST)


def _upper(step: int) -> int:
    return round(_WIDTH**step) if step >= 0 else 0
