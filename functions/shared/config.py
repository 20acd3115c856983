"""The `warden` block of cdk.json: what a platform team decides, validated before it is deployed.

The same models are read twice: at synth, where a wrong value stops the deployment with the field's
name and the fix, and at run time, where a function receives its own part as JSON.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from functions.shared.rule_ids import GAP_RULES, SCANNER_RULES
from functions.shared.text import plain

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_FUNCTION_PATTERN: Final = r"[A-Za-z0-9_-]+\*?"
# Length is bounded beside the pattern: repeating all of Unicode's letters up to 128 times would
# take the validator longer to compile than everything else here.
_TAG_KEY: Final = r"^[\w .:/=+@-]+$"
_SOURCE: Final = r"^[\w.-]+(/[\w.-]+)*$"
_EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class Mode(StrEnum):
    """What Warden may do about a decision: nothing, say what it would do, or do it."""

    OFF = "off"
    DRY_RUN = "dry-run"
    ENFORCE = "enforce"


class _Block(BaseModel):
    """Base of every block: unknown fields are errors, because a typo must never mean a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_pattern(text: str) -> str:
    if text and not text.strip("*"):
        raise ValueError(
            f"{text!r} would exempt every function; name functions, or a prefix such as 'legacy-*'"
        )
    if not re.fullmatch(_FUNCTION_PATTERN, text):
        raise ValueError(
            f"{text!r} is neither a function's name nor a prefix; write 'name' or 'prefix-*'"
        )
    return text


FunctionPattern = Annotated[str, AfterValidator(_as_pattern)]


def _as_rule(text: str) -> str:
    if text in GAP_RULES:
        raise ValueError(f"{text!r} says what could not be read and cannot be disabled")
    if text not in SCANNER_RULES:
        raise ValueError(f"{text!r} is no rule of the scanner; known are {sorted(SCANNER_RULES)}")
    return text


SeverityLabel = Literal["info", "low", "medium", "high", "critical"]
KindLabel = Literal[
    "vulnerability",
    "drift",
    "exposure",
    "lifecycle",
    "tagging",
    "anomaly",
    "enforcement",
    "coverage",
]
RuleId = Annotated[str, AfterValidator(_as_rule)]
EnvironmentName = Annotated[str, Field(pattern=r"^\S(.{0,254}\S)?$")]


class TagPolicy(_Block):
    """Who owns a function, which environment it belongs to, and when it must be gone."""

    owner_tag: str = Field(
        "owner", max_length=128, pattern=_TAG_KEY, description="Tag that names the owner."
    )
    environment_tag: str = Field(
        "environment",
        max_length=128,
        pattern=_TAG_KEY,
        description="Tag that names the environment.",
    )
    expiry_tag: str = Field(
        "expiry",
        max_length=128,
        pattern=_TAG_KEY,
        description="Tag with the date of removal, as YYYY-MM-DD.",
    )
    owner_pattern: str = Field(
        r"^[\w.+-]+(@[\w-]+(\.[\w-]+)+)?$",
        description="Regular expression that a whole owner value must match: a team or an address.",
    )
    environments: tuple[EnvironmentName, ...] = Field(
        ("production", "experimental", "back-office"), description="Allowed environments."
    )
    expiring_environments: tuple[EnvironmentName, ...] = Field(
        ("experimental",), description="Environments whose functions need an expiry date."
    )
    maximum_lifetime_days: int = Field(
        90, ge=1, le=3650, description="How far ahead an expiry date may lie."
    )
    grace_minutes: int = Field(
        15,
        ge=0,
        le=7 * 24 * 60,
        description="Time after creation in which missing tags are not yet judged: many tools "
        "create a function first and tag it a moment later.",
    )

    @field_validator("owner_pattern")
    @classmethod
    def _is_a_regular_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _environments_are_consistent(self) -> "TagPolicy":
        if not self.environments:
            raise ValueError("environments: name at least one environment")
        if stray := set(self.expiring_environments) - set(self.environments):
            raise ValueError(
                f"expiring_environments: {sorted(stray)} is not in environments "
                f"{list(self.environments)}; add it there or remove it here"
            )
        return self


