"""A denial-of-wallet attack on a function with a public URL, minute by minute. Pure.

Healthy callers follow the day; the attacker adds a flood. How many run at once is Little's law;
what reserved concurrency leaves no room for is throttled, healthy and hostile calls alike.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from demo.estate.traffic import busyness

MINUTE: Final = timedelta(minutes=1)
_BURST: Final = 2  # how much more run at once than on average


@dataclass(frozen=True, slots=True)
class Attack:
    """What happens.

    Attributes:
        per_minute: Healthy invocations a minute at the busiest time.
        duration_ms: How long one takes.
        memory_mib: The function's memory.
        start: When the attacker begins.
        minutes: How long they go on.
        factor: How many times the healthy traffic of the busiest time they send.
        limit: The account's concurrent executions.
    """

    per_minute: float
    duration_ms: float
    memory_mib: int
    start: datetime
    minutes: int
    factor: float
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class Minute:
    """What was asked for and served in a minute.

    Attributes:
        at: Its begin.
        healthy: Healthy calls.
        hostile: The attacker's calls.
        served: Calls of both that ran.
        concurrency: How many ran at once at most.
    """

    at: datetime
    healthy: float
    hostile: float
    served: float
    concurrency: int

    @property
    def share(self) -> float:
        """Which share of all calls ran; healthy and hostile ones alike."""
        asked = self.healthy + self.hostile
        return self.served / asked if asked else 1.0

    @property
    def throttled(self) -> float:
        """Calls that were refused."""
        return self.healthy + self.hostile - self.served


def demand(
    attack: Attack, start: datetime, until: datetime
) -> Iterator[tuple[datetime, float, float]]:
    """Healthy and hostile calls of each minute; the same every time."""
    noise = random.Random("attack")  # noqa: S311 - repeatable noise, no secret
    at = start
    while at < until:
        healthy = attack.per_minute * busyness(at) * max(0.3, noise.gauss(1, 0.08))
        flood = attack.per_minute * attack.factor * max(0.5, noise.gauss(1, 0.05))
        attacked = attack.start <= at < attack.start + MINUTE * attack.minutes
        yield at, healthy, flood if attacked else 0.0
        at += MINUTE


def serve(
    attack: Attack, at: datetime, healthy: float, hostile: float, reserved: int | None
) -> Minute:
    """What of the demand runs within the reserved concurrency, or the account's."""
    room = attack.limit if reserved is None else reserved
    wanted = (healthy + hostile) * attack.duration_ms / 60_000
    served = (healthy + hostile) * (min(1.0, room / wanted) if wanted else 1.0)
    return Minute(at, healthy, hostile, served, min(room, math.ceil(wanted * _BURST)))
