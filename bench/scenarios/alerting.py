"""Stories that should be told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from bench.scenarios.story import A_DAY, AN_HOUR, Floats, Right, Story
from bench.scenarios.traffic import MONDAY, Metrics, every, made, wave
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.core.severity import Severity

Maker = Callable[[np.random.Generator], Story]

HIGH, CRITICAL, MEDIUM, LOW = Severity.HIGH, Severity.CRITICAL, Severity.MEDIUM, Severity.LOW


def _story(
    rng: np.random.Generator,
    metrics: Metrics,
    first: int,
    last: int,
    *,
    within: int = 30,
    least: Severity = LOW,
    most: Severity = CRITICAL,
    timeout: int = 60,
    memory: int = 512,
    more: dict[Signal, Floats] | None = None,
    learn: float = 3.0,
) -> Story:
    columns = metrics.columns(rng) | (more or {})
    right = Right(first, last, within, least, most)
    return Story("", columns, MONDAY, right, timeout, memory, learn)


def _begin(rng: np.random.Generator, days: float, margin: float = 2.0) -> int:
    """Some row in the later half of a story."""
    return int(rng.integers(round(days * 0.5 * A_DAY), round((days - margin) * A_DAY)))


def exponential_loop(rng: np.random.Generator) -> Story:
    """A loop in a seldom used function: twenty calls, then tens of thousands."""
    days = 14
    metrics = made(rng, np.full(days * A_DAY, rng.uniform(0.005, 0.1)), base=rng.uniform(80, 400))
    at = _begin(rng, days)
    rows = int(rng.integers(4, 30) * AN_HOUR)
    top = rng.uniform(20_000, 90_000)
    grown = np.minimum(rng.uniform(15, 60) * rng.uniform(1.5, 4) ** np.arange(rows), top)
    metrics.calls[at : at + rows] = np.round(grown)
    return _story(rng, metrics, at, at + rows, within=45, least=CRITICAL)


def requeue_loop(rng: np.random.Generator) -> Story:
    """A message that is put back again and again, steadily, for days."""
    days = 17
    metrics = made(rng, wave(rng, days, rng.uniform(1, 30)), base=rng.uniform(200, 3000))
    at = _begin(rng, days, 5)
    rows = int(rng.uniform(1, 4.5) * A_DAY)
    metrics.calls[at : at + rows] += rng.poisson(rng.uniform(4000, 15_000), rows)
    return _story(rng, metrics, at, at + rows, least=CRITICAL, memory=int(rng.choice([512, 1024])))


def young_loop(rng: np.random.Generator) -> Story:
    """A function loops from its first hour on."""
    hours = rng.uniform(30, 72)
    quiet = int(rng.integers(0, 2) * rng.integers(3, 60))
    rows = round(hours * AN_HOUR)
    base = rng.uniform(60, 4000)
    at_once = rng.choice([2.3, 5.0, 12.0, 40.0, 100.0])
    rate = np.full(rows + quiet, at_once * 300_000 / base)
    rate[:quiet] = 0.0
    metrics = made(rng, rate, base=base)
    first = quiet
    return _story(
        rng,
        metrics,
        first,
        rows + quiet,
        within=30,
        least=CRITICAL,
        memory=int(rng.choice([256, 512, 1024])),
    )


def weekend_loop(rng: np.random.Generator) -> Story:
    """A seldom used function loops over a weekend."""
    days = 21
    rate = np.full(days * A_DAY, rng.uniform(0.003, 0.03))
    metrics = made(rng, rate, base=rng.uniform(100, 900))
    at = round((18 + rng.uniform(0.6, 0.9)) * A_DAY)
    rows = int(rng.uniform(30, 46) * AN_HOUR)
    metrics.calls[at : at + rows] = rng.poisson(rng.uniform(8_000, 40_000), rows)
    return _story(rng, metrics, at, min(at + rows, days * A_DAY), least=CRITICAL)


def cron_too_often(rng: np.random.Generator) -> Story:
    """A daily job of minutes runs every minute."""
    days = 21
    minutes = rng.uniform(1.5, 4)
    daily = every(days, 1440, int(rng.integers(0, 1440)))
    metrics = made(rng, daily, base=minutes * 60_000, spread=0.05, exact=True)
    at = _begin(rng, days)
    rows = int(rng.uniform(1, 1.9) * A_DAY)
    metrics.calls[at : at + rows] = 5.0
    return _story(
        rng,
        metrics,
        at,
        at + rows,
        within=60,
        least=HIGH,
        timeout=900,
        memory=int(rng.choice([4096, 10240])),
    )


def slow_dependency(rng: np.random.Generator) -> Story:
    """A quiet function waits for something: every call takes dozens of times as long."""
    days = 14
    metrics = made(rng, np.full(days * A_DAY, rng.uniform(0.6, 6)), base=rng.uniform(100, 300))
    at = _begin(rng, days)
    rows = int(rng.uniform(6, 40) * AN_HOUR)
    metrics.base[at : at + rows] *= rng.uniform(15, 60)
    return _story(rng, metrics, at, at + rows, within=120, most=HIGH)


def slow_interface(rng: np.random.Generator) -> Story:
    """A busy interface takes three to six times as long for hours."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(200, 2000)), base=rng.uniform(80, 300))
    at = _begin(rng, days)
    rows = int(rng.uniform(3, 20) * AN_HOUR)
    metrics.base[at : at + rows] *= rng.uniform(3.5, 7)
    return _story(rng, metrics, at, at + rows, within=60)


