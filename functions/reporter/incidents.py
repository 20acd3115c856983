"""Which incidents a report shows. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.finding import Kind
from functions.shared.alerting.store import StoredAlert

RECENT: Final = timedelta(days=30)
"""How long an incident that is over is shown."""


def incidents(alerts: Iterable[StoredAlert], now: datetime) -> list[StoredAlert]:
    """Incidents that are open or were of late: open ones first, then the worst, then the latest."""
    found = [
        one
        for one in alerts
        if one.alert.finding.kind is Kind.ANOMALY
        and (one.alert.is_open or now - one.alert.last_seen <= RECENT)
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.alert.is_open,
            -one.alert.finding.severity,
            -one.alert.last_seen.timestamp(),
        ),
    )
