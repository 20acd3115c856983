"""Stories in which nothing is wrong, or nothing that a person must hear of more than once."""

from typing import Final

import numpy as np

from bench.scenarios.alerting import Maker
from bench.scenarios.story import A_DAY, AN_HOUR, Floats, Right, Story
from bench.scenarios.traffic import MONDAY, Metrics, clock, every, made, wave
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.core.severity import Severity

HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM


def _story(
    rng: np.random.Generator,
    metrics: Metrics,
    *,
    openings: int = 0,
    most: Severity = HIGH,
    timeout: int = 60,
    memory: int = 512,
    more: dict[Signal, Floats] | None = None,
) -> Story:
    columns = metrics.columns(rng) | (more or {})
    return Story("", columns, MONDAY, Right(most=most, openings=openings), timeout, memory)


def deployments(rng: np.random.Generator) -> Story:
    """A deployment each weekday: cold starts for ten minutes."""
    days = 28
    metrics = made(rng, wave(rng, days, rng.uniform(100, 900)), base=rng.uniform(60, 300))
    columns = metrics.columns(rng)
    for day in range(days):
        if day % 7 < 5:
            at = day * A_DAY + int(rng.uniform(9, 17) * AN_HOUR)
            columns[Signal.DURATION_P99][at] *= rng.uniform(3, 6)
            columns[Signal.DURATION_P99][at + 1] *= rng.uniform(1.7, 2.5)
    return Story("", columns, MONDAY, Right(most=HIGH, openings=0), 60, 512)


def mondays(rng: np.random.Generator) -> Story:
    """Every Monday thousands of calls in ten minutes, else some an hour."""
    days = 35
    metrics = made(rng, np.full(days * A_DAY, rng.uniform(0.5, 3)), base=rng.uniform(80, 400))
    row = int(rng.integers(5, 22) * AN_HOUR)
    for week in range(5):
        at = week * 7 * A_DAY + row + int(rng.integers(0, 3))
        metrics.calls[at : at + 2] += rng.poisson(rng.uniform(2000, 4000), 2)
    return _story(rng, metrics, openings=1)


def uploads(rng: np.random.Generator) -> Story:
    """A person uploads some files a few times a week."""
    days = 28
    metrics = made(rng, np.full(days * A_DAY, 0.01), base=rng.uniform(500, 3000))
    for day in range(days):
        if day % 7 < 5 and rng.random() < 0.6:
            at = day * A_DAY + int(rng.uniform(8, 18) * AN_HOUR)
            metrics.calls[at] += rng.integers(20, 61)
    return _story(rng, metrics)


def nightly_batch(rng: np.random.Generator) -> Story:
    """A batch for some hours each night."""
    days = 24
    rate = wave(rng, days, rng.uniform(1, 20))
    _, hour = clock(days)
    begin, hours = rng.uniform(0, 2), rng.uniform(1, 4)
    batch = (hour >= begin) & (hour < begin + hours)
    size = np.repeat(rng.uniform(0.7, 1.4, days), A_DAY)
    rate = rate + batch * size * rng.uniform(300, 2000)
    return _story(rng, made(rng, rate, base=rng.uniform(100, 800)))


def crons(rng: np.random.Generator) -> Story:
    """Schedules of several levels on one function: by minutes, hours, days, weeks."""
    days = 35
    calls = every(days, 15) + 5 * every(days, 60, 10) + 10 * every(days, 360, 30)
    calls += 60 * every(days, 1440, 190) + rng.integers(150, 500) * every(days, 10_080, 400)
    return _story(rng, made(rng, calls, base=300, exact=True), openings=1)


def month_end(rng: np.random.Generator) -> Story:
    """Twenty times the calls for some hours at the end of a month."""
    days = 63
    rate = wave(rng, days, rng.uniform(10, 100))
    for day in (29, 60):
        at = day * A_DAY + int(rng.uniform(9, 11) * AN_HOUR)
        rate[at : at + 3 * AN_HOUR] *= rng.uniform(15, 20)
    return _story(rng, made(rng, rate, base=200), openings=1, most=Severity.CRITICAL)


def newsletter(rng: np.random.Generator) -> Story:
    """A newsletter on Tuesdays and Thursdays: three to four times the calls for an hour."""
    days = 28
    rate = wave(rng, days, rng.uniform(100, 600))
    for day in range(days):
        if day % 7 in (1, 3):
            at = day * A_DAY + int(10 * AN_HOUR + rng.integers(-3, 4))
            rate[at : at + 12] *= np.linspace(rng.uniform(3, 4.5), 1, 12)
    return _story(rng, made(rng, rate, base=120))


def bursts(rng: np.random.Generator) -> Story:
    """Heavy-tailed bursts at any time."""
    days = 28
    rate = np.full(days * A_DAY, rng.uniform(1, 30))
    for at in rng.integers(0, days * A_DAY - 12, days * 5):
        rate[at : at + int(rng.integers(1, 5))] *= 1 + min(rng.pareto(1.3) * 2, 60)
    return _story(rng, made(rng, rate, base=150))


def slow_tail(rng: np.random.Generator) -> Story:
    """The slowest percent is heavy-tailed."""
    days = 28
    metrics = made(rng, wave(rng, days, rng.uniform(150, 900)), base=rng.uniform(50, 200))
    columns = metrics.columns(rng)
    columns[Signal.DURATION_P99] *= 1 + rng.pareto(1.6, days * A_DAY)
    return Story("", columns, MONDAY, Right(most=HIGH, openings=0), 900, 512)