def doubling_loop(rng: np.random.Generator) -> Story:
    """A loop that doubles every ten minutes or so for hours."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(5, 60)), base=rng.uniform(80, 300))
    at = _begin(rng, days)
    rows = int(rng.uniform(6, 8) * AN_HOUR)
    grown = 20 * 2 ** (np.arange(rows) / rng.uniform(2, 3))
    metrics.calls[at : at + rows] += np.round(np.minimum(grown, 300_000))
    return _story(rng, metrics, at, at + rows, within=100, least=CRITICAL)


def one_of_many(rng: np.random.Generator) -> Story:
    """A worker of a shared queue runs away among others."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(10, 200)), base=rng.uniform(200, 900))
    at = _begin(rng, days)
    rows = int(rng.uniform(1.5, 10) * AN_HOUR)
    metrics.calls[at : at + rows] += rng.poisson(rng.uniform(10_000, 60_000), rows)
    return _story(rng, metrics, at, at + rows, least=CRITICAL)


def schedule_stops(rng: np.random.Generator) -> Story:
    """A schedule is gone."""
    days = 21
    minutes = int(rng.choice([5, 10, 15, 60, 180, 360]))
    metrics = made(
        rng, every(days, minutes, int(rng.integers(0, 60))), base=800, spread=0.1, exact=True
    )
    at = _begin(rng, days, 3)
    metrics.calls[at:] = 0.0
    metrics.failed[at:] = 0.0
    last = days * A_DAY
    return _story(rng, metrics, at, last, within=2 * minutes + 45, most=HIGH)


def interface_silent(rng: np.random.Generator) -> Story:
    """A busy interface is no longer called."""
    days = 21
    metrics = made(rng, wave(rng, days, rng.uniform(50, 1500)), base=rng.uniform(50, 300))
    hours = rng.choice([6.0, 12.0, 36.0])
    at = (int(rng.integers(12, 17)) * A_DAY) + int(rng.integers(8, 14)) * AN_HOUR
    rows = int(hours * AN_HOUR)
    metrics.calls[at : at + rows] = 0.0
    metrics.failed[at : at + rows] = 0.0
    return _story(rng, metrics, at, at + rows, within=45)


def interface_falls(rng: np.random.Generator) -> Story:
    """A busy interface loses most of its calls for a day."""
    days = 21
    metrics = made(rng, wave(rng, days, rng.uniform(100, 1500)), base=rng.uniform(50, 300))
    at = (int(rng.integers(12, 17)) * A_DAY) + int(rng.integers(0, 14)) * AN_HOUR
    rows = int(rng.uniform(12, 30) * AN_HOUR)
    kept = rng.uniform(0.3, 0.42)
    metrics.calls[at : at + rows] = rng.binomial(metrics.calls[at : at + rows].astype(int), kept)
    metrics.failed = np.minimum(metrics.failed, metrics.calls)
    return _story(rng, metrics, at, at + rows, within=300, most=HIGH)


