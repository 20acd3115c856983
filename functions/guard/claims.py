"""Asking AWS and the table for what a claim cites, before anything is done about it."""

from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.claims import Seen, bears_out
from functions.guard.decisions.decision import Decision
from functions.guard.guard import Guard
from functions.guard.measure import Measure, read
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading
from functions.shared.guarding.requests import Runaway

_WINDOW: Final = timedelta(hours=1)
_PERIOD: Final = timedelta(minutes=5)


def not_borne_out(
    guard: Guard, function: FunctionArn, runaway: Runaway, now: datetime
) -> Decision | None:
    """Read the metrics that a confirmed runaway cites; a refusal where they do not show it.

    Raises:
        ClientError: CloudWatch could not answer now; deliver the message again.
        IncompleteMetricsError: It answered in part, likewise.
    """
    return bears_out(runaway, _seen(guard, function, now), now)


def _seen(guard: Guard, function: FunctionArn, now: datetime) -> Reading[Seen]:
    at_once = Measure(function.name, "ConcurrentExecutions", "Maximum")
    calls = Measure(function.name, "Invocations", "Sum")

    def look() -> Seen:
        values = read(
            guard.warden.aws.cloudwatch,
            [at_once, calls],
            start=now - _WINDOW,
            end=now,
            period=_PERIOD,
        )
        return Seen(
            concurrency=max(values[at_once].values(), default=0.0),
            invocations=max(values[calls].values(), default=0.0),
        )

    return ask("reading the metrics that it cites", look)
