"""What is known of one function: its newest periods, its hours of five weeks, what stands. Pure.

The newest hours are kept period by period and may be read again: metrics that arrive late replace
what they seemed to be. An hour is folded into the weeks only when it can no longer change.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.series import Series, epoch
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.hours import A_WEEK, HOUR, KEPT, Floats, Hours, Usual, zeroed
from functions.anomaly_detector.watch.incident import Deviation
from functions.anomaly_detector.watch.standing import ACCEPTED, Standing

PERIOD: Final = 300
AN_HOUR: Final = HOUR // PERIOD
RECENT: Final = 8 * AN_HOUR
"""Periods that are kept one by one."""

LATE: Final = timedelta(minutes=30)
"""Metrics that arrive later than this are not seen."""

_ABOUT: Final = 1e-6
_FEWEST, _MOSTLY = 7, 0.9
_FOLDED_AFTER: Final = int(LATE.total_seconds())


@dataclass(slots=True, eq=False)
class Past:
    """One function's past.

    Attributes:
        end: End of the newest period, in seconds since 1970; 0 before the first.
        recent: The newest periods of each signal, the newest last; not a number where there is
            none.
        hours: The hours of each signal.
        folded: End of the newest hour that is folded in, in hours since 1970.
        spoilt: Of each kept hour, whether an incident of its load spoilt it.
        failing: The same for errors.
        began: Start of the first period ever seen, in seconds since 1970; 0 before the first.
        called_at: End of the last period with a call or a refused one; 0 before the first.
        good_at: End of the last period in which some call did not fail, or was not refused, by
            the signal that counts those that did.
        bad_at: End of the last period in which one did.
        standing: What is told of, by rule.
        deviations: The signals of the incident of its load and durations, while there is one.
        is_young: Whether the function is known to have begun with its first period.
    """

    end: int = 0
    recent: dict[Signal, Floats] = field(default_factory=dict)
    hours: dict[Signal, Hours] = field(default_factory=dict)
    folded: int = 0
    spoilt: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(KEPT, dtype=bool))
    failing: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(KEPT, dtype=bool))
    began: int = 0
    called_at: int = 0
    good_at: dict[Signal, int] = field(default_factory=dict)
    bad_at: dict[Signal, int] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    deviations: dict[Signal, Deviation] = field(default_factory=dict)
    is_young: bool = False
    _scheduled: bool | None = field(default=None, repr=False, compare=False)
    _usual: dict[tuple[Signal, int], Usual] = field(default_factory=dict, repr=False, compare=False)

    def feed(self, signals: Mapping[Signal, Series], until: datetime) -> None:
        """Take in what was read, up to a time; what was read before of the same time is replaced.

        Args:
            signals: Series of periods of five minutes.
            until: End of what was read.
        """
        end = epoch(until) // PERIOD * PERIOD
        starts = [int(s.timestamps[0].astype(np.int64)) for s in signals.values() if len(s)]
        if not self.end:
            if not starts:
                return
            self.began = min(starts)
            self.folded = self.began // HOUR
            self.end = self.began // PERIOD * PERIOD
        if end - self.end > RECENT * PERIOD // 2:
            self._leap(signals, end)
        if end > self.end:
            self._advance(end)
        if end == self.end:
            self._put(signals)
            self._fold()

    def _leap(self, signals: Mapping[Signal, Series], end: int) -> None:
        """Fold a long time at once, up to where the newest periods will begin."""
        ready = (end - RECENT * PERIOD) // HOUR + 1
        self._roll(ready)
        for signal, series in signals.items():
            self._backfill(signal, series, ready)
        calls = signals.get(Signal.INVOCATIONS)
        if calls is not None:
            gaps = self._gaps_of(calls, signals.get(Signal.THROTTLES), end)
            self._backfill(Signal.GAP, gaps, ready)

    def _backfill(self, signal: Signal, series: Series, ready: int) -> None:
        """Fold whole hours of a series, those before the newest periods."""
        known = ~np.isnan(series.values)
        hour = series.timestamps.astype(np.int64)[known] // HOUR
        values = series.values[known][hour < ready]
        hour = hour[hour < ready]
        if not len(hour):
            return
        first = np.flatnonzero(np.diff(hour, prepend=hour[0] - 1))
        sums = np.add.reduceat(values, first)
        means = sums / np.diff(np.append(first, len(hour)))
        highs = np.maximum.reduceat(values, first)
        hours = self.hours.setdefault(signal, Hours())
        for one, mean, high in zip(
            hour[first].tolist(), means.tolist(), highs.tolist(), strict=True
        ):
            hours.add(one, mean, high)
        hours.roll(self.folded)

    def _gaps_of(self, calls: Series, refused: Series | None, end: int) -> Series:
        """Minutes since the last call, at the end of each period of a long time."""
        busy = calls.values > 0
        if refused is not None and len(refused) == len(calls):
            busy |= refused.values > 0
        ends = calls.timestamps.astype(np.int64) + PERIOD
        last = np.maximum.accumulate(np.where(busy, ends, self.called_at or self.began))
        # The last one before the newest periods, which are measured by it.
        before = ends[busy & (ends <= end - PERIOD * (RECENT - 1))]
        if len(before):
            self.called_at = int(before[-1])
        return Series((ends - last) / 60.0, calls.timestamps)

    def _advance(self, end: int) -> None:
        by = min((end - self.end) // PERIOD, RECENT)
        for column in self.recent.values():
            column[: RECENT - by] = column[by:].copy()
            column[RECENT - by :] = np.nan
        self.end = end

    def _put(self, signals: Mapping[Signal, Series]) -> None:
        first = self.end - RECENT * PERIOD
        for signal, series in signals.items():
            if not len(series):
                continue
            if signal not in self.recent:
                self.recent[signal] = np.full(RECENT, np.nan)
                if signal not in self.hours:
                    self._backfill(signal, series, self.folded)
            at = (series.timestamps.astype(np.int64) - first) // PERIOD
            lo, hi = np.searchsorted(at, [0, RECENT])
            self.recent[signal][at[lo:hi]] = series.values[lo:hi]
        self._measure_gaps()

    def _measure_gaps(self) -> None:
        """Minutes since the last call, at the end of each of the newest periods."""
        calls = self.recent.get(Signal.INVOCATIONS)
        if calls is None:
            return
        refused = self.recent.get(Signal.THROTTLES)
        busy = zeroed(calls) > 0
        if refused is not None:
            busy |= zeroed(refused) > 0
        ends = self.end - PERIOD * np.arange(RECENT - 1, -1, -1)
        known = ends > self.began
        last = np.maximum.accumulate(np.where(busy, ends, 0))
        last = np.maximum(last, self._called_before(int(ends[0])))
        gaps = np.where(known, (ends - last) / 60.0, np.nan)
        self.recent[Signal.GAP] = gaps
        if busy.any():
            self.called_at = int(last[-1])
        self._note(Signal.ERRORS, calls - self._counted(Signal.ERRORS), ends)
        self._note(Signal.THROTTLES, calls, ends)

    def _called_before(self, first: int) -> int:
        """End of the last call before the newest periods, the first of which ends then."""
        if self.called_at <= first:
            return self.called_at or self.began
        known = self.recent.get(Signal.GAP)
        if known is None or np.isnan(known[0]):
            return self.began
        return first - int(known[0] * 60)

    def _counted(self, signal: Signal) -> Floats:
        return zeroed(self.recent.get(signal, np.zeros(RECENT)))

    def _note(self, signal: Signal, good: Floats, ends: NDArray[np.int64]) -> None:
        """Note when a call was last good, and when one was last bad."""
        for known, found in (
            (self.good_at, zeroed(good) > 0),
            (self.bad_at, self._counted(signal) > 0),
        ):
            if found.any():
                known[signal] = int(ends[found][-1])

    def _fold(self) -> None:
        """Fold the hours that can no longer change into the weeks."""
        ready = (self.end - _FOLDED_AFTER) // HOUR
        if ready <= self.folded:
            return
        first = max(self.folded, (self.end - RECENT * PERIOD) // HOUR + 1)
        for hour in range(first, ready):
            stop = RECENT - (self.end - (hour + 1) * HOUR) // PERIOD
            for signal, column in self.recent.items():
                values = column[max(stop - AN_HOUR, 0) : stop]
                values = values[~np.isnan(values)]
                if len(values):
                    hours = self.hours.setdefault(signal, Hours())
                    hours.add(hour, float(values.mean()), float(values.max()))
        self._roll(ready)

    def _roll(self, ready: int) -> None:
        """Move on to an hour."""
        if ready <= self.folded:
            return
        by = min(ready - self.folded, KEPT)
        for mask in (self.spoilt, self.failing):
            mask[: KEPT - by] = mask[by:].copy()
            mask[KEPT - by :] = False
        for hours in self.hours.values():
            hours.roll(ready)
        self.folded = ready
        self._scheduled = None
        self._usual.clear()

    def provisional(self, signals: Mapping[Signal, Series], until: datetime) -> "Past":
        """A copy with a period that is not over; what stands of it may be taken back from it.

        Args:
            signals: One point of each, what its newest minutes make of a period.
            until: End of the newest minute.
        """
        end = -(-epoch(until) // PERIOD) * PERIOD
        copy = deepcopy(self)
        start = np.array([end - PERIOD]).astype("datetime64[s]")
        later = {signal: Series(one.values[-1:], start) for signal, one in signals.items()}
        copy.feed(later, datetime.fromtimestamp(end, UTC))
        return copy

    def mark(self, mask: NDArray[np.bool_], since: datetime) -> None:
        """Mark the hours since a time as spoilt: they teach nothing."""
        count = self.folded - epoch(since) // HOUR
        if count > 0:
            rows = slice(-min(count, KEPT), None)
            if not mask[rows].all():
                mask[rows] = True
                self._usual.clear()

    def accept(self, rule: str) -> None:
        """A person said that what an incident shows is usual now: its hours teach from now on."""
        one = self.standing.get(rule)
        if one is None or not one.is_open or one.is_accepted:
            return
        self.standing[rule] = replace(one, facts={**one.facts, ACCEPTED: 1.0})
        count = self.folded - epoch(one.since) // HOUR
        if count > 0:
            self.spoilt[-min(count, KEPT) :] = False
        self._usual.clear()

    def forget_usual(self) -> None:
        """Ask the hours anew what is usual."""
        self._usual.clear()

    def usual(self, signal: Signal, at: int | None = None) -> Usual:
        """What is usual for a signal in the hour that holds a time, in seconds since 1970."""
        hour = (self.end - PERIOD if at is None else at) // HOUR
        key = (signal, hour)
        if key not in self._usual:
            hours = self.hours.get(signal)
            mask = self.failing if signal is Signal.ERRORS else self.spoilt
            self._usual[key] = hours.usual(hour, mask) if hours else Usual()
        return self._usual[key]

    def newest(self, signal: Signal, periods: int) -> Floats:
        """The newest periods of a signal, oldest first; not a number where there is none."""
        column = self.recent.get(signal)
        return column[-periods:] if column is not None else np.full(periods, np.nan)

    def total(self, signal: Signal, periods: int) -> float:
        """The sum of the newest periods."""
        return float(zeroed(self.newest(signal, periods)).sum())

    @property
    def is_scheduled(self) -> bool:
        """Whether its calls come by a schedule: as many in nearly every hour as a week before."""
        if self._scheduled is None:
            hours = self.hours.get(Signal.INVOCATIONS)
            means = np.where(self.spoilt, np.nan, hours.means) if hours else np.empty(0)
            newest, before = means[-A_WEEK:], means[-2 * A_WEEK : -A_WEEK]
            called = (newest > 0) | (before > 0)
            same = np.abs(newest - before) < _ABOUT
            count = int((called & ~np.isnan(newest) & ~np.isnan(before)).sum())
            self._scheduled = count >= _FEWEST and same[called].sum() >= _MOSTLY * count
        return self._scheduled

    @property
    def known_hours(self) -> int:
        """Hours since the first period."""
        return max(0, self.end - self.began) // HOUR

    @property
    def now(self) -> datetime:
        """End of the newest period."""
        return datetime.fromtimestamp(self.end, UTC)

    def start_of(self, back: int) -> datetime:
        """Start of the period that is so many before the newest (0 is the newest)."""
        return datetime.fromtimestamp(self.end - (back + 1) * PERIOD, UTC)