def returns_at_once(rng: np.random.Generator) -> Story:
    """Everything returns at once: durations collapse, calls and errors look well."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(40, 800)), base=rng.uniform(150, 2000))
    at = _begin(rng, days)
    rows = int(rng.uniform(8, 40) * AN_HOUR)
    metrics.base[at : at + rows] *= rng.uniform(0.01, 0.05)
    return _story(rng, metrics, at, at + rows, within=120, most=HIGH)


def nightly_fails(rng: np.random.Generator) -> Story:
    """A nightly job fails every night, with or without two retries."""
    days = 28
    retries = int(rng.integers(0, 2)) * 2
    at_minute = int(rng.integers(0, 300))
    metrics = made(rng, every(days, 1440, at_minute), base=60_000, exact=True, failing=0)
    first_night = int(rng.integers(10, 20))
    rows = np.flatnonzero(metrics.calls)[first_night:]
    row = int(rows[0])
    metrics.calls[rows] += retries
    metrics.failed[rows] = metrics.calls[rows]
    return _story(rng, metrics, row, days * A_DAY, within=1440 + 60, most=HIGH, timeout=900)


def fails_from_the_first(rng: np.random.Generator) -> Story:
    """A job has never succeeded."""
    days = 21
    minutes = int(rng.choice([60, 240, 720]))
    metrics = made(rng, every(days, minutes, 5), base=2_000, exact=True, failing=0)
    metrics.failed = metrics.calls.copy()
    first = 3 * A_DAY - AN_HOUR
    return _story(rng, metrics, first, days * A_DAY, within=2 * minutes + 120, most=HIGH)


def weekly_fails(rng: np.random.Generator) -> Story:
    """A weekly job fails."""
    days = 42
    at_minute = int(rng.integers(0, 1440 * 5))
    metrics = made(rng, every(days, 10_080, at_minute), base=60_000, exact=True, failing=0)
    rows = np.flatnonzero(metrics.calls)[4:]
    row = int(rows[0])
    metrics.failed[rows] = metrics.calls[rows]
    last = min(row + 13 * A_DAY, days * A_DAY)
    return _story(rng, metrics, row, last, within=7 * 1440 + 60, most=HIGH, timeout=900)


def hourly_fails(rng: np.random.Generator) -> Story:
    """Every call of an hourly or three-hourly function fails."""
    days = 14
    minutes = int(rng.choice([60, 120, 180]))
    metrics = made(rng, every(days, minutes, 10), base=2_000, exact=True, failing=0)
    at = _begin(rng, days)
    rows = int(rng.uniform(1, 2) * A_DAY)
    metrics.failed[at : at + rows] = metrics.calls[at : at + rows]
    return _story(rng, metrics, at, at + rows, within=2 * minutes + 60, most=HIGH)


def third_fails(rng: np.random.Generator) -> Story:
    """A third of a few calls an hour fails."""
    days = 14
    metrics = made(rng, np.full(days * A_DAY, rng.uniform(1.5, 5)), base=300, failing=0.0)
    at = _begin(rng, days, 4)
    some = slice(at, days * A_DAY)
    metrics.failed[some] = rng.binomial(metrics.calls[some].astype(int), rng.uniform(0.33, 0.45))
    return _story(rng, metrics, at, days * A_DAY, within=360, most=HIGH)


def out_of_memory(rng: np.random.Generator) -> Story:
    """Less than one call in a hundred runs out of memory: many times the usual errors a day."""
    days = 21
    usual = rng.uniform(0.0004, 0.001)
    metrics = made(rng, wave(rng, days, rng.uniform(20, 200)), base=200, failing=usual)
    at = _begin(rng, days, 4)
    some = slice(at, days * A_DAY)
    metrics.failed[some] = rng.binomial(metrics.calls[some].astype(int), rng.uniform(7, 12) * usual)
    return _story(rng, metrics, at, days * A_DAY, within=36 * 60, most=HIGH)


def more_errors(rng: np.random.Generator) -> Story:
    """Some percent of the calls of an interface fail."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(100, 1000)), base=200)
    at = _begin(rng, days)
    rows = int(rng.uniform(4, 30) * AN_HOUR)
    some = slice(at, at + rows)
    metrics.failed[some] = rng.binomial(metrics.calls[some].astype(int), rng.choice([0.03, 0.12]))
    return _story(rng, metrics, at, at + rows, within=90, most=HIGH)


