"""The estate as a table: who owns what, and how that is known. Pure but for its one reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.tag_value import shown_tag
from functions.shared.estate.snapshot import Snapshot, read_snapshot
from functions.shared.estate.use import Use, read_use
from functions.shared.guarding.enforcement import Enforcement, Enforcements
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One function of the estate. What is not known says so; an empty text is no value.

    Attributes:
        function: Its name.
        account: Account that it is in.
        region: Region that it is in.
        environment: Its environment, or `unclassified`.
        environment_by: How that is known.
        owner: Its owner, or `unknown`.
        owner_by: How that is known.
        source: Repository that its tag names.
        runtime: Its runtime; `container image` for an image.
        changed: When its code or configuration last changed, as ISO 8601.
        changed_by: Who changed it.
        last_call: Day of the last call, `DAY or later` of who is called all the time; `none since
            DAY`, or `unknown`.
        state: `active`, or what the guard does to it.
        findings: Open findings that nobody accepted.
        worst: Severity of the worst of them; empty where there is none.
        monthly_usd: List price of its calls of the last 30 days; None while unknown.
    """

    function: str
    account: str
    region: str
    environment: str
    environment_by: str
    owner: str
    owner_by: str
    source: str
    runtime: str
    changed: str
    changed_by: str
    last_call: str
    state: str
    findings: int
    worst: str
    monthly_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is remembered of functions.

    Attributes:
        records: Their records.
        use: When each was called; functions that nobody looked at are absent.
        alerts: Every open alert, and those that were resolved of late.
        limits: What the guard limits.
    """

    records: Mapping[FunctionArn, FunctionRecord]
    use: Mapping[FunctionArn, Use]
    alerts: Sequence[StoredAlert]
    limits: Sequence[Enforcement]


@dataclass(frozen=True, slots=True)
class EstateTable:
    """All rows, and how old the list of functions is."""

    rows: tuple[Row, ...]
    listed_at: datetime


def estate_table(warden: Deployment) -> Reading[EstateTable]:
    """Read the table: two objects, one call for each hundred records, the alerts, the guard's book.

    Nothing is asked for each function.

    Raises:
        ClientError: AWS could not answer now.
    """
    s3, bucket = warden.aws.s3, warden.settings.bucket
    snapshot = read_snapshot(s3, bucket)
    if isinstance(snapshot, Unknown):
        return snapshot
    functions = [one.function for one in snapshot.value.functions]
    use = read_use(s3, bucket)
    known = Remembered(
        records=warden.records.of(functions),
        use=use.value if isinstance(use, Known) else {},
        alerts=warden.stored_alerts.current(),
        limits=Enforcements(warden.table).standing(),
    )
    table = EstateTable(tuple(rows(snapshot.value, known, warden.config)), snapshot.value.at)
    return Known(table)


def rows(
    snapshot: Snapshot,
    known: Remembered,
    config: WardenConfig,
) -> Iterable[Row]:
    """The rows, in the order of the list. Pure."""
    open_ones: dict[FunctionArn, list[Severity]] = {}
    for stored in known.alerts:
        if stored.alert.is_open and not stored.is_waived:
            finding = stored.alert.finding
            open_ones.setdefault(finding.function, []).append(finding.severity)
    limited = {one.function: one.action.value for one in known.limits}
    for listed in snapshot.functions:
        function = listed.function
        yield _row(
            listed,
            known.records.get(function, FunctionRecord()),
            known.use.get(function),
            found=open_ones.get(function, []),
            state=limited.get(function, "active"),
            config=config,
        )


def _row(
    listed: Listed,
    record: FunctionRecord,
    use: Use | None,
    *,
    found: list[Severity],
    state: str,
    config: WardenConfig,
) -> Row:
    tags = listed.tags or {}
    owner, environment = record.owner(config.tags), record.environment(config.tags)
    usd = (
        use.monthly_usd(memory_mib=listed.memory_mib, architecture=listed.architecture)
        if use
        else None
    )
    return Row(
        function=listed.function.name,
        account=listed.function.account,
        region=listed.function.region,
        environment=shown_tag(environment) or "unclassified",
        environment_by=record.environment_by,
        owner=shown_tag(owner) or UNKNOWN,
        owner_by=record.owner_by,
        source=shown_tag(tags.get(config.scanner.source_tag, "")),
        runtime=listed.runtime or "container image",
        changed=record.deployed_at.isoformat() if record.deployed_at else listed.modified,
        changed_by=shown_tag(record.deployed_by),
        last_call=last_call(use),
        state=state,
        findings=len(found),
        worst=max(found).label if found else "",
        monthly_usd=None if usd is None else round(usd, 4),
    )


def last_call(use: Use | None) -> str:
    """When a function was last called, as far as somebody looked."""
    if use is None:
        return UNKNOWN
    if use.last is None:
        return f"none since {_day(use.since)}"
    is_active = use.until - use.last <= timedelta(days=1)
    return f"{_day(use.last)} or later" if is_active else _day(use.last)


def _day(day: date) -> str:
    return day.isoformat()
