"""Alerts as JSON for machines: docs/alert.schema.json and docs/notification.schema.json. Pure.

Within version 1 fields are only added.
"""

from datetime import datetime
from typing import Any, Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import evidence_page, links_of, runbook_of
from functions.shared.alerting.formats.wording import UNKNOWN, environment_of, owner_of
from functions.shared.alerting.handling import Acknowledgement
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import Notice, Notification
from functions.shared.core.rules import About
from functions.shared.core.text import plain

VERSION: Final = "1.0"
_HISTORY: Final = 10


def alert_document(notice: Notice, context: Context) -> dict[str, Any]:
    """One alert, as docs/alert.schema.json describes it."""
    alert, handling = notice.alert, notice.handling
    finding = alert.finding
    function = finding.function
    of_account = finding.about is About.ACCOUNT
    history = sorted([*alert.history, *handling.history], key=lambda entry: entry.at)
    return {
        "version": VERSION,
        "fingerprint": finding.fingerprint,
        "state": notice.state.value,
        "event": notice.event.value,
        "severity": finding.severity.label,
        "severity_reason": finding.severity_reason,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "subject": finding.subject,
        "title": finding.title,
        "reason": finding.reason,
        "remedy": finding.remedy,
        "about": {"type": finding.about.value, "name": finding.name, "arn": finding.arn},
        "function": {
            "arn": "" if of_account else str(function),
            "name": "" if of_account else function.name,
            "account": function.account,
            "region": function.region,
        },
        "owner": owner_of(alert),
        "environment": environment_of(alert),
        "first_seen": _instant(alert.first_seen),
        "last_seen": _instant(alert.last_seen),
        "count": alert.count,
        "reminders": handling.reminders,
        "acknowledgement": _acknowledgement(handling.acknowledgement),
        "evidence": dict(finding.evidence),
        "evidence_is_whole": not finding.whole_digest,
        "evidence_elsewhere": evidence_page(alert, context),
        "links": list(finding.links),
        "places": [{"title": link.title, "url": link.url} for link in links_of(alert, context)],
        "runbook": runbook_of(finding.rule, context),
        "history": [_entry(entry) for entry in history[-_HISTORY:]],
    }


def notification_document(notification: Notification, context: Context) -> dict[str, Any]:
    """One message, as docs/notification.schema.json describes it."""
    return {
        "version": VERSION,
        "occasion": notification.occasion.value,
        "group": plain(notification.group, 300),
        "severity": notification.severity.label,
        "owner": notification.owner or UNKNOWN,
        "environment": notification.environment or UNKNOWN,
        "total": notification.total,
        "by_severity": {
            severity.label: count for severity, count in notification.by_severity.items()
        },
        "by_rule": dict(notification.by_rule),
        "messages": notification.messages,
        "alerts": [alert_document(notice, context) for notice in notification.notices],
        "left_out": notification.total - len(notification.notices),
    }


def _acknowledgement(known: Acknowledgement | None) -> dict[str, str] | None:
    if known is None:
        return None
    return {"by": known.by, "at": _instant(known.at), "until": _instant(known.until)}


def _entry(entry: HistoryEntry) -> dict[str, str]:
    return {"at": _instant(entry.at), "what": entry.what, "note": entry.note}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