def all_fails(rng: np.random.Generator) -> Story:
    """Every call of a busy interface fails for hours."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(50, 800)), base=200)
    at = _begin(rng, days)
    some = slice(at, at + int(rng.uniform(2, 20) * AN_HOUR))
    metrics.failed[some] = metrics.calls[some]
    metrics.base[some] *= rng.choice([0.2, 1.0])
    return _story(rng, metrics, some.start, some.stop, within=45, least=HIGH)


def retry_storm(rng: np.random.Generator) -> Story:
    """Calls fail and are tried again: three times as many, most of which fail."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(50, 500)), base=300)
    at = _begin(rng, days)
    some = slice(at, at + int(rng.uniform(2, 10) * AN_HOUR))
    metrics.calls[some] = np.round(3 * metrics.calls[some])
    metrics.failed[some] = rng.binomial(metrics.calls[some].astype(int), 0.7)
    return _story(rng, metrics, some.start, some.stop, within=45, least=HIGH)


def memory_leak(rng: np.random.Generator) -> Story:
    """Memory creeps up and falls with restarts, a little higher each time."""
    days = 21
    metrics = made(rng, wave(rng, days, rng.uniform(50, 300)), base=200)
    rows = np.arange(days * A_DAY)
    at = 10 * A_DAY + int(rng.integers(0, A_DAY))
    saw = (rows % int(rng.uniform(6, 14) * AN_HOUR)) / (10 * AN_HOUR)
    grown = np.clip((rows - at) / (rng.uniform(5, 9) * A_DAY), 0, 1)
    level = 35 + grown * 55 * np.clip(saw, 0, 1) + grown * 8
    memory = np.minimum(level + rng.normal(0, 0.6, len(rows)), 100.0)
    memory = np.where(metrics.calls > 0, np.round(memory, 1), np.nan)
    reached = int(np.flatnonzero(level >= 60)[0])
    limit = int(np.flatnonzero(level >= 90)[0]) if (level >= 90).any() else len(rows) - 1
    return _story(
        rng,
        metrics,
        reached,
        days * A_DAY,
        within=max(5 * (limit - reached), 60) + 60,
        most=HIGH,
        more={Signal.MEMORY: memory},
    )


def _creep(rng: np.random.Generator, rate: Floats, days: int) -> Story:
    timeout = int(rng.choice([15, 30, 60]))
    metrics = made(rng, rate, base=timeout * 120.0, spread=0.2)
    at = 8 * A_DAY
    rows = days * A_DAY - at
    metrics.base[at:] *= np.linspace(1, rng.uniform(5.5, 6.5), rows)
    columns = metrics.columns(rng)
    for signal in (Signal.DURATION, Signal.DURATION_P50, Signal.DURATION_P99, Signal.DURATION_MAX):
        columns[signal] = np.minimum(columns[signal], timeout * 1000.0)
    near = np.nan_to_num(columns[Signal.DURATION_P99]) >= 0.9 * timeout * 1000
    limit = at + int(np.flatnonzero(np.convolve(near[at:], np.ones(12), "valid") >= 4)[0])
    # From twice as long on it may be told; at the timeout it must.
    first = at + rows // 8
    within = max(5 * (limit - first), 0) + 180
    return Story("", columns, MONDAY, Right(first, days * A_DAY, within, most=HIGH), timeout, 512)


def creeps_to_timeout(rng: np.random.Generator) -> Story:
    """Durations of a busy function creep to its timeout."""
    return _creep(rng, wave(rng, 18, rng.uniform(100, 600)), 18)


def creeps_to_timeout_quietly(rng: np.random.Generator) -> Story:
    """Durations of a quiet function creep to its timeout."""
    return _creep(rng, np.full(18 * A_DAY, rng.uniform(1, 8)), 18)


def old_stream(rng: np.random.Generator) -> Story:
    """Records of a stream are always read shortly before they expire."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(50, 300)), base=200)
    age = rng.uniform(19, 22) * 3.6e6 * np.exp(rng.normal(0, 0.02, days * A_DAY))
    first = 3 * A_DAY - AN_HOUR
    more = {Signal.ITERATOR_AGE: np.minimum(age, 23.9 * 3.6e6)}
    return _story(rng, metrics, first, days * A_DAY, within=120, more=more)


def ageing(rng: np.random.Generator) -> Story:
    """Records of a stream, or queued events, wait longer and longer."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(50, 300)), base=200)
    signal = rng.choice([Signal.ITERATOR_AGE, Signal.ASYNC_AGE])
    age = rng.uniform(300, 3000) * np.exp(rng.normal(0, 0.3, days * A_DAY))
    at = _begin(rng, days)
    rows = int(rng.uniform(4, 12) * AN_HOUR)
    age[at : at + rows] += 300_000 * np.arange(rows)
    return _story(rng, metrics, at, at + rows, within=120, more={Signal(signal): age})


