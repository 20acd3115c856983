"""Measures what a quiet estate would be told: false alerts as sent, not as scored.

    python -m bench.detector_sent [--functions 40] [--days 28] [--seed 1] [--looks 15]

The simulated functions of `bench.detector_quiet_estate`, in which nothing happens, are replayed
look by look through the code that judges live: quantiles of too few calls left out, floors for what
matters, related signals as one incident, the life cycle of alerts. Printed per 100 functions and
week, from the third day on: every alert that would have been opened, by rule.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bench.detector_quiet_estate import PERIOD, SIGNALS, Quiet, estate
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.alerting.alert import State
from functions.shared.config import DetectorPolicy, Looks
from functions.shared.core.arn import FunctionArn
from warden.backtest.replay import Subject, replay

_LEARNING: Final = timedelta(days=2)
_SIGNALS: Final = {
    "invocations": Signal.INVOCATIONS,
    "errors": Signal.ERRORS,
    "duration p50": Signal.DURATION_P50,
    "duration p99": Signal.DURATION_P99,
}


def reported(series: tuple[Quiet, ...], policy: DetectorPolicy) -> Iterator[str]:
    """The rules of the alerts that one quiet function would have caused."""
    signals = {_SIGNALS[one.signal]: Series(one.values, one.times) for one in series}
    first, last = when(series[0].times[0]), when(series[0].times[-1])
    function = FunctionArn.parse("quiet", account="1" * 12, region="eu-west-1")
    for changes in replay(
        Subject(function),
        signals,
        policy,
        start=first + _LEARNING,
        end=last,
        period_seconds=PERIOD,
    ):
        if changes.alert.state is State.OPENED:
            yield f"{changes.alert.finding.rule}: {changes.alert.finding.title}"


def main() -> None:
    """Prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--functions", type=int, default=40)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--looks", type=int, choices=(5, 10, 15, 30, 60), default=15)
    options = parser.parse_args()
    policy = DetectorPolicy(looks=Looks(active_minutes=options.looks))
    counts: Counter[str] = Counter()
    quiet = estate(options.functions, options.days, options.seed)
    for series in zip(*[quiet] * len(SIGNALS), strict=True):  # one function at a time
        counts.update(reported(series, policy))
    unit = options.functions / 100 * (options.days - _LEARNING.days) / 7
    print(f"{options.functions} functions, {options.days} days: alerts a week per 100 functions")
    for rule, count in counts.most_common():
        print(f"{count / unit:8.2f}  {rule}")
    print(f"{sum(counts.values()) / unit:8.2f}  together")


if __name__ == "__main__":
    main()
