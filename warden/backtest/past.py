"""A function's past, from wherever it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.config import DetectorPolicy
from warden.backtest.judging import Judging
from warden.backtest.replay import AlertChange, Subject, in_live_periods, replay
from warden.backtest.rhythm import Rhythm, rhythm_of


class PastError(Exception):
    """The past could not be read; the message says where, and what would help."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is replayed.

    Attributes:
        subject: The function.
        signals: Its signals; those without points may be absent.
        period_seconds: Width of their periods.
        start: The first look.
        end: End of the last period.
        judging: Which of its signals can be judged.
        notes: What the reader must know about it.
    """

    subject: Subject
    signals: Mapping[Signal, Series]
    period_seconds: int
    start: datetime
    end: datetime
    judging: Judging
    notes: tuple[str, ...] = ()

    @property
    def rhythm(self) -> Rhythm | None:
        """What is taken for its rhythm; None where its calls are not known."""
        if Signal.INVOCATIONS not in self.signals:
            return None
        return rhythm_of(in_live_periods(self.signals, self.period_seconds), self.end)

    def replayed(self, policy: DetectorPolicy) -> list[AlertChange]:
        """Everything that would have been sent."""
        return list(
            replay(
                self.subject,
                self.signals,
                policy,
                start=self.start,
                end=self.end,
                period_seconds=self.period_seconds,
            )
        )
