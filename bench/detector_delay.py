"""How soon a runaway of a seldom called function is told of, from its metrics to its own alert.

    python -m bench.detector_delay [--trials 5] [--executions 10 20 50] [--seed 7]

The deployed tick and the pages of the runaway's group run minute by minute on the simulated estate
of `bench.detector_month`, from four hours before the runaway on, so that every active function of
the group is known by then. In the month's bench the neighbours of a runaway are not: they compete
with it for the twelve histories that a look reads. One runaway at a time, in the Thursday to
Saturday of the month, with the whole allowance for wakes. Nothing of the bill is counted.
"""

import argparse
import json
from datetime import timedelta
from typing import Final

import numpy as np

from bench.detector_estate import DAY_MINUTES, Runaway
from bench.detector_month import FIRST, START, Month
from functions.anomaly_detector.metrics.schedule import group_of
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType

_FUNCTIONS: Final = 1000
_DAYS: Final = 3
_WARM_UP: Final = 240
_LASTING: Final = 35
_SELDOM: Final = 1.0  # calls a minute


def delay_of(executions: int, rng: np.random.Generator) -> float | None:
    """Minutes from the end of the first minute of a runaway; None where it was never told."""
    month = Month(_FUNCTIONS, _DAYS, share=1, seed=1)
    seldom = [i for i, one in enumerate(month.estate.functions) if one.rate < _SELDOM]
    number = int(rng.choice(seldom))
    begin = int(rng.integers(600, _DAYS * DAY_MINUTES - 60))
    function = month.estate.functions[number]
    per_minute = executions * 60_000 / function.duration
    month.estate.runaways.append(Runaway(number, FIRST + begin, _LASTING, per_minute))
    for minute in range(begin - _WARM_UP, begin + _LASTING + 2):
        now = START + timedelta(minutes=minute)
        month.estate.now = int(now.timestamp())
        month.handle("ticks", own_message(MessageType.METRIC_TICK), now)
        bodies, month.place.queue.bodies = month.place.queue.bodies, []
        for message in map(json.loads, bodies):
            groups = message["detail"]["groups"]
            if message["detail"]["group"] == group_of(function.name, groups):
                month.handle("pages", message, now)
        month.collect()
        [(_, delay)] = month.delays()
        if delay is not None:
            return delay
    return None


def main() -> None:
    """Print the delays of each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--executions", type=int, nargs="+", default=(10, 20, 50))
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    delays: dict[int, list[float | None]] = {size: [] for size in options.executions}
    for _ in range(options.trials):
        for size, found in delays.items():
            found.append(delay_of(size, rng))
    for size, found in delays.items():
        shown = ", ".join("not told" if one is None else f"{one:.1f}" for one in found)
        print(f"{size} executions at once: {shown} minutes")


if __name__ == "__main__":
    main()
