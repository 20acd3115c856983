"""How often an account wakes everybody for nothing, and how small a runaway it shows.

    python -m bench.detector_tripwire [--days 9] [--trials 40] [--seed 1]

The rules on the account's own metrics (`tripwire`, `steps`, `wakes`) alone, minute by minute on
accounts of 1,000 functions (bench/detector_estate.py), as they are and made worse:

- unsteady: all calls vary together by 10 %, with a memory of a quarter of an hour
- jobs: bursts of three minutes at every full hour (30 % of the account) and quarter (10 %), and of
  six minutes every two hours and once a day (40 %), each larger or smaller by a fifth
- bursts: four a day on average at any time, 5 to 30 % of the account for three to ten minutes
- gaps: one a day on average, 3 to 40 minutes without any metric

Needless looks are those of the days without a runaway, at most three for a trip and two for a step,
and no more than the allowance. Then a function runs away at random minutes. Told is the share whose
account stands out, or steps up, within so many minutes of the end of the runaway's first minute,
where the allowance is not used up.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.detector_estate import DAY_MINUTES, SimulatedEstate
from functions.anomaly_detector.account.calls import Call, call_out
from functions.anomaly_detector.account.steps import levels, steps
from functions.anomaly_detector.account.tripwire import (
    ACCOUNT_METRICS,
    HISTORY,
    AccountSignal,
    trips,
)
from functions.anomaly_detector.account.wakes import Wakes, looked, wake
from functions.anomaly_detector.metrics.series import Series

Floats = NDArray[np.float64]
Account = dict[AccountSignal, Floats]

_START: Final = datetime(2026, 3, 5, tzinfo=UTC)
_BACK: Final = HISTORY // timedelta(minutes=1)
_SIZES: Final = (5, 10, 20, 50, 200)
_SOON: Final = 2  # minutes after the first minute of a runaway
_LATER: Final = 10
_CALLERS: Final = 1.3  # highest executions at once of a minute, of their average


def at_rest(days: int, seed: int) -> Account:
    """The account of the simulated estate, one day and an hour more than asked for."""
    estate = SimulatedEstate(_START - timedelta(days=15), seed=seed)
    names = {s: f"{metric.name} {metric.statistic}" for s, metric in ACCOUNT_METRICS.items()}
    each = [estate.account_of_day(day) for day in range(8, 8 + days + 2)]
    return {signal: np.concatenate([day[name] for day in each]) for signal, name in names.items()}


def more(account: Account, share: Floats) -> Account:
    """The account with so much more of everything, minute by minute."""
    return {signal: np.round(values * (1.0 + share)) for signal, values in account.items()}


def unsteady(account: Account, rng: np.random.Generator) -> Account:
    """All functions vary together."""
    noise = rng.standard_normal(_length(account))
    memory = np.exp(-1 / 15)
    share = np.empty_like(noise)
    now = 0.0
    for minute, one in enumerate(noise.tolist()):
        now = memory * now + np.sqrt(1 - memory**2) * one
        share[minute] = now
    return more(account, np.maximum(0.1 * share, -0.9))


def jobs(account: Account, rng: np.random.Generator) -> Account:
    """Timers of one minute, of which many run at once."""
    share = np.zeros(_length(account) + 10)
    for every, lasting, size in ((15, 3, 0.1), (60, 3, 0.3), (120, 6, 0.4), (1440, 6, 0.4)):
        first = every * 5 // 8 // 15 * 15 if every > 60 else 0
        for start in range(first, _length(account), every):
            share[start : start + lasting] += size * rng.uniform(0.8, 1.2)
    return more(account, share[: _length(account)])


def bursts(account: Account, rng: np.random.Generator) -> Account:
    """What people and batches do at any time."""
    share = np.zeros(_length(account) + 10)
    for start in np.flatnonzero(rng.random(_length(account)) < 4 / DAY_MINUTES).tolist():
        share[start : start + int(rng.integers(3, 11))] += rng.uniform(0.05, 0.3)
    return more(account, share[: _length(account)])


def gaps(account: Account, rng: np.random.Generator) -> Account:
    """CloudWatch has nothing, which is read as zeros."""
    share = np.zeros(_length(account) + 60)
    for start in np.flatnonzero(rng.random(_length(account)) < 1 / DAY_MINUTES).tolist():
        share[start : start + int(rng.integers(3, 41))] = -1.0
    return more(account, share[: _length(account)])


KINDS: Final[dict[str, Callable[[Account, np.random.Generator], Account]]] = {
    "as simulated": lambda account, _: account,
    "unsteady": unsteady,
    "jobs": jobs,
    "bursts": bursts,
    "gaps": gaps,
}


def _length(account: Account) -> int:
    return len(account[AccountSignal.CALLS])


def _newest(account: Account, minute: int) -> dict[AccountSignal, Series]:
    """What a tick reads after a minute."""
    first = minute + 1 - _BACK
    begin = np.datetime64(_START.replace(tzinfo=None), "s")
    timestamps = begin + np.arange(first, minute + 1) * np.timedelta64(60, "s")
    return {s: Series(values[first : minute + 1], timestamps) for s, values in account.items()}


def needless(account: Account) -> tuple[int, int]:
    """Looks at everybody for trips, and for steps; no culprit is ever found."""
    call: Call | None = None
    wakes = Wakes()
    for_trips = for_steps = 0
    for minute in range(_BACK, _length(account)):
        now = _START + timedelta(minutes=minute + 1)
        seen = _newest(account, minute)
        if again := call_out(trips(seen), call, now):
            call, wakes = again, looked(wakes, levels(seen), now)
            for_trips += 1
        elif woken := wake(steps(seen), wakes, levels(seen), now).wakes:
            wakes = woken
            for_steps += 1
    return for_trips, for_steps


def reported(
    account: Account, executions: int, rng: np.random.Generator, *, with_steps: bool
) -> int | None:
    """Minutes from the end of a runaway's first minute until the account shows it."""
    start = int(rng.integers(_BACK, _length(account) - _LATER - 1))
    lasting = 10 ** rng.uniform(1.0, 3.3)  # milliseconds, as the estate's functions
    wild = {signal: values[: start + _LATER + 1].copy() for signal, values in account.items()}
    wild[AccountSignal.CALLS][start:] += executions * 60_000 / lasting
    wild[AccountSignal.BUSY][start:] += executions * 60_000
    wild[AccountSignal.CONCURRENCY][start:] += round(_CALLERS * executions)
    for delay in range(_LATER + 1):
        seen = _newest(wild, start + delay)
        if trips(seen) or (with_steps and steps(seen)):
            return delay
    return None


