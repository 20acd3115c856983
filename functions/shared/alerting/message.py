"""The forms in which an alert leaves: JSON for machines, calm text for people, attributes to route.

Limits: an SNS subject is at most 100 printable ASCII characters and a message at most 256 KiB
(SNS API reference, Publish). The second is kept by `Finding`, whose texts are bounded.
"""

import json
from collections.abc import Mapping
from typing import Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.text import ascii_line

SCHEMA_VERSION: Final = "1.0"
_SUBJECT_LIMIT: Final = 100
_UNKNOWN: Final = "unknown"


def document(alert: Alert) -> dict[str, object]:
    """The alert as a JSON document, version 1.0, as docs/alert.schema.json describes it."""
    finding = alert.finding
    return {
        "version": SCHEMA_VERSION,
        "fingerprint": finding.fingerprint,
        "state": alert.state.value,
        "severity": finding.severity.label,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "title": finding.title,
        "reason": finding.reason,
        "remedy": finding.remedy,
        "function": {
            "arn": str(finding.function),
            "name": finding.function.name,
            "account": finding.function.account,
            "region": finding.function.region,
        },
        "owner": alert.owner or _UNKNOWN,
        "environment": alert.environment or _UNKNOWN,
        "first_seen": alert.first_seen.isoformat(timespec="seconds"),
        "last_seen": alert.last_seen.isoformat(timespec="seconds"),
        "count": alert.count,
        "evidence": dict(finding.evidence),
        "links": list(finding.links),
    }


def subject(alert: Alert) -> str:
    """One line for a locked phone: severity, function, what."""
    finding = alert.finding
    lead = "RESOLVED" if alert.state is State.RESOLVED else finding.severity.label.upper()
    return ascii_line(f"[{lead}] {finding.function.name}: {finding.title}", _SUBJECT_LIMIT)


def text(alert: Alert) -> str:
    """The body of an e-mail, in a fixed and calm layout."""
    finding = alert.finding
    lines = [
        f"{finding.severity.label.upper()} {alert.state.value}: {finding.title}",
        "",
        f"Function     {finding.function.name}",
        f"             {finding.function}",
        f"Owner        {alert.owner or _UNKNOWN}",
        f"Environment  {alert.environment or _UNKNOWN}",
        f"Since        {alert.first_seen.isoformat(' ', timespec='seconds')}"
        + (f" (seen {alert.count} times)" if alert.count > 1 else ""),
        "",
        "Why",
        f"  {finding.reason}",
        "",
        "What to do",
        f"  {finding.remedy}",
    ]
    if finding.links:
        lines += ["", "Read on", *(f"  {link}" for link in finding.links)]
    return "\n".join([*lines, "", f"Rule {finding.rule}, alert {finding.fingerprint}", ""])


def sns_message(alert: Alert) -> str:
    """The body for SNS with `MessageStructure=json`: text for e-mail, JSON for everyone else."""
    machines = json.dumps(document(alert), ensure_ascii=False, allow_nan=False)
    return json.dumps({"default": machines, "email": text(alert)}, ensure_ascii=False)


def attributes(alert: Alert) -> Mapping[str, str]:
    """What a subscription's filter policy can select by."""
    finding = alert.finding
    return {
        "severity": finding.severity.label,
        "state": alert.state.value,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "function": finding.function.name,
        "account": finding.function.account,
        "region": finding.function.region,
        "owner": alert.owner or _UNKNOWN,
        "environment": alert.environment or _UNKNOWN,
    }
