"""Which of the configured routes an alert takes. Pure."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.config import Route

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


def _takes(route: Route, alert: Alert) -> bool:
    finding = alert.finding
    return (
        _matches(alert.owner, route.owners)
        and _matches(alert.environment, route.environments)
        and (not route.severities or finding.severity.label in route.severities)
        and (not route.kinds or finding.kind.value in route.kinds)
    )


def _matches(value: str, patterns: Sequence[str]) -> bool:
    named = value or UNKNOWN
    return not patterns or any(fnmatchcase(named, pattern) for pattern in patterns)