def main() -> None:
    """Print both for each kind of account."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--days", type=int, default=9)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    plain = at_rest(options.days, options.seed)
    at_once = plain[AccountSignal.BUSY].mean() / 60_000
    print(f"{at_once:.0f} executions at once on average, {options.days} days")
    for kind, make in KINDS.items():
        account = make(plain, np.random.default_rng([options.seed, 3]))
        days = (_length(account) - _BACK) / DAY_MINUTES
        for_trips, for_steps = needless(account)
        print(f"{kind}: needless looks in 30 days", end="")
        print(f" {30 / days * for_trips:.0f} for trips, {30 / days * for_steps:.0f} for steps")
        for executions in _SIZES:
            shares = []
            for with_steps in (False, True):
                rng = np.random.default_rng([options.seed, executions])
                delays = [
                    reported(account, executions, rng, with_steps=with_steps)
                    for _ in range(options.trials)
                ]
                for within in (_SOON, _LATER):
                    count = sum(delay is not None and delay <= within for delay in delays)
                    shares.append(f"{100 * count / options.trials:.0f}")
            print(f"  {executions} executions, told within {_SOON} and {_LATER} minutes:", end="")
            print(f" {shares[0]}, {shares[1]} % by trips; {shares[2]}, {shares[3]} % with steps")


if __name__ == "__main__":
    main()
