"""Which alerts are one incident for a pager: one fault, however many functions have it. Pure.

Fifteen functions deployed with one fault are one incident and one page. It ends when all of them
are over. What opens later than the window is an incident of its own: a page that somebody took over
hours ago must not swallow a new one.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.notification import Notice
from functions.shared.core.severity import Severity

WINDOW: Final = timedelta(hours=1)
"""So long after the first alert of an incident others still belong to it."""

MOST: Final = 2000
"""Alerts of one incident; the next one begins another, so that a record fits into the table."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Alerts of one fault that opened together.

    Attributes:
        key: Its identity, for as long as it lasts: what pagers deduplicate by.
        began: When its first alert came.
        members: The alerts that are open and wake people, by fingerprint, with their severity.
        quiet: Those that are muted, or over since it began.
    """

    key: str
    began: datetime
    members: Mapping[str, Severity] = field(default_factory=dict)
    quiet: frozenset[str] = frozenset()

    def has(self, fingerprint: str) -> bool:
        """Whether an alert belongs to it."""
        return fingerprint in self.members or fingerprint in self.quiet

    def document(self) -> dict[str, Any]:
        """What an event says of it: its key, and how many of its alerts are open, by severity."""
        open_ = Counter(self.members.values())
        return {
            "key": self.key,
            "open": len(self.members),
            **{severity.label: open_[severity] for severity in Severity},
        }


def cause_of(alert: Alert) -> str:
    """What the alerts of one incident have in common, as a stable key."""
    finding = alert.finding
    function = finding.function
    same = [
        *(finding.rule, finding.subject, alert.owner, alert.environment),
        *(function.account, function.region),
    ]
    digest = hashlib.sha256(json.dumps(same).encode()).hexdigest()[:12]
    return f"{finding.rule}-{digest}"


def placed(
    known: Sequence[Incident], notice: Notice, now: datetime
) -> tuple[tuple[Incident, ...], Incident]:
    """Put what is said of an alert into its incident.

    Args:
        known: The incidents of its cause, the oldest first.
        notice: The alert, and whether it is muted.
        now: The time.

    Returns:
        The incidents of the cause that still matter, and the one that the alert belongs to.
    """
    fingerprint = notice.alert.finding.fingerprint
    mine = next((one for one in reversed(known) if one.has(fingerprint)), None)
    if mine is None or (_is_over(mine) and now - mine.began >= WINDOW):
        newest = known[-1] if known else None
        room = newest is not None and len(newest.members) + len(newest.quiet) < MOST
        joins = newest and now - newest.began < WINDOW and room
        mine = newest if newest and joins else _new(notice.alert, now)
    placed_ = _with(mine, fingerprint, _wakes(notice))
    others = [one for one in known if one.key != mine.key]
    kept = [one for one in others if not _is_over(one) or now - one.began < WINDOW]
    return (*kept, placed_), placed_


def alone(notice: Notice) -> Incident:
    """The incident of an alert that nothing is known of beside it."""
    return _with(
        _new(notice.alert, notice.alert.first_seen),
        notice.alert.finding.fingerprint,
        _wakes(notice),
    )


def _new(alert: Alert, now: datetime) -> Incident:
    return Incident(f"{cause_of(alert)}-{int(now.timestamp() * 1000)}", now)


def _wakes(notice: Notice) -> Severity | None:
    is_told = notice.alert.is_open and notice.handling.mute is None
    return notice.alert.finding.severity if is_told else None


def _with(one: Incident, fingerprint: str, severity: Severity | None) -> Incident:
    members = {name: value for name, value in one.members.items() if name != fingerprint}
    if severity is None:
        return replace(one, members=members, quiet=one.quiet | {fingerprint})
    members[fingerprint] = severity
    return replace(one, members=members, quiet=one.quiet - {fingerprint})


def _is_over(one: Incident) -> bool:
    return not one.members
