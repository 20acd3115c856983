"""`detector`: what the anomaly-detector looks at, how often, and when it speaks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field, model_validator

from functions.shared.config.block import Block, EnvironmentName
from functions.shared.config.flows import FlowPolicy


class Looks(Block):
    """How often the anomaly-detector looks at a function: the main cost of Warden.

    Whatever these say, metrics of the whole account are watched every minute, and what they show
    makes the detector look at every active function at once.
    """

    active_minutes: Literal[5, 10, 15, 30, 60] = Field(
        15, description="Minutes between two looks at a function that is busy."
    )
    busy_calls: int = Field(
        50,
        ge=1,
        description="Calls in five minutes from which on a function is busy.",
    )
    quiet_minutes: Literal[15, 30, 60, 120, 180] = Field(
        60,
        description="Minutes between two looks at a function that is called now and then; three "
        "times as long where the last look saw no call.",
    )
    after_deployment_minutes: int = Field(
        30,
        ge=0,
        le=24 * 60,
        description="So long after a deployment a function is looked at every minute.",
    )

    @model_validator(mode="after")
    def _the_busy_come_first(self) -> "Looks":
        if self.quiet_minutes < self.active_minutes:
            raise ValueError(
                f"quiet_minutes ({self.quiet_minutes}) must not be shorter than active_minutes "
                f"({self.active_minutes})"
            )
        return self


class SignalGroup(StrEnum):
    """Signals that are switched on together; calls, errors and durations are always read."""

    THROTTLES = "throttles"
    CONCURRENCY = "concurrency"
    ASYNC = "async"
    STREAMS = "streams"
    DURABLE = "durable"
    MEMORY = "memory"
    CPU = "cpu"
    NETWORK = "network"
    INIT = "init"
    STORAGE = "storage"


INSIGHTS_GROUPS: Final = frozenset(
    {
        SignalGroup.MEMORY,
        SignalGroup.CPU,
        SignalGroup.NETWORK,
        SignalGroup.INIT,
        SignalGroup.STORAGE,
    }
)
"""Signals that Lambda Insights publishes, for functions that carry its extension."""


class Signals(Block):
    """Which signals are read beside calls, errors and durations."""

    everywhere: tuple[SignalGroup, ...] = Field(
        (
            SignalGroup.THROTTLES,
            SignalGroup.CONCURRENCY,
            SignalGroup.ASYNC,
            SignalGroup.STREAMS,
            SignalGroup.DURABLE,
        ),
        description="Read of every function: `throttles`, `concurrency` (also what spills over "
        "from provisioned concurrency), `async` (age of queued events, dead letters, destinations, "
        "dropped events and recursive calls), `streams` (iterator age), `durable` (durable "
        "executions), and from Lambda Insights `memory`, `cpu`, `network`, `init`, `storage` "
        "(/tmp).",
    )
    environments: dict[EnvironmentName, tuple[SignalGroup, ...]] = Field(
        default_factory=dict,
        description="Read in addition, by environment, for example "
        '`{"production": ["memory", "network"]}`.',
    )

    def of(self, environment: str) -> frozenset[SignalGroup]:
        """The signals of functions of an environment; an empty one is none of those listed."""
        return frozenset((*self.everywhere, *self.environments.get(environment, ())))


class DetectorPolicy(Block):
    """What the anomaly-detector looks at and when it speaks."""

    looks: Looks = Looks()
    signals: Signals = Signals()
    history_days: int = Field(
        14, ge=1, le=15, description="History that a point is judged against."
    )
    minimum_invocations: int = Field(
        20, ge=1, description="Invocations in a period below which ratios mean nothing."
    )
    duration_share_of_timeout: float = Field(
        0.9, gt=0, le=1, description="Share of its timeout at which a duration is too long."
    )
    memory_share: float = Field(
        0.9, gt=0, le=1, description="Share of its memory at which a function is close to its end."
    )
    concurrency_share: float = Field(
        0.9,
        gt=0,
        le=1,
        description="Share of its reserved concurrency, or of the account's, that is too high.",
    )
    error_share: float = Field(
        0.2,
        gt=0,
        le=1,
        description="Share of failed or throttled invocations, or of failed or slow calls to a "
        "host or service, that is too high, where the counts show with 95 % confidence that it is "
        "at least that.",
    )
    trace_faults: int = Field(
        5,
        ge=1,
        description="Faulty X-Ray traces of a function between two looks that are worth an alert.",
    )
    flows: FlowPolicy = FlowPolicy()

    @model_validator(mode="before")
    @classmethod
    def _knows_what_became_of_the_tick(cls, data: object) -> object:
        if isinstance(data, Mapping) and "tick_minutes" in data:
            raise ValueError(
                "tick_minutes: how often a function is looked at depends on the function now; "
                "set looks.active_minutes and looks.quiet_minutes instead, or remove it"
            )
        return data
