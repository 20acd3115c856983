"""Whether to cap a function, and at how much; every refusal has its reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import ceil
from typing import Final

from functions.anomaly_detector.incident import Incident
from functions.anomaly_detector.signals import Signal
from functions.shared.config import ConcurrencyCap, Mode
from functions.shared.reading import Reading, Unknown

# AWS keeps at least this much concurrency unreserved (Lambda developer guide, "Configuring
# reserved concurrency"); PutFunctionConcurrency refuses to go below it.
UNRESERVED_FLOOR: Final = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a cap must respect.

    Attributes:
        name: The function's name.
        environment: Its environment, empty while unknown.
        reserved: Its reserved concurrency now; a known None means that it has none.
        unreserved: Concurrency that no function of the account has reserved.
        own_functions: What the names of Warden's own functions start with.
        exempt: Names and prefixes that are never acted on.
    """

    name: str
    environment: str
    reserved: Reading[int | None]
    unreserved: Reading[int]
    own_functions: str
    exempt: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CapDecision:
    """What to do: `cap` is the reserved concurrency to set, None to leave the function alone."""

    cap: int | None
    reason: str


def decide(incident: Incident, around: Surroundings, policy: ConcurrencyCap) -> CapDecision:
    """Decide on a cap for a confirmed runaway, whatever the mode.

    The cap is a multiple of the usual peak concurrency, never below the policy's floor, and never
    above what the function has now: a brake must not release.
    """
    if reason := _refusal(around, policy):
        return CapDecision(None, reason)
    concurrency = incident.of(Signal.CONCURRENCY)
    if concurrency is None:
        return CapDecision(None, "Not capped: its concurrency is not unusual.")
    cap = max(policy.floor, ceil(policy.peak_multiple * concurrency.usual))
    if cap >= concurrency.current:
        return CapDecision(None, f"Not capped: the cap of {cap} would not slow it down.")
    return _within_account(cap, around)


def _refusal(around: Surroundings, policy: ConcurrencyCap) -> str:
    if policy.mode is Mode.OFF:
        return "Not capped: caps are switched off."
    if around.name.startswith(around.own_functions):
        return "Not capped: it is one of Warden's own functions."
    if any(fnmatchcase(around.name, pattern) for pattern in around.exempt):
        return "Not capped: the function is exempt."
    if around.environment not in policy.environments:
        known = f"environment {around.environment!r}" if around.environment else "no environment"
        return f"Not capped: {known} is not among those that may be capped."
    return ""


def _within_account(cap: int, around: Surroundings) -> CapDecision:
    if isinstance(around.reserved, Unknown):
        return CapDecision(
            None, f"Not capped: its present setting is unknown ({around.reserved.cause})."
        )
    if isinstance(around.unreserved, Unknown):
        return CapDecision(
            None, f"Not capped: the account's limit is unknown ({around.unreserved.cause})."
        )
    reserved = around.reserved.value
    if reserved is not None and reserved <= cap:
        return CapDecision(None, f"Not capped: it is limited to {reserved} already.")
    left = around.unreserved.value + (reserved or 0) - cap
    if left < UNRESERVED_FLOOR:
        return CapDecision(
            None,
            f"Not capped: only {left} of the account's concurrency would stay unreserved, "
            f"{UNRESERVED_FLOOR} must.",
        )
    return CapDecision(cap, f"capped at {cap} concurrent executions")