class ScannerPolicy(_Block):
    """What the scanner reads and when it warns."""

    runtime_warning_days: int = Field(
        90, ge=0, le=730, description="Warn this long before a runtime's end of support."
    )
    advisories_stale_after_hours: int = Field(
        48, ge=1, le=24 * 90, description="Advisory data older than this is a finding."
    )
    shared_role_functions: int = Field(
        3, ge=2, le=1000, description="So many functions with one execution role are a finding."
    )
    disabled_rules: tuple[RuleId, ...] = Field(
        ("tracing-off",),
        description="Rules that are not applied; their open alerts are resolved. Rules that say "
        "what could not be read cannot be disabled.",
    )
    source_tag: str = Field(
        "source",
        max_length=128,
        pattern=_TAG_KEY,
        description="Tag that names the repository a function is built from; its lockfile is "
        "looked for under lockfiles/<source>/ in Warden's bucket.",
    )
    sources: dict[FunctionPattern, Annotated[str, Field(pattern=_SOURCE)]] = Field(
        default_factory=dict,
        description="The same by function name or prefix, for functions without that tag.",
    )
    trusted_accounts: tuple[Annotated[str, Field(pattern=r"^\d{12}$")], ...] = Field(
        (), description="Account ids whose layers and permissions are not foreign."
    )


def _as_peer_pattern(text: str) -> str:
    if not text.strip("*?.: "):
        raise ValueError(f"{text!r} would expect everything; name callers or callees")
    return text


PeerPattern = Annotated[str, Field(max_length=200), AfterValidator(_as_peer_pattern)]


class FlowPolicy(_Block):
    """Who may call a function and what it may call: how that is learnt, and what is told."""

    enabled: bool = Field(default=True, description="Whether flows are looked at.")
    look_hours: Literal[1, 2, 3, 6] = Field(
        1, description="Hours between two looks at the X-Ray service graph."
    )
    learning_days: int = Field(
        7,
        ge=0,
        le=60,
        description="Days from the first look at a function in which its callers and callees are "
        "learnt in silence; a new one that stays for as long is taken for known.",
    )
    learning_observations: int = Field(
        20, ge=1, le=100_000, description="Traced calls that must be seen until traces are learnt."
    )
    explained_hours: int = Field(
        24,
        ge=1,
        le=14 * 24,
        description="A new caller or callee this long after a change of the function, or of the "
        "function that calls it, is explained by that change and told as information.",
    )
    silent_hours: int = Field(
        12, ge=1, le=30 * 24, description="Shortest silence of a busy edge that is told."
    )
    keep_days: int = Field(
        90, ge=7, le=400, description="A caller or callee not seen for so long is forgotten."
    )
    expected_peers: tuple[PeerPattern, ...] = Field(
        (),
        description="Callers and callees that are never told of, as `kind:name` with wildcards, "
        "for example `host:*.example.com` or `account:123456789012`.",
    )
    intended_cycles: tuple[FunctionPattern, ...] = Field(
        (), description="Names or prefixes of functions whose cycles are intended."
    )

    @model_validator(mode="after")
    def _remembers_longer_than_it_learns(self) -> "FlowPolicy":
        if self.keep_days <= self.learning_days:
            raise ValueError(
                f"keep_days: {self.keep_days} must be more than learning_days "
                f"({self.learning_days}), or everything would be new for ever"
            )
        return self


class Looks(_Block):
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
    MEMORY = "memory"
    CPU = "cpu"
    NETWORK = "network"
    INIT = "init"


INSIGHTS_GROUPS: Final = frozenset(
    {SignalGroup.MEMORY, SignalGroup.CPU, SignalGroup.NETWORK, SignalGroup.INIT}
)
"""Signals that Lambda Insights publishes, for functions that carry its extension."""


class Signals(_Block):
    """Which signals are read beside calls, errors and durations."""

    everywhere: tuple[SignalGroup, ...] = Field(
        (
            SignalGroup.THROTTLES,
            SignalGroup.CONCURRENCY,
            SignalGroup.ASYNC,
            SignalGroup.STREAMS,
        ),
        description="Read of every function: `throttles`, `concurrency`, `async` (age of queued "
        "events, dead letters, destinations), `streams` (iterator age), and from Lambda Insights "
        "`memory`, `cpu`, `network`, `init`.",
    )
    environments: dict[EnvironmentName, tuple[SignalGroup, ...]] = Field(
        default_factory=dict,
        description="Read in addition, by environment, for example "
        '`{"production": ["memory", "network"]}`.',
    )

    def of(self, environment: str) -> frozenset[SignalGroup]:
        """The signals of functions of an environment; an empty one is none of those listed."""
        return frozenset((*self.everywhere, *self.environments.get(environment, ())))


class DetectorPolicy(_Block):
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
        0.2, gt=0, le=1, description="Share of failed or throttled invocations that is too high."
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


