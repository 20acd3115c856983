"""The whole `warden` block of cdk.json, and reading it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from functions.shared.config.block import EMAIL, PRINCIPAL, Block, FunctionPattern
from functions.shared.config.detector import DetectorPolicy
from functions.shared.config.guard import GuardPolicy
from functions.shared.config.logs import LogSettings
from functions.shared.config.notifications import NotificationPolicy
from functions.shared.config.reporting import AdvisorySource, ReportPolicy
from functions.shared.config.scanner import ScannerPolicy
from functions.shared.config.sensor import SensorSettings
from functions.shared.config.severity import SeverityPolicy
from functions.shared.config.tags import TagPolicy
from functions.shared.core.part import Part
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


OWN_CONCURRENCY: Final[Mapping[str, int]] = {
    Part.ANOMALY_DETECTOR: 11,
    Part.GUARD: 3,
    Part.NOTIFIER: 3,
}
"""What the sweep reserves for the parts that see a runaway, act and tell: as many executions as
each has at work at once, and one by hand. A test compares them with the stack's."""

RetentionDays: TypeAlias = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
    1096, 1827, 2192, 2557, 2922, 3288, 3653,
]  # fmt: skip
"""What PutRetentionPolicy takes; source: its model in botocore 1.43.106."""


class WardenConfig(Block):
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
    alert_emails: tuple[Annotated[str, Field(pattern=EMAIL)], ...] = Field(
        (), description="Addresses that receive every alert that no route takes."
    )
    topic_key: str = Field(
        "own",
        pattern=r"^(own|none|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+)$",
        description="What encrypts the topics of alerts at rest: `own` makes a key with the stack "
        "($1 a month), `none` leaves them as they are, and the ARN of a key of yours uses that "
        "([routing](routing.md#encryption) has the statement that its policy needs).",
    )
    operators: tuple[Annotated[str, Field(pattern=PRINCIPAL)], ...] = Field(
        (),
        description="ARNs of roles or users, `*` for a part of the name, that may put messages "
        "into the queues of changes: for redriving dead letters. Never into the guard's.",
    )
    log_retention_days: RetentionDays = Field(
        30, description="Days that Warden's own logs are kept."
    )
    trace_busy_parts: bool = Field(
        False,  # noqa: FBT003 - pydantic's own shape
        description="Whether X-Ray also traces the parts that are called every few minutes "
        "(anomaly-detector, guard, notifier); about $1 a month. The others always are.",
    )
    sweep_hours: int = Field(6, ge=1, le=24, description="Hours between two sweeps of the estate.")
    advisory_sync_hours: int = Field(
        12, ge=1, le=168, description="Hours between two updates of the advisories."
    )
    more_accounts: tuple[Annotated[str, Field(pattern=r"^(\d{12}|\*)$")], ...] = Field(
        (),
        description="Accounts whose events, where a bus sends them here, are judged as well, from "
        "any region; `*` for all. What is about any other account or region is dropped and "
        "counted.",
    )
    exempt_functions: tuple[FunctionPattern, ...] = Field(
        (), description="Names or prefixes (`legacy-*`) that are reported on but never acted on."
    )
    policy: str = Field(
        "",
        max_length=500,
        description="Path of the policy file, from where the app runs; empty: the policy that "
        "Warden comes with. See lifecycle.md.",
    )
    tags: TagPolicy = TagPolicy()
    scanner: ScannerPolicy = ScannerPolicy()
    detector: DetectorPolicy = DetectorPolicy()
    severity: SeverityPolicy = SeverityPolicy()
    notifications: NotificationPolicy = NotificationPolicy()
    guard: GuardPolicy = GuardPolicy()
    advisories: AdvisorySource = AdvisorySource()
    report: ReportPolicy = ReportPolicy()
    sensor: SensorSettings = SensorSettings()
    logs: LogSettings = LogSettings()
    dashboard: bool = Field(
        True,  # noqa: FBT003 - pydantic's own shape
        description="Whether to make a CloudWatch dashboard; the first three of an account, of at "
        "most 50 metrics each, are free, others cost $3 a month.",
    )

    @property
    def own_functions(self) -> frozenset[str]:
        """The names of Warden's own functions; that a name begins like theirs proves nothing."""
        return frozenset(part.function_name(self.name_prefix) for part in Part)


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
