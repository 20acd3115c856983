"""Findings that say the same of several functions, told once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import Link, links_of
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.severity import Severity

LISTED: Final = 100
"""Groups of a section; the rest is counted."""

_NAMES: Final = 30
_OWNERS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One finding on one function or many.

    Attributes:
        severity: How bad.
        title: What is wrong.
        rule: Rule that found it.
        reason: Why we think so, in the words of the first function.
        remedy: What to do.
        functions: Names of the functions, at most some dozens.
        unlisted: The names of the others, to be searched.
        count: How many functions there are.
        owners: Their owners, at most a few; `unknown` where there is none.
        since: When the oldest was found.
        notes: What else there is to know: acknowledged, flapping.
        fingerprint: The alert of the first function.
        links: Where to read on about the first function.
    """

    severity: Severity
    title: str
    rule: str
    reason: str
    remedy: str
    functions: tuple[str, ...]
    unlisted: tuple[str, ...]
    count: int
    owners: tuple[str, ...]
    since: datetime
    notes: tuple[str, ...]
    fingerprint: str
    links: tuple[Link, ...]

    @property
    def more(self) -> int:
        """How many functions are only counted."""
        return self.count - len(self.functions)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a section.

    Attributes:
        shown: The worst of them.
        omitted: How many are only counted.
        alerts: How many alerts all of them are.
    """

    shown: tuple[Group, ...]
    omitted: int
    alerts: int


def grouped(alerts: Iterable[StoredAlert], context: Context) -> Groups:
    """Put alerts with one title into groups: the worst first, then the most frequent."""
    by_title: dict[tuple[Severity, str, str], list[StoredAlert]] = {}
    for one in alerts:
        finding = one.alert.finding
        by_title.setdefault((finding.severity, finding.rule, finding.title), []).append(one)
    order = sorted(by_title.items(), key=lambda item: (-item[0][0], -len(item[1]), item[0][2]))
    return Groups(
        tuple(_group(members, context) for _, members in order[:LISTED]),
        max(len(order) - LISTED, 0),
        sum(len(members) for members in by_title.values()),
    )


def _group(members: list[StoredAlert], context: Context) -> Group:
    ordered = sorted(members, key=lambda one: (one.alert.first_seen, one.alert.finding.function))
    first: Alert = ordered[0].alert
    finding = first.finding
    owners = sorted({one.alert.owner or "unknown" for one in ordered})
    names = dict.fromkeys(one.alert.finding.name for one in ordered)
    return Group(
        severity=finding.severity,
        title=finding.title,
        rule=finding.rule,
        reason=finding.reason,
        remedy=finding.remedy,
        functions=tuple(names)[:_NAMES],
        unlisted=tuple(names)[_NAMES:],
        count=len(names),
        owners=tuple(owners[:_OWNERS])
        + ((f"and {len(owners) - _OWNERS} more",) if len(owners) > _OWNERS else ()),
        since=first.first_seen,
        notes=tuple(_notes(ordered)),
        fingerprint=finding.fingerprint,
        links=links_of(first, context),
    )


def _notes(members: Iterable[StoredAlert]) -> list[str]:
    acknowledged = {
        one.handling.acknowledgement.by for one in members if one.handling.acknowledgement
    }
    notes = [f"acknowledged by {', '.join(sorted(acknowledged))}"] if acknowledged else []
    if any(one.handling.flapping for one in members):
        notes.append("flapping")
    return notes
