"""A simulated month of an estate with a realistic spread of activity, minute by minute.

How often functions are called follows what Microsoft published of Azure Functions (Shahrad and
others, "Serverless in the Wild", USENIX ATC 2020): 45 % are called once an hour or less, 81 % once
a minute or less, and 16 % run by timers. Above a call a minute, and below one an hour, the spread
is taken as even over the orders of magnitude up to 1,000 a minute and down to one a week.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.cloudwatch import Asked

Floats = NDArray[np.float64]

DAY_MINUTES: Final = 1440
_TIMERS: Final = 0.16
_ASYNC: Final = 0.25
_STREAMS: Final = 0.05
_TIMER_MINUTES: Final = (1, 5, 15, 60, 1440)


@dataclass(frozen=True, slots=True)
class Runaway:
    """A function that is called, and runs, far more than usual for a while.

    Attributes:
        function: Its number.
        start: First minute, counted from the start of the estate.
        minutes: How long.
        per_minute: Calls a minute on top of the usual ones.
    """

    function: int
    start: int
    minutes: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class _Function:
    name: str
    rate: float
    timer: int
    phase: float
    wave: float
    weekend: float
    duration: float
    spread: float
    failing: float
    publishes: frozenset[str]


@dataclass
class SimulatedEstate:
    """Functions and what they do; a source for `SimulatedCloudWatch`.

    Attributes:
        start: Midnight of its first day, aware.
        size: How many functions.
        seed: Of all randomness.
        now: Epoch second of the present; nothing later is told.
        runaways: What goes wrong.
    """

    start: datetime
    size: int = 1000
    seed: int = 1
    now: int = 0
    runaways: list[Runaway] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make up the functions."""
        rng = np.random.default_rng(self.seed)
        self.origin = int(self.start.timestamp())
        self.functions = [_function(number, self.size, rng) for number in range(self.size)]
        self.number = {one.name: number for number, one in enumerate(self.functions)}
        self._day = lru_cache(maxsize=4)(self._calls_of_day)
        self._periods = lru_cache(maxsize=20)(self._calls_of_periods)
        self._whole = lru_cache(maxsize=20)(self.account_of_day)
        self._noise = lru_cache(maxsize=4096)(self._noise_of_day)

    def publishers(self, namespace: str, metric: str) -> Sequence[str]:
        """Functions that were called within three hours, as far as they publish the metric."""
        if namespace != "AWS/Lambda":
            return []
        end = (self.now - self.origin) // 60
        calls = np.concatenate(
            [self._day(day) for day in range((end - 180) // 1440, end // 1440 + 1)], axis=1
        )
        first = (end - 180) // 1440 * 1440
        active = calls[:, end - 180 - first : end - first].max(axis=1) > 0
        return [
            one.name
            for one, is_active in zip(self.functions, active.tolist(), strict=True)
            if is_active and (metric == "Invocations" or metric in one.publishes)
        ]

    def points(self, asked: Asked, start: int, end: int) -> Sequence[tuple[int, float]]:
        """See `bench.cloudwatch.Source`."""
        width = asked.period
        first = -(-(start - self.origin) // width)
        last = (min(end, self.now) - self.origin) // width
        if last <= first:
            return []
        values = (
            self._of_function(asked, first, last)
            if asked.function
            else self._of_account(asked, first, last)
        )
        at = self.origin + np.arange(first, last) * width
        known = ~np.isnan(values)
        return list(zip(at[known].tolist(), values[known].tolist(), strict=True))

    def _of_account(self, asked: Asked, first: int, last: int) -> Floats:
        assert asked.period == 60
        days = range(first // DAY_MINUTES, (last - 1) // DAY_MINUTES + 1)
        key = f"{asked.metric} {asked.statistic}"
        whole = np.concatenate([self._whole(day)[key] for day in days])
        begin = first - days[0] * DAY_MINUTES
        return whole[begin : begin + last - first]

    def _of_function(self, asked: Asked, first: int, last: int) -> Floats:
        number = self.number.get(asked.function)
        if number is None:
            return np.full(last - first, np.nan)
        a_day = 86_400 // asked.period
        days = range(first // a_day, (last - 1) // a_day + 1)
        blocks = [self._block(asked, number, day) for day in days]
        begin = first - days[0] * a_day
        return np.concatenate(blocks)[begin : begin + last - first]

    def _block(self, asked: Asked, number: int, day: int) -> Floats:
        one = self.functions[number]
        calls = (self._day(day) if asked.period == 60 else self._periods(day))[number].astype(float)
        noise = self._noise(number, day, len(calls))
        scatter, slow = one.spread / np.sqrt(np.maximum(calls, 1.0)), np.abs(noise[1])
        how: dict[str, Callable[[], Floats]] = {
            "Duration SampleCount": lambda: calls,
            "Duration Average": lambda: one.duration * (1.0 + scatter * noise[0]),
            "Duration p50": lambda: one.duration * (0.9 + scatter * noise[0]),
            "Duration p99": lambda: one.duration * (1.0 + 3 * one.spread + 5 * scatter * slow),
            "Duration Maximum": lambda: one.duration * (1.0 + 4 * one.spread + 8 * scatter * slow),
            "Errors Sum": lambda: _errors(calls, one.failing, noise[2]),
            "ConcurrentExecutions Maximum": lambda: np.ceil(
                2 * calls * one.duration / (asked.period * 1000) + (noise[3] > 1.0)
            ),
            "AsyncEventAge Maximum": lambda: 50.0 + 40.0 * np.abs(noise[3]),
            "IteratorAge Maximum": lambda: 900.0 + 300.0 * np.abs(noise[3]),
        }
        nothing = np.zeros(len(calls))
        values = how.get(f"{asked.metric} {asked.statistic}", lambda: nothing)()
        return np.where(calls > 0, values, np.nan)

    def _calls_of_day(self, day: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([self.seed, 7, day + 100])
        minutes = np.arange(DAY_MINUTES)
        is_weekend = (self.start.weekday() + day) % 7 >= 5
        calls = np.empty((self.size, DAY_MINUTES), dtype=np.float32)
        for number, one in enumerate(self.functions):
            if one.timer:
                each = max(1.0, one.rate * one.timer)
                calls[number] = np.where((minutes + number) % one.timer == 0, round(each), 0)
                continue
            wave = 1.0 + one.wave * np.sin(2 * np.pi * (minutes / DAY_MINUTES - one.phase))
            rate = one.rate * wave * (one.weekend if is_weekend else 1.0)
            calls[number] = rng.poisson(rate)
        for runaway in self.runaways:
            begin = runaway.start - day * DAY_MINUTES
            span = slice(max(0, begin), max(0, min(DAY_MINUTES, begin + runaway.minutes)))
            calls[runaway.function, span] += round(runaway.per_minute)
        return calls

    def _calls_of_periods(self, day: int) -> NDArray[np.float32]:
        whole: NDArray[np.float32] = self._day(day).reshape(self.size, -1, 5).sum(axis=2)
        return whole

    def account_of_day(self, day: int) -> dict[str, Floats]:
        """Each metric of the whole account in the minutes of a day, by name and statistic."""
        calls = self._day(day).astype(np.float64)
        rng = np.random.default_rng([self.seed, 11, day + 100])
        durations = np.array([one.duration for one in self.functions])
        failing = np.array([one.failing for one in self.functions])
        total = calls.sum(axis=0)
        busy = durations @ calls
        return {
            "Duration SampleCount": total,
            "Duration Sum": busy,
            "Errors Sum": rng.poisson(failing @ calls).astype(np.float64),
            "Throttles Sum": np.zeros(DAY_MINUTES),
            "ConcurrentExecutions Maximum": np.ceil(
                busy / 60_000 * (1.3 + 0.1 * np.abs(rng.standard_normal(DAY_MINUTES))) + 3
            ),
        }

    def _noise_of_day(self, number: int, day: int, length: int) -> Floats:
        rng = np.random.default_rng([self.seed, 13, number, day + 100])
        return rng.standard_normal((4, length))


def _function(number: int, size: int, rng: np.random.Generator) -> _Function:
    place = (number + 0.5) / size
    edges = [(0.0, -4.0), (0.45, np.log10(1 / 60)), (0.81, 0.0), (1.0, 3.0)]
    rate = 10 ** float(np.interp(place, [e[0] for e in edges], [e[1] for e in edges]))
    timer = 0
    if rng.random() < _TIMERS:
        timer = min(_TIMER_MINUTES, key=lambda minutes: abs(np.log(rate * minutes)))
    publishes = {"AsyncEventAge"} if rng.random() < _ASYNC else set()
    if rng.random() < _STREAMS:
        publishes.add("IteratorAge")
    return _Function(
        name=f"function-{number:05}",
        rate=rate,
        timer=timer,
        phase=float(rng.random()),
        wave=float(rng.uniform(0.0, 0.9)),
        weekend=float(rng.uniform(0.2, 1.0)),
        duration=float(10 ** rng.uniform(1.0, 3.3)),
        spread=float(rng.uniform(0.1, 0.6)),
        failing=float(10 ** rng.uniform(-4.0, -2.0)),
        publishes=frozenset(publishes),
    )


def _errors(calls: Floats, failing: float, noise: Floats) -> Floats:
    expected = calls * failing
    return np.clip(np.round(expected + np.sqrt(expected) * noise - 0.2), 0, calls)
