"""An alert as pagers read it, in the PagerDuty Common Event Format. Pure.

Source: PagerDuty developer documentation, "Events API v2 Overview" (a summary of at most 1,024
characters, four severities, custom details) and "Send an Alert Event" (links).

It travels inside the alert's event, ready to be sent, because EventBridge only fills templates: it
inserts an object as it is, while whether it escapes a quotation mark in a text is not documented,
and an alert whose title has one must page too.
"""

from typing import Any, Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import links_of, runbook_of
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.formats.wording import (
    environment_of,
    happened,
    how_bad,
    owner_of,
    times,
    why,
)
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain

LEVELS: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}
"""The four steps of pagers."""

_SUMMARY: Final = 1024
_UNESCAPED: Final = str.maketrans({'"': "'", "\\": "/"})


def pager(notice: Notice, context: Context) -> dict[str, Any]:
    """What a pager needs to page: the payload, and links to look at."""
    alert = notice.alert
    finding = alert.finding
    return {
        "payload": {
            "summary": _summary(notice),
            "source": finding.arn,
            "severity": LEVELS[finding.severity],
            "timestamp": alert.last_seen.isoformat(timespec="seconds"),
            "component": finding.name,
            "group": owner_of(alert),
            "class": finding.rule,
            "custom_details": _details(notice, context),
        },
        "links": [{"href": link.url, "text": link.title} for link in links_of(alert, context)],
    }


def _summary(notice: Notice) -> str:
    """Where and what, in one line without anything that a JSON string would have to escape."""
    finding = notice.alert.finding
    line = f"{finding.name}: {unlinked(finding.title)}"
    return plain(line.translate(_UNESCAPED), _SUMMARY)


def _details(notice: Notice, context: Context) -> dict[str, str]:
    """A short table for whoever was woken."""
    alert = notice.alert
    finding = alert.finding
    return {
        "What happened": unlinked(_what_happened(notice, context)),
        **{name: unlinked(value) for name, value in [how_bad(alert)]},
        why(alert): unlinked(finding.reason),
        "What to do": unlinked(finding.remedy),
        "Runbook": runbook_of(finding.rule, context),
        "Owner": unlinked(owner_of(alert)),
        "Environment": unlinked(environment_of(alert)),
        **dict(times(alert, context.now)),
        "History": f"warden alerts {finding.fingerprint}",
    }


def _what_happened(notice: Notice, context: Context) -> str:
    if notice.event is AlertEvent.UNMUTED:
        return "It was muted until now."
    return happened(notice, context.now)