def refused_job(rng: np.random.Generator) -> Story:
    """A nightly or four-hourly function has no concurrency: it is throttled only."""
    days = 21
    minutes = int(rng.choice([240, 1440]))
    rate = every(days, minutes, 120)
    metrics = made(rng, rate, base=5_000, exact=True, failing=0)
    at = _begin(rng, days, 4)
    some = slice(at, days * A_DAY)
    ran = metrics.calls[some].copy()
    metrics.calls[some] = 0.0
    metrics.refused[some] = ran * 3
    return _story(rng, metrics, at, days * A_DAY, within=2 * minutes + 60)


def all_refused(rng: np.random.Generator) -> Story:
    """A busy function is refused entirely."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(100, 1000)), base=150)
    at = _begin(rng, days)
    some = slice(at, at + int(rng.uniform(6, 20) * AN_HOUR))
    metrics.refused[some] = metrics.calls[some] * rng.choice([1, 2])
    metrics.calls[some] = 0.0
    metrics.failed[some] = 0.0
    return _story(rng, metrics, some.start, some.stop, within=45, least=CRITICAL)


def half_refused(rng: np.random.Generator) -> Story:
    """Half of the calls of an interface are refused for hours."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(100, 1000)), base=150)
    at = _begin(rng, days)
    some = slice(at, at + int(rng.uniform(2, 10) * AN_HOUR))
    metrics.refused[some] = rng.binomial(metrics.calls[some].astype(int), 0.5)
    metrics.calls[some] -= metrics.refused[some]
    metrics.failed = np.minimum(metrics.failed, metrics.calls)
    return _story(rng, metrics, some.start, some.stop, within=45)


def lost_events(rng: np.random.Generator) -> Story:
    """Now and then an event cannot be written to its dead-letter queue."""
    days = 14
    metrics = made(rng, wave(rng, days, rng.uniform(20, 200)), base=150)
    lost = np.zeros(days * A_DAY)
    at = _begin(rng, days, 2.5)
    rows = int(2 * A_DAY)
    lost[at : at + rows] = rng.poisson(0.08, rows)
    lost[at] = 1
    more = {Signal.DEAD_LETTER_ERRORS: lost}
    return _story(rng, metrics, at, at + rows, within=45, most=HIGH, more=more)


def launch(rng: np.random.Generator) -> Story:
    """Four times the calls from one day on: worth a calm word."""
    days = 21
    rate = wave(rng, days, rng.uniform(50, 500))
    at = 12 * A_DAY + int(rng.integers(7, 16)) * AN_HOUR
    rate[at:] *= 4
    metrics = made(rng, rate, base=120)
    return _story(rng, metrics, at, at + 6 * AN_HOUR, within=600, most=HIGH)


def night_loop(rng: np.random.Generator) -> Story:
    """At night a function runs as hard as it does at its busiest hour by day, and stays there."""
    days = 21
    rate = wave(rng, days, rng.uniform(3000, 8000))
    metrics = made(rng, rate, base=400)
    at = 15 * A_DAY + int(rng.integers(0, 3)) * AN_HOUR
    rows = int(rng.uniform(5, 8) * AN_HOUR)
    metrics.calls[at : at + rows] += rng.poisson(1.6 * rate.max(), rows)
    return _story(rng, metrics, at, at + rows, within=240)


ALERTING: Final[tuple[Maker, ...]] = (
    exponential_loop, requeue_loop, young_loop, weekend_loop, cron_too_often, slow_dependency,
    slow_interface, doubling_loop, one_of_many, schedule_stops, interface_silent, interface_falls,
    returns_at_once, nightly_fails, fails_from_the_first, weekly_fails, hourly_fails, third_fails,
    out_of_memory, more_errors, all_fails, retry_storm, memory_leak, creeps_to_timeout,
    creeps_to_timeout_quietly, old_stream, ageing, refused_job, all_refused, half_refused,
    lost_events, launch, night_loop,
)  # fmt: skip


def named(maker: Maker, seed: int) -> Story:
    """The story of one kind and seed."""
    name = getattr(maker, "__name__", "story")
    rng = np.random.default_rng([seed, *name.encode()])
    return replace(maker(rng), name=f"{name}-{seed}")
