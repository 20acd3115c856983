"""Choosing among alerts: by what they are about, how bad, how old, and in which state. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.shared.alerting.formats.wording import UNKNOWN
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.severity import Severity
from functions.shared.muting.matcher import Matcher
from warden.alert_states import AlertState


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which alerts to show.

    Attributes:
        matcher: What they are about.
        unknown: Which of `owner` and `environment` must be unknown.
        severity: The least severity.
        states: Which states; an alert that is in one of them is shown.
        older_than: Opened at least that long ago.
        newer_than: Opened at most that long ago.
    """

    matcher: Matcher = field(default_factory=Matcher)
    unknown: frozenset[str] = frozenset()
    severity: Severity = Severity.INFO
    states: frozenset[AlertState] = frozenset({AlertState.OPEN})
    older_than: timedelta | None = None
    newer_than: timedelta | None = None

    def of(self, alerts: Iterable[StoredAlert], now: datetime) -> list[StoredAlert]:
        """The alerts to show, the worst first, the oldest first among equals."""
        return sorted((one for one in alerts if self._takes(one, now)), key=_order)

    def _takes(self, stored: StoredAlert, now: datetime) -> bool:
        alert = stored.alert
        opened_for = now - alert.first_seen
        return (
            alert.finding.severity >= self.severity
            and bool(self.states & states_of(stored, now))
            and (self.older_than is None or opened_for >= self.older_than)
            and (self.newer_than is None or opened_for <= self.newer_than)
            and self.matcher.matches(alert)
            and all(getattr(alert, name) in {"", UNKNOWN} for name in self.unknown)
        )


def states_of(stored: StoredAlert, now: datetime) -> frozenset[AlertState]:
    """All states that an alert is in."""
    handling = stored.handling
    if not stored.alert.is_open:
        return frozenset({AlertState.RESOLVED})
    if stored.is_waived:
        return frozenset({AlertState.WAIVED})
    also = {
        AlertState.MUTED: handling.mute is not None,
        AlertState.ACKNOWLEDGED: bool(
            handling.acknowledgement and now < handling.acknowledgement.until
        ),
        AlertState.FLAPPING: handling.flapping,
    }
    return frozenset({AlertState.OPEN, *(state for state, holds in also.items() if holds)})


def needs_somebody(alerts: Sequence[StoredAlert]) -> bool:
    """Whether one of them is open and not accepted."""
    return any(one.alert.is_open and not one.is_waived for one in alerts)


def _order(stored: StoredAlert) -> tuple[int, datetime, str]:
    finding = stored.alert.finding
    return (-finding.severity, stored.alert.first_seen, finding.fingerprint)
