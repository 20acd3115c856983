"""One story of a function: its metrics, what happens in it, and what is right to tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.core.severity import Severity

Floats = NDArray[np.float64]

PERIOD: Final = 300
A_DAY: Final = 86_400 // PERIOD
AN_HOUR: Final = 3_600 // PERIOD
MESSAGES: Final = 4
"""Messages that one story may take: opened, two updates, resolved."""


@dataclass(frozen=True, slots=True)
class Right:
    """What is right to tell of a story.

    Attributes:
        first: The first row of what is to be told; None where nothing is.
        last: The row after its last one.
        within: Minutes within which it must be told, from the end of the first row's period.
        least: The severity that it must reach.
        most: The severity that it must not exceed.
        openings: Alerts that may be opened; where nothing is to be told, those that are tolerated.
    """

    first: int | None = None
    last: int = 0
    within: int = 30
    least: Severity = Severity.LOW
    most: Severity = Severity.CRITICAL
    openings: int = 2


@dataclass(frozen=True, slots=True)
class Story:
    """A function's metrics in periods of five minutes.

    Attributes:
        name: Its kind and number.
        columns: Values by signal; NaN where there is none.
        start: Start of the first period, UTC.
        right: What is right to tell.
        timeout: Seconds.
        memory: MiB.
        learn_days: Days at its beginning that are only learnt from.
    """

    name: str
    columns: Mapping[Signal, Floats]
    start: np.datetime64
    right: Right
    timeout: int = 60
    memory: int = 512
    learn_days: float = 3.0
    settings: Mapping[str, int] = field(default_factory=dict)

    @property
    def times(self) -> NDArray[np.datetime64]:
        """Starts of the periods."""
        rows = len(next(iter(self.columns.values())))
        return self.start + (PERIOD * np.arange(rows)).astype("timedelta64[s]")