def few_at_night(rng: np.random.Generator) -> Story:
    """Two dozen calls at night, for nothing."""
    days = 21
    _, hour = clock(days)
    rate = np.where((hour > 8) & (hour < 18), rng.uniform(0.3, 3), 0.01)
    metrics = made(rng, rate, base=50)
    for day in (10, 16):
        metrics.calls[day * A_DAY + 3 * AN_HOUR] += rng.integers(20, 40)
    return _story(rng, metrics)


def long_backup(rng: np.random.Generator) -> Story:
    """A backup that always takes nearly as long as it may."""
    days = 28
    base = 900_000 * rng.uniform(0.84, 0.9)
    metrics = made(rng, every(days, 1440, 90), base=base, spread=0.02, exact=True, failing=0)
    return _story(rng, metrics, timeout=900, openings=1, most=MEDIUM)


def summer_time(rng: np.random.Generator) -> Story:
    """The clocks change: everything comes an hour earlier."""
    days = 28
    rate = wave(rng, days + 1, rng.uniform(100, 900))
    at = 20 * A_DAY
    rate = np.concatenate([rate[:at], rate[at + AN_HOUR :]])[: days * A_DAY]
    return _story(rng, made(rng, rate, base=120))


def holidays(rng: np.random.Generator) -> Story:
    """A week or ten days of holidays, and the return to work."""
    days = 49
    rate = wave(rng, days, rng.uniform(100, 900))
    at = 26 * A_DAY
    rate[at : at + int(rng.choice([7, 10])) * A_DAY] *= 0.45
    return _story(rng, made(rng, rate, base=120), openings=1, most=MEDIUM)


def other_weekend(rng: np.random.Generator) -> Story:
    """The weekend is Friday and Saturday."""
    days = 28
    day, _ = clock(days)
    rate = wave(rng, days, rng.uniform(100, 900), rest=1.0)
    rate = np.where(np.isin(day % 7, (4, 5)), 0.15, 1.0) * rate
    return _story(rng, made(rng, rate, base=120))


def growth(rng: np.random.Generator) -> Story:
    """Three percent more each day."""
    days = 35
    day, _ = clock(days)
    return _story(rng, made(rng, wave(rng, days, rng.uniform(50, 300)) * 1.03**day, base=120))


def gaps(rng: np.random.Generator) -> Story:
    """Some periods are missing in the durations."""
    days = 21
    metrics = made(rng, wave(rng, days, rng.uniform(100, 900)), base=120)
    columns = metrics.columns(rng)
    missing = rng.random(days * A_DAY) < 0.05
    for signal in (Signal.DURATION, Signal.DURATION_P50, Signal.DURATION_P99, Signal.DURATION_MAX):
        columns[signal][missing] = np.nan
    return Story("", columns, MONDAY, Right(most=HIGH, openings=0), 60, 512)


def noisy_errors(rng: np.random.Generator) -> Story:
    """One call in twenty has always failed."""
    days = 28
    failing = rng.uniform(0.03, 0.07)
    rate = wave(rng, days, rng.uniform(5, 300))
    return _story(rng, made(rng, rate, base=120, failing=failing), openings=0)


def few_a_day(rng: np.random.Generator) -> Story:
    """A few calls a day at odd times."""
    days = 35
    return _story(rng, made(rng, np.full(days * A_DAY, rng.uniform(2, 5) / A_DAY), base=400))


def weekday_job(rng: np.random.Generator) -> Story:
    """A job by the hour on weekdays only."""
    days = 35
    day, hour = clock(days)
    at_work = (day % 7 < 5) & (hour >= 7) & (hour < 19)
    rate = every(days, int(rng.choice([15, 30, 60])), 5) * at_work
    return _story(rng, made(rng, rate, base=400, exact=True))


def plain(rng: np.random.Generator) -> Story:
    """An interface on which nothing happens."""
    days = 35
    rate = wave(rng, days, 10 ** rng.uniform(0, 3.5), rest=rng.uniform(0.1, 1))
    return _story(
        rng, made(rng, rate, base=rng.uniform(20, 1500), failing=10 ** rng.uniform(-4, -2))
    )


def flaky_job(rng: np.random.Generator) -> Story:
    """A job by the minutes of which one run in thirty fails."""
    days = 28
    rate = every(days, int(rng.choice([5, 15, 30, 60])), 0)
    return _story(rng, made(rng, rate, base=900, exact=True, failing=0.03), openings=1)


def faster(rng: np.random.Generator) -> Story:
    """A deployment makes everything twice as fast."""
    days = 21
    metrics = made(rng, wave(rng, days, rng.uniform(20, 500)), base=400)
    metrics.base[12 * A_DAY :] *= 0.5
    return _story(rng, metrics)


def little_less(rng: np.random.Generator) -> Story:
    """A fifth fewer calls on some days."""
    days = 28
    day, _ = clock(days)
    daily = rng.uniform(0.75, 1.25, days)
    return _story(
        rng, made(rng, wave(rng, days, rng.uniform(50, 900)) * daily[day.astype(int)], base=120)
    )


def steady_worker(rng: np.random.Generator) -> Story:
    """A worker that always runs hard and costs much."""
    days = 28
    rate = wave(rng, days, rng.uniform(5000, 20_000), rest=0.9)
    return _story(rng, made(rng, rate, base=rng.uniform(200, 900)), memory=1024)


QUIET: Final[tuple[Maker, ...]] = (
    deployments, mondays, uploads, nightly_batch, crons, month_end, newsletter, bursts, slow_tail,
    few_at_night, long_backup, summer_time, holidays, other_weekend, growth, gaps, noisy_errors,
    few_a_day, weekday_job, plain, flaky_job, faster, little_less, steady_worker,
)  # fmt: skip
