"""`guard`: what may be done to a function of the estate."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from functions.shared.config.block import Block, EnvironmentName, FunctionPattern, Mode


class CapPolicy(Block):
    """How hard a runaway is limited, for how long, and when it is let go."""

    peak_multiple: float = Field(
        2.0, ge=1.0, le=100.0, description="Cap at this multiple of the usual peak concurrency."
    )
    floor: int = Field(5, ge=1, le=1000, description="Never cap below this concurrency.")
    minutes: int = Field(
        60,
        ge=5,
        le=24 * 60,
        description="Lift the cap after this time, unless the runaway still lasts: then it is "
        "renewed for as long again.",
    )
    longest_hours: int = Field(
        24,
        ge=1,
        le=7 * 24,
        description="Lift the cap after this time in all, whatever happens.",
    )
    cool_down_minutes: int = Field(
        15,
        ge=5,
        le=24 * 60,
        description="Lift the cap earlier when it refused no call for this long.",
    )
    tighten_minutes: int = Field(
        15, ge=1, le=24 * 60, description="Time between two steps while the anomaly lasts."
    )
    tighten_factor: float = Field(
        0.5, gt=0, le=1, description="Each step multiplies the cap by this; 1 never tightens."
    )


class QuarantineReason(StrEnum):
    """What a function may be stopped for."""

    WORLD_OPEN_ATTACKED = "world-open-attacked"
    KNOWN_EXPLOITED = "known-exploited"
    LIFECYCLE = "lifecycle"


class QuarantinePolicy(Block):
    """When a function is stopped altogether, with a reserved concurrency of 0."""

    reasons: tuple[QuarantineReason, ...] = Field(
        (),
        description="Reasons for which a function may be stopped: `world-open-attacked`, "
        "`known-exploited`, `lifecycle`.",
    )
    minutes: int = Field(
        240, ge=5, le=30 * 24 * 60, description="Let the function run again after this time."
    )
    after_expiry_days: int = Field(
        7,
        ge=0,
        le=365,
        description="For `lifecycle`: days between a function's expiry date, from which on its "
        "owner is told, and stopping it.",
    )
    protected_environments: tuple[EnvironmentName, ...] = Field(
        ("production",),
        description="Environments whose functions are never stopped; so is a function whose "
        "environment is unknown.",
    )


class StandingLimitPolicy(Block):
    """Lasting limits for functions without a reservation, so that none can drain the pool."""

    mode: Mode = Field(
        Mode.DRY_RUN,
        description="`off`, `dry-run` (propose limits) or `enforce` (set them where the "
        "environment's mode is `enforce`, too).",
    )
    weeks: int = Field(4, ge=1, le=9, description="Weeks of observed peaks that are looked at.")
    headroom: float = Field(
        2.0, ge=1.0, le=100.0, description="Propose this multiple of the highest observed peak."
    )
    least_peak: int = Field(
        20, ge=1, le=10_000, description="Functions that never ran more at once need no limit."
    )
    starved_share: float = Field(
        0.8,
        gt=0,
        le=1,
        description="Warn when the functions without a reservation have used this share of what "
        "the reservations leave them.",
    )


class Budget(Block):
    """What may be spent, in USD at list price."""

    monthly_usd: float | None = Field(None, gt=0, description="In a calendar month (UTC).")
    hourly_usd: float | None = Field(None, gt=0, description="In an hour.")

    @model_validator(mode="after")
    def _says_something(self) -> "Budget":
        if self.monthly_usd is None and self.hourly_usd is None:
            raise ValueError("name monthly_usd, hourly_usd or both")
        return self


class BudgetPolicy(Block):
    """What functions, owners and environments may spend."""

    functions: dict[FunctionPattern, Budget] = Field(
        default_factory=dict, description="Budget of each function, by name or prefix."
    )
    owners: dict[str, Budget] = Field(
        default_factory=dict, description="Budget of all functions of an owner together."
    )
    environments: dict[EnvironmentName, Budget] = Field(
        default_factory=dict, description="Budget of all functions of an environment together."
    )
    warn_share: float = Field(
        0.8, gt=0, le=1, description="Warn when this share of a budget is spent."
    )
    cap: bool = Field(
        default=False,
        description="Whether the function that spends most is capped when a budget is used up; "
        "only where its environment's mode is `enforce`.",
    )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to review."""
        return not (self.functions or self.owners or self.environments)


class Handling(StrEnum):
    """What is done about a circumstance that speaks against a cap."""

    REFUSE = "refuse"
    REPORT = "report"


class GuardPolicy(Block):
    """What the guard may do to a function of the estate."""

    mode: Mode = Field(
        Mode.DRY_RUN,
        description="`off`, `dry-run` (say what would be done) or `enforce`, for environments "
        "that `modes` does not name. A function whose environment is unknown is never acted on.",
    )
    modes: dict[EnvironmentName, Mode] = Field(
        default_factory=dict, description="The same by environment."
    )
    actions_per_hour: int = Field(
        6,
        ge=0,
        le=1000,
        description="Caps, tightenings, quarantines and standing limits an hour; past this "
        "number, stop acting and page a person. Restoring is never counted.",
    )
    sweep_minutes: Literal[1, 5, 10, 15] = Field(
        5, description="Minutes between two looks at everything that stands."
    )
    hold_hours: int = Field(
        24,
        ge=0,
        le=30 * 24,
        description="How long a function is left alone after a person took it back.",
    )
    settle_hours: int = Field(
        6,
        ge=1,
        le=7 * 24,
        description="How long the protection of a function's former environment lasts after its "
        "tag was changed: one call changes a tag.",
    )
    own_concurrency: bool = Field(
        default=True,
        description="Whether the sweep reserves concurrency for the guard, the anomaly-detector "
        "and the notifier, so that a runaway cannot starve them: 17 executions in all, and only "
        "where `unreserved_minimum`, and the 100 that AWS demands, stay unreserved beside them. "
        "New accounts, whose limit is 10, have no room for it.",
    )
    queue_backed: Handling = Field(
        Handling.REFUSE,
        description="Functions behind a queue or stream, where throttling loses or loops "
        "messages: `refuse`, or `report` what will happen and cap.",
    )
    iac_managed: Handling = Field(
        Handling.REPORT,
        description="Functions that a tool manages, which may set the value back: `refuse`, or "
        "`report` by which tool and cap.",
    )
    unreserved_minimum: int = Field(
        100,
        ge=0,
        le=100_000,
        description="Leave at least this much of the account's concurrency unreserved; what AWS "
        "itself demands is kept in any case.",
    )
    keep_restore_permission: bool = Field(
        default=True,
        description="Whether the guard may change reserved concurrency in every mode, so that "
        "what stands is lifted after enforce mode was left, too. Only a deployment that never "
        "enforced can do without.",
    )
    cap: CapPolicy = CapPolicy()
    quarantine: QuarantinePolicy = QuarantinePolicy()
    standing: StandingLimitPolicy = StandingLimitPolicy()
    budget: BudgetPolicy = BudgetPolicy()

    def mode_of(self, environment: str) -> Mode:
        """What may be done in an environment; at most a dry run where it is unknown (empty)."""
        if not environment:
            return Mode.OFF if self.mode is Mode.OFF else Mode.DRY_RUN
        return self.modes.get(environment, self.mode)

    @property
    def acts(self) -> bool:
        """Whether anything may be limited anywhere."""
        return Mode.ENFORCE in {self.mode, *self.modes.values()}