class Route(_Block):
    """Alerts that go to a topic of their own. Empty conditions are met by every alert."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Ends the name of the route's topic."
    )
    owners: tuple[str, ...] = Field((), description="Owners, `*` stands for any characters.")
    environments: tuple[str, ...] = Field((), description="Environments, likewise.")
    severities: tuple[SeverityLabel, ...] = Field((), description="Severities.")
    kinds: tuple[KindLabel, ...] = Field((), description="Kinds of finding.")
    emails: tuple[Annotated[str, Field(pattern=_EMAIL)], ...] = Field(
        (), description="Addresses that receive what this route takes."
    )


class NotificationPolicy(_Block):
    """When people are told, in what company, and where. The words are those of Alertmanager."""

    group_by: tuple[Literal["owner", "environment", "kind", "rule", "function"], ...] = Field(
        ("owner",), description="Alerts that have these in common share a message."
    )
    group_wait_seconds: int = Field(
        30,
        ge=0,
        le=600,
        description="Wait this long for more of a group before its first message; critical alerts "
        "do not wait.",
    )
    group_interval_minutes: int = Field(
        5,
        ge=0,
        le=24 * 60,
        description="Time between two messages of one group; critical alerts do not wait.",
    )
    repeat_interval_hours: dict[SeverityLabel, Annotated[int, Field(ge=1, le=24 * 30)]] = Field(
        default={"critical": 4},
        description="Remind of open alerts of a severity after this time, and again. Those left "
        "out appear in the digest only.",
    )
    acknowledgement_hours: int = Field(
        24, ge=1, le=24 * 14, description="How long an acknowledgement holds reminders back."
    )
    flap_switches: int = Field(
        4,
        ge=3,
        le=20,
        description="So many openings and resolutions within `flap_minutes` are flapping: told "
        "once, and again when the alert has kept still that long.",
    )
    flap_minutes: int = Field(60, ge=5, le=24 * 60, description="See `flap_switches`.")
    storm_messages_per_minute: int = Field(
        20, ge=1, le=1000, description="Past this number, messages collapse into a summary."
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Topics of their own; the first route whose conditions an alert meets takes "
        "it, the main topic takes the rest.",
    )
    chat: bool = Field(
        False,  # noqa: FBT003 - pydantic's own shape
        description="Whether to make a topic whose messages Amazon Q Developer in chat "
        "applications shows in Slack and Teams.",
    )
    security_hub: bool = Field(
        False,  # noqa: FBT003 - pydantic's own shape
        description="Whether findings also go to Security Hub, which must be enabled.",
    )
    digest: Literal["off", "daily", "weekly"] = Field(
        "weekly", description="How often each owner gets a digest; weekly ones come on Mondays."
    )
    digest_hour: int = Field(7, ge=0, le=23, description="Hour of the digest, in UTC.")
    runbooks_url: str = Field(
        "",
        pattern=r"^(https://[^\s<>\"']+)?$",
        max_length=200,
        description="Where your copy of docs/runbooks can be read, for links in alerts, for "
        "example https://git.example.com/lambda-warden/blob/main/docs/runbooks.",
    )

    @field_validator("runbooks_url")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("routes")
    @classmethod
    def _names_differ(cls, value: tuple[Route, ...]) -> tuple[Route, ...]:
        names = [route.name for route in value]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice} is the name of several routes; give each its own")
        return value


class CapPolicy(_Block):
    """How hard a runaway is limited, for how long, and when it is let go."""

    peak_multiple: float = Field(
        2.0, ge=1.0, le=100.0, description="Cap at this multiple of the usual peak concurrency."
    )
    floor: int = Field(5, ge=1, le=1000, description="Never cap below this concurrency.")
    minutes: int = Field(
        60, ge=5, le=24 * 60, description="Lift the cap after this time, whatever happens."
    )
    cool_down_minutes: int = Field(
        15,
        ge=5,
        le=24 * 60,
        description="Lift the cap earlier when the anomaly was not confirmed, and nothing was "
        "throttled, for this long.",
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


class QuarantinePolicy(_Block):
    """When a function is stopped altogether, with a reserved concurrency of 0."""

    reasons: tuple[QuarantineReason, ...] = Field(
        (),
        description="Reasons for which a function may be stopped: `world-open-attacked`, "
        "`known-exploited`, `lifecycle`.",
    )
    minutes: int = Field(
        240, ge=5, le=30 * 24 * 60, description="Let the function run again after this time."
    )
    protected_environments: tuple[EnvironmentName, ...] = Field(
        ("production",),
        description="Environments whose functions are never stopped; so is a function whose "
        "environment is unknown.",
    )


class StandingLimitPolicy(_Block):
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


class Budget(_Block):
    """What may be spent, in USD at list price."""

    monthly_usd: float | None = Field(None, gt=0, description="In a calendar month (UTC).")
    hourly_usd: float | None = Field(None, gt=0, description="In an hour.")

    @model_validator(mode="after")
    def _says_something(self) -> "Budget":
        if self.monthly_usd is None and self.hourly_usd is None:
            raise ValueError("name monthly_usd, hourly_usd or both")
        return self


class BudgetPolicy(_Block):
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


class GuardPolicy(_Block):
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


class AdvisorySource(_Block):
    """Where advisories come from: OSV's exports over HTTPS, or a prefix of Warden's bucket."""

    location: str = Field(
        "https://osv-vulnerabilities.storage.googleapis.com",
        description="URL prefix laid out as ECOSYSTEM/all.zip, s3://bucket/prefix, or "
        "s3:///advisories/... for a prefix of Warden's own bucket.",
    )
    ecosystems: tuple[str, ...] = Field(
        ("PyPI", "npm", "Maven", "Go", "crates.io", "NuGet", "RubyGems"),
        description="Ecosystems whose exports are fetched, named as OSV names them.",
    )

    @field_validator("location")
    @classmethod
    def _is_a_prefix(cls, value: str) -> str:
        if not value.startswith(("https://", "s3://")):
            raise ValueError(f"{value!r} must start with https:// or s3://")
        return value.rstrip("/")


class ReportPolicy(_Block):
    """The page that shows the whole estate."""

    daily: bool = Field(
        True,  # noqa: FBT003 - pydantic's own shape
        description="Whether a report of the estate is written to Warden's bucket every day.",
    )
    hour: int = Field(5, ge=0, le=23, description="Hour of the report, in UTC.")
    keep_days: int = Field(90, ge=1, le=3650, description="Days that a report is kept.")
    functions: int = Field(
        2000,
        ge=0,
        le=20000,
        description="Functions that a report lists one by one, those with the worst alerts first; "
        "all others are counted.",
    )


class WardenConfig(_Block):
    """Everything under `warden` in cdk.json. Every field has a safe default."""

    name_prefix: str = Field(
        "lambda-warden",
        pattern=r"^[a-z][a-z0-9-]{1,30}$",
        description="Starts the name of every function that belongs to Warden.",
    )
    owner: str = Field(
        "platform-team",
        min_length=1,
        max_length=100,
        description="Who owns Warden itself: its tag, and the owner in alerts about Warden.",
    )
    alert_emails: tuple[Annotated[str, Field(pattern=_EMAIL)], ...] = Field(
        (), description="Addresses that receive every alert that no route takes."
    )
    log_retention_days: Literal[7, 14, 30, 60, 90, 180, 365] = Field(
        30, description="Days that Warden's own logs are kept."
    )
    sweep_hours: int = Field(6, ge=1, le=24, description="Hours between two sweeps of the estate.")
    advisory_sync_hours: int = Field(
        12, ge=1, le=168, description="Hours between two updates of the advisories."
    )
    exempt_functions: tuple[FunctionPattern, ...] = Field(
        (), description="Names or prefixes (`legacy-*`) that are reported on but never acted on."
    )
    tags: TagPolicy = TagPolicy()
    scanner: ScannerPolicy = ScannerPolicy()
    detector: DetectorPolicy = DetectorPolicy()
    notifications: NotificationPolicy = NotificationPolicy()
    guard: GuardPolicy = GuardPolicy()
    advisories: AdvisorySource = AdvisorySource()
    report: ReportPolicy = ReportPolicy()
    dashboard: bool = Field(
        True,  # noqa: FBT003 - pydantic's own shape
        description="Whether to make a CloudWatch dashboard; the first three of an account are "
        "free, others cost $3 a month.",
    )

    @model_validator(mode="after")
    def _signals_are_of_environments(self) -> "WardenConfig":
        if stray := set(self.detector.signals.environments) - set(self.tags.environments):
            raise ValueError(
                f"detector.signals.environments: {sorted(stray)} is not in tags.environments "
                f"{list(self.tags.environments)}; add it there or remove it here"
            )
        return self

    @model_validator(mode="after")
    def _guarded_environments_exist(self) -> "WardenConfig":
        if stray := set(self.guard.modes) - set(self.tags.environments):
            raise ValueError(
                f"guard.modes: {sorted(stray)} is not in tags.environments "
                f"{list(self.tags.environments)}; add it there or remove it here"
            )
        return self


class ConfigError(ValueError):
    """The `warden` block is wrong; the message names every field and what it should be."""


def load_config(block: object) -> WardenConfig:
    """Validate the `warden` block.

    Raises:
        ConfigError: One line per wrong field: where it stands, what was found, what is expected.
    """
    try:
        return WardenConfig.model_validate({} if block is None else block)
    except ValidationError as error:
        lines = [_fault(item) for item in error.errors()]
        raise ConfigError("cdk.json, wrong settings:\n" + "\n".join(lines)) from error


def _fault(item: "ErrorDetails") -> str:
    field = ".".join(("warden", *map(str, item["loc"])))
    if item["type"] == "extra_forbidden":
        return f"  {field}: no such setting; remove it or correct its spelling"
    return f"  {field}: {item['msg']} (found {plain(repr(item['input']))})"
