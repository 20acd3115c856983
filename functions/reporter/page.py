"""The report as its template shows it: every number counted, every list bounded. Pure."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.reporter import counts
from functions.reporter.estate import Estate, Inventories
from functions.reporter.flows import Flows, flows_of
from functions.reporter.groups import Groups, grouped
from functions.reporter.incidents import incidents
from functions.reporter.pictures import place_of
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import Link, links_of
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.core.inventory_keys import url_safe
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.cost.bill import NOT_INCLUDED, Bill
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.review.standing import AlertsOfPeriod, standing
from functions.shared.review.waivers import Concerning, concerning

ENTRIES: Final = 100
"""Entries of a list of single alerts; the rest is counted."""

_OPEN_SECTIONS: Final = {
    "vulnerabilities": (Kind.VULNERABILITY,),
    "exposure": (Kind.EXPOSURE,),
    "drift": (Kind.DRIFT,),
    "lifecycle": (Kind.LIFECYCLE, Kind.TAGGING),
    "gaps": (Kind.COVERAGE,),
}


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident.

    Attributes:
        stored: The alert.
        picture: Its metrics as a `data:` address, empty where there is no picture here.
        place: Where its picture lies, empty where it has none.
        links: Where to look.
    """

    stored: StoredAlert
    picture: str
    place: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function in the inventory.

    Attributes:
        listed: The function.
        owner: Its owner.
        environment: Its environment.
        runtime: Its runtime.
        changed: The day of its last change.
        open: Open alerts by severity.
        is_read: Whether its code was read.
    """

    listed: Listed
    owner: str
    environment: str
    runtime: str
    changed: str
    open: dict[Severity, int]
    is_read: bool

    @property
    def worst(self) -> Severity | None:
        """The worst of what is open, None where nothing is."""
        return max(self.open, default=None)


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Where a part of the report comes from.

    Attributes:
        what: What was read.
        how_much: How much of it, or why not.
        is_read: Whether it was read in full.
    """

    what: str
    how_much: str
    is_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the template shows; see its use there."""

    owner: str
    account: str
    region: str
    made_at: datetime
    since: datetime
    functions: int | None
    unowned: int
    severities: dict[Severity, int]
    affected: int
    muted: int
    gaps: int
    environments: Sequence[counts.Row]
    owners: Sequence[counts.Row]
    runtimes: Sequence[counts.Row]
    days: Sequence[counts.Day]
    attention: Groups
    sections: dict[str, Groups]
    inventories: Inventories | None
    read_functions: int
    flows: Flows
    incidents: Sequence[Incident]
    omitted_incidents: int
    standing: AlertsOfPeriod
    waivers: Sequence[Waiver]
    concerning: Sequence[Concerning]
    silences: Sequence[Silence]
    bill: Bill
    not_included: Sequence[str]
    inventory: Sequence[FunctionRow]
    omitted_functions: int
    sources: Sequence[ReportSource]

    @property
    def open(self) -> int:
        """Open alerts that nobody accepted or muted."""
        return sum(self.severities.values())

    @property
    def verdict(self) -> str:
        """How things stand, in one sentence."""
        critical, high = self.severities[Severity.CRITICAL], self.severities[Severity.HIGH]
        if critical or high:
            counted = [f"{n} {word}" for n, word in ((critical, "critical"), (high, "high")) if n]
            where = f" on {self.affected} function{_s(self.affected)}" if self.affected else ""
            return f"{' and '.join(counted)} finding{_s(critical + high)}{where} need attention."
        if self.open:
            return f"Nothing critical or high is open; {self.open} finding{_s(self.open)} can wait."
        return "Nothing is open."


def page_of(estate: Estate) -> Page:
    """Count and sort what was read."""
    now = estate.made_at
    context = Context(
        now=now, runbooks_url=estate.config.notifications.runbooks_url, bucket=estate.bucket
    )
    event = counts.event(estate.alerts)
    urgent = [
        one
        for one in event
        if one.alert.finding.severity >= Severity.HIGH
        and one.alert.finding.kind is not Kind.ENFORCEMENT
    ]
    rows = _inventory(estate, event)
    shown = estate.config.report.functions
    seen = incidents(estate.alerts, now)
    stands = standing(estate.alerts, estate.period)
    known = estate.inventories.value if isinstance(estate.inventories, Known) else None
    open_alerts = [one.alert for one in estate.alerts if one.alert.is_open]
    return Page(
        owner=estate.owner,
        account=estate.account,
        region=estate.region,
        made_at=now,
        since=estate.period.start,
        functions=len(estate.listed) if isinstance(estate.functions, Known) else None,
        unowned=sum(row.owner in {counts.NOBODY, counts.UNREAD} for row in rows),
        severities=counts.severities(event),
        affected=len({one.alert.finding.arn for one in urgent}),
        muted=len(stands.waived) + len(stands.muted),
        gaps=len(stands.gaps),
        environments=counts.by_environment(estate),
        owners=counts.by_owner(estate),
        runtimes=counts.by_runtime(estate),
        days=counts.days(estate.alerts, now),
        attention=grouped(urgent, context),
        sections={
            name: grouped([one for one in event if one.alert.finding.kind in kinds], context)
            for name, kinds in _OPEN_SECTIONS.items()
        },
        inventories=known,
        read_functions=sum(row.is_read for row in rows),
        flows=flows_of(estate.flows),
        incidents=[_incident(one, estate, context) for one in seen[:ENTRIES]],
        omitted_incidents=max(len(seen) - ENTRIES, 0),
        standing=stands,
        waivers=sorted(
            (one for one in estate.waivers if one.is_active(now)), key=lambda one: one.expires
        ),
        concerning=concerning(estate.waivers, open_alerts, estate.period, now),
        silences=[one for one in estate.silences if one.ends > estate.period.start],
        bill=estate.bill,
        not_included=NOT_INCLUDED,
        inventory=rows[:shown],
        omitted_functions=max(len(rows) - shown, 0),
        sources=tuple(_sources(estate, known)),
    )


def _inventory(estate: Estate, event: Iterable[StoredAlert]) -> list[FunctionRow]:
    open_: dict[object, dict[Severity, int]] = {}
    for one in event:
        finding = one.alert.finding
        by_severity = open_.setdefault(finding.arn, {})
        by_severity[finding.severity] = by_severity.get(finding.severity, 0) + 1
    known = estate.inventories.value if isinstance(estate.inventories, Known) else Inventories()
    policy = estate.config.tags
    rows = [
        FunctionRow(
            listed=one,
            owner=counts.owner_of(one, policy),
            environment=counts.environment_of(one, policy),
            runtime=plain(one.runtime, 40) or "container image",
            changed=plain(one.modified, 40)[:10],
            open=open_.get(str(one.function), {}),
            is_read=url_safe(one.code_sha256) in known.digests,
        )
        for one in estate.listed
    ]
    return sorted(rows, key=_worst_first)


def _worst_first(row: FunctionRow) -> tuple[int | str, ...]:
    worst = [-row.open.get(severity, 0) for severity in reversed(Severity)]
    return (*worst, row.listed.function.name)


def _incident(one: StoredAlert, estate: Estate, context: Context) -> Incident:
    place = place_of(one.alert)
    picture = estate.pictures.get(place, b"")
    encoded = base64.b64encode(picture).decode()
    # As an image, an SVG runs no script and loads nothing (SVG 2, "Secure animated mode").
    address = f"data:image/svg+xml;base64,{encoded}" if picture else ""
    return Incident(one, address, place, links_of(one.alert, context))


def _sources(estate: Estate, known: Inventories | None) -> Iterable[ReportSource]:
    if isinstance(estate.functions, Unknown):
        yield ReportSource("Functions", f"not read: {estate.functions.cause}", is_read=False)
    else:
        yield ReportSource("Functions", f"{len(estate.listed)}, as Lambda lists them")
        if any(one.tags is None for one in estate.listed):
            yield ReportSource("Owners and environments", "tags could not be listed", is_read=False)
        else:
            yield ReportSource("Owners and environments", "tags, as the tagging API lists them")
    yield ReportSource(
        "Alerts", f"{len(estate.alerts)} in Warden's table, those resolved within 90 days"
    )
    looked_at = sum(bool(node.function) for node in estate.flows.nodes)
    yield ReportSource("Flows", f"{looked_at} functions, X-Ray's sampled traces and configuration")
    if known is None:
        cause = estate.inventories.cause if isinstance(estate.inventories, Unknown) else ""
        yield ReportSource("Contents of code", f"not read: {cause}", is_read=False)
    else:
        whole = known.read == len(known.digests)
        number = f"{known.read} of {len(known.digests)}"
        yield ReportSource("Contents of code", f"{number} stored inventories", is_read=whole)
    yield ReportSource(
        "Warden's cost",
        "CloudWatch's metrics and list prices"
        + ("; some could not be read" if estate.bill.unknown else ""),
        is_read=not estate.bill.unknown,
    )


def _s(number: int) -> str:
    return "" if number == 1 else "s"
