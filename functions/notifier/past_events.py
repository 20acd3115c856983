"""Alerts about events that came, and come no more: nothing else would end them."""

from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.runtime.deployment import Deployment

_RULES: Final = frozenset({"foreign-event", "unknown-event"})
_OVER_AFTER: Final = timedelta(days=1)


def resolve_past_events(warden: Deployment, now: datetime) -> None:
    """Every hour: resolve what has not been seen for a day.

    Raises:
        ConflictError: Others kept changing the same alerts.
        ClientError: AWS could not answer now.
    """
    for stored in warden.stored_alerts.current():
        alert = stored.alert
        if alert.finding.rule not in _RULES or not alert.is_open:
            continue
        if now - alert.last_seen < _OVER_AFTER:
            continue
        over = Verdict(alert.finding.rule, ending="No such event came within a day.")
        judgement = Judgement(
            function=alert.finding.function, verdicts=[over], scope=alert.scope, owner=alert.owner
        )
        warden.alerts.settle(judgement, now)
