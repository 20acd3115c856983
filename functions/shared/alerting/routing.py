"""Which of the configured routes an alert takes. Pure."""

from collections.abc import Iterable
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.config import NotificationPolicy, Route
from functions.shared.core.rules import rule
from functions.shared.core.severity import Severity

MAIN: Final = ""
"""The route of what no other one takes: the main topic."""

UNKNOWN: Final = "unknown"
"""What an owner or environment that nobody knows is called, in routes as in attributes."""


def route_of(alert: Alert, routes: Iterable[Route]) -> str:
    """The name of the first route whose conditions an alert meets; `MAIN` where none does.

    Args:
        alert: The alert.
        routes: The routes of the settings, in their order.
    """
    return next((route.name for route in routes if _takes(route, alert)), MAIN)


def waits_for_digest(alert: Alert, route: str, policy: NotificationPolicy) -> bool:
    """Whether an alert is too little to send a message about; the digest lists it.

    Args:
        alert: The alert.
        route: The route that it takes.
        policy: The settings.
    """
    severity = alert.finding.severity
    if policy.digest == "off" or rule(alert.finding.rule).always_announced:
        return False
    if severity >= Severity.parse(policy.at_once_from):
        return False
    return not any(one.name == route and severity.label in one.severities for one in policy.routes)


def _takes(route: Route, alert: Alert) -> bool:
    finding = alert.finding
    return route.takes(
        alert.owner or UNKNOWN,
        alert.environment or UNKNOWN,
        finding.severity.label,
        finding.kind.value,
    )
