"""Whether what AWS shows bears out what somebody claims. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.decision import Code, Decision
from functions.shared.core.reading import Reading, Unknown
from functions.shared.guarding.requests import Runaway

FRESH: Final = timedelta(minutes=15)
"""A runaway is confirmed again at each look: one that was confirmed longer ago may be over."""

CLOCK_SKEW: Final = timedelta(minutes=2)
"""How far two clocks of AWS may differ; what is later than that has not happened."""

LONGEST_RUNAWAY: Final = timedelta(days=31)
"""A runaway lasts until somebody ends it; what is older than this was not seen by the detector."""

# Samples still arrive while the guard reads, and the detector may read another statistic of them.
_TOLERANCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """What CloudWatch shows of the last hour of a function.

    Attributes:
        concurrency: The most that ran at once.
        invocations: The most in any five minutes.
        rise: Executions at once that the whole account runs beyond what it did before the runaway;
            None while unknown.
    """

    concurrency: float
    invocations: float
    rise: float | None = None


def is_later(at: datetime, now: datetime) -> bool:
    """Whether a time lies in the future, beyond what clocks may differ."""
    return at > now + CLOCK_SKEW


def bears_out(runaway: Runaway, seen: Reading[Seen], now: datetime) -> Decision | None:
    """A refusal where the metrics that a runaway cites do not show it; None where they do."""
    if is_later(runaway.since, now) or now - runaway.since > LONGEST_RUNAWAY:
        return _refuse(
            f"Not limited: the runaway is said to have begun at {runaway.since:%Y-%m-%d %H:%M} "
            "UTC, which cannot be.",
        )
    if isinstance(seen, Unknown):
        return Decision(
            code=Code.UNKNOWN,
            reason=f"Not limited: whether the metrics show the runaway is unknown ({seen.cause}).",
        )
    value = seen.value
    claims = (
        (runaway.concurrency, value.concurrency),
        (runaway.invocations, value.invocations),
    )
    if any(claimed > 0 and shown >= claimed * _TOLERANCE for claimed, shown in claims):
        return None
    return _refuse(
        f"Not limited: CloudWatch does not show the runaway. Claimed were "
        f"{runaway.concurrency:,.0f} at once and {runaway.invocations:,.0f} invocations; the last "
        f"hour shows {value.concurrency:,.0f} and {value.invocations:,.0f}."
    )


def _refuse(reason: str) -> Decision:
    return Decision(code=Code.NOT_BORNE_OUT, reason=reason)
