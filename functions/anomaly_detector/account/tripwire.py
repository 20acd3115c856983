"""The tripwire: a few metrics of the whole account, minute by minute, against their own day. Pure.

Functions are looked at every fifteen minutes or less often, because each look costs. Lambda also
publishes its metrics summed up over the account: a runaway that matters to the bill, or to the
account's concurrency, shows there within a minute, for the price of four metrics. It needs no
learning and no state, for CloudWatch gives a whole day of minutes at the price of one.

The newest minutes are compared with the highest of: the hour before, the same time yesterday, and
what jobs that run by the hour add at the same minute of any hour of the day. Margin: three
percent, or what the signal varies by from minute to minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.series import Series, when

Floats = NDArray[np.float64]

HISTORY: Final = timedelta(hours=25)
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_NEW_MINUTES: Final = 3
_APART: Final = 5  # minutes between what is judged and what it is judged by
_YESTERDAY: Final = 15
_FEWEST: Final = 30
_NOISE: Final = 4.0
_RELATIVE: Final = 0.03
RUNAWAY: Final = 1.5
"""So many times its highest expected value, the account itself runs away."""
# Median absolute difference of two normally distributed values, in their standard deviation.
_DIFFERENCE: Final = 0.954


class AccountSignal(StrEnum):
    """A metric of the whole account, named as people speak of it."""

    CALLS = "invocations"
    BUSY = "busy time"
    CONCURRENCY = "concurrency"
    ERRORS = "errors"
    THROTTLES = "throttles"


@dataclass(frozen=True, slots=True)
class AccountMetric:
    """Where a signal of the account comes from; CloudWatch knows it without dimensions.

    Attributes:
        name: CloudWatch metric.
        statistic: How its samples are summed up over a minute.
        least: Rises smaller than this mean nothing.
        unit: Printed behind a value.
    """

    name: str
    statistic: str
    least: float
    unit: str = ""


# Statistics of one metric bill as one: these are four.
ACCOUNT_METRICS: Final[dict[AccountSignal, AccountMetric]] = {
    AccountSignal.CALLS: AccountMetric("Duration", "SampleCount", least=100, unit="a minute"),
    AccountSignal.BUSY: AccountMetric("Duration", "Sum", least=300_000, unit="ms a minute"),
    AccountSignal.CONCURRENCY: AccountMetric("ConcurrentExecutions", "Maximum", least=10),
    AccountSignal.ERRORS: AccountMetric("Errors", "Sum", least=30, unit="a minute"),
    AccountSignal.THROTTLES: AccountMetric("Throttles", "Sum", least=10, unit="a minute"),
}


@dataclass(frozen=True, slots=True)
class Trip:
    """A signal of the account that rose above everything its day has shown.

    Attributes:
        signal: Which one.
        at: The minute.
        value: What it shows.
        ceiling: The highest that was to be expected.
    """

    signal: AccountSignal
    at: datetime
    value: float
    ceiling: float

    @property
    def factor(self) -> float:
        """How many times the highest expected value; infinite where that is zero."""
        return self.value / self.ceiling if self.ceiling > 0 else float("inf")


def trips(account: Mapping[AccountSignal, Series]) -> list[Trip]:
    """What stands out in the newest minutes.

    Args:
        account: One day of minutes of each signal, zeros where nothing happened; empty where
            CloudWatch knows nothing.
    """
    return [
        trip for signal, series in account.items() if (trip := _trip(signal, series)) is not None
    ]


def ceiling(values: Floats) -> float | None:
    """The highest that the newest minutes may show; None where too little is known.

    Args:
        values: Minutes, oldest first; the newest of them are those in question.
    """
    newest = len(values)
    hour = values[max(0, newest - _APART - _HOUR) : newest - _APART]
    if len(hour) < _FEWEST:
        return None
    before = newest - _DAY
    yesterday = values[max(0, before - _YESTERDAY) : max(0, before + _YESTERDAY)]
    noise = float(np.median(np.abs(np.diff(hour)))) / _DIFFERENCE
    highest = max(
        float(hour.max()),
        float(yesterday.max()) if len(yesterday) else 0.0,
        float(np.median(hour)) + _hourly_excess(values),
    )
    return highest + max(_NOISE * noise, _RELATIVE * highest)


def _hourly_excess(values: Floats) -> float:
    """How far these minutes of an hour rose above their hour, at most, on the day before."""
    width = _NEW_MINUTES + 2
    hours = min(_DAY, len(values) - width) // _HOUR
    if hours < 1:
        return 0.0
    # One row for each hour, whose last minutes are those that the newest ones are of an hour.
    rows = values[len(values) - _HOUR * (hours + 1) + 1 : len(values) - _HOUR + 1]
    rows = rows[len(rows) - len(rows) // _HOUR * _HOUR :].reshape(-1, _HOUR)
    if not len(rows):
        return 0.0
    excess = rows[:, -width:].max(axis=1) - np.median(rows, axis=1)
    return float(excess.max())


def is_blind(account: Mapping[AccountSignal, Series]) -> bool:
    """Whether CloudWatch told nothing of the account: then quiet says nothing."""
    return not any(len(series) for series in account.values())


def last_throttle(account: Mapping[AccountSignal, Series]) -> datetime | None:
    """The last minute in which any function of the account was throttled; None where none was."""
    series = account.get(AccountSignal.THROTTLES, Series.empty())
    found = np.flatnonzero(series.values > 0)
    return when(series.timestamps[found[-1]]) if found.size else None


def _trip(signal: AccountSignal, series: Series) -> Trip | None:
    if len(series) <= _NEW_MINUTES:
        return None
    highest = ceiling(series.values)
    if highest is None:
        return None
    newest = series.values[-_NEW_MINUTES:]
    index = int(np.argmax(newest)) - _NEW_MINUTES
    value = float(series.values[index])
    usual = float(series.values[-_APART - _HOUR : -_APART].max())
    if value <= highest or value - usual < ACCOUNT_METRICS[signal].least:
        return None
    return Trip(signal, when(series.timestamps[index]), value, highest)
