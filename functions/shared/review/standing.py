"""How alerts stand: each belongs to exactly one group, so that nothing is told twice. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.alerting.finding import Kind
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.severity import Severity
from functions.shared.review.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsOfPeriod:
    """Alerts by how they stand at the end of a period; each is in one group at most.

    Attributes:
        new: Open, told, and opened in the period; the worst first.
        older: Open and told, opened before it; the oldest first.
        low: Open, and not worth more than a line here; the oldest first.
        resolved: Resolved in the period, the latest first.
        waived: Open and accepted, those that end first at the front.
        muted: Open, but silenced or explained by another alert.
        actions: What Warden did, of the period or still in force; the latest first.
        gaps: Open, and about what could not be looked at; the worst first.
    """

    new: tuple[StoredAlert, ...]
    older: tuple[StoredAlert, ...]
    low: tuple[StoredAlert, ...]
    resolved: tuple[StoredAlert, ...]
    waived: tuple[StoredAlert, ...]
    muted: tuple[StoredAlert, ...]
    actions: tuple[StoredAlert, ...]
    gaps: tuple[StoredAlert, ...]


_WORTH_TELLING: Final = Severity.MEDIUM


def standing(stored: Iterable[StoredAlert], period: Period) -> AlertsOfPeriod:
    """Sort alerts into their groups.

    Args:
        stored: Every alert there is, resolved ones included.
        period: What is looked back on.
    """
    groups: dict[str, list[StoredAlert]] = {name: [] for name in AlertsOfPeriod.__slots__}
    for one in stored:
        if group := _group(one, period):
            groups[group].append(one)
    return AlertsOfPeriod(
        **{name: tuple(sorted(members, key=_ORDERS[name])) for name, members in groups.items()}
    )


def _group(one: StoredAlert, period: Period) -> str:
    alert, finding = one.alert, one.alert.finding
    if finding.kind is Kind.ENFORCEMENT:
        seen = alert.is_open or period.covers(alert.last_seen) or period.covers(alert.first_seen)
        return "actions" if seen else ""
    if not alert.is_open:
        return "resolved" if period.covers(alert.last_seen) else ""
    if one.handling.mute:
        return "waived" if one.is_waived else "muted"
    return "gaps" if finding.kind is Kind.COVERAGE else _reported_group(one, period)


def _reported_group(one: StoredAlert, period: Period) -> str:
    if one.alert.finding.severity < _WORTH_TELLING:
        return "low"
    return "new" if one.alert.first_seen >= period.start else "older"


_Order = Callable[[StoredAlert], tuple[float, ...]]


def _worst_first(one: StoredAlert) -> tuple[float, ...]:
    return (-one.alert.finding.severity, one.alert.first_seen.timestamp())


def _oldest_first(one: StoredAlert) -> tuple[float, ...]:
    return (one.alert.first_seen.timestamp(), -one.alert.finding.severity)


def _latest_first(one: StoredAlert) -> tuple[float, ...]:
    return (-one.alert.last_seen.timestamp(),)


def _ends_first(one: StoredAlert) -> tuple[float, ...]:
    return (_ending(one).timestamp(),)


def _ending(one: StoredAlert) -> datetime:
    mute = one.handling.mute
    return mute.until if mute and mute.until else one.due


_ORDERS: Final[dict[str, _Order]] = {
    "new": _worst_first,
    "older": _oldest_first,
    "low": _oldest_first,
    "resolved": _latest_first,
    "waived": _ends_first,
    "muted": _worst_first,
    "actions": _latest_first,
    "gaps": _worst_first,
}
