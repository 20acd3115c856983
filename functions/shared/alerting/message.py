"""The forms in which an alert leaves: JSON for machines, calm text for people, attributes to route.

Limits: an SNS subject is at most 100 printable ASCII characters and a message at most 256 KiB
(SNS API reference, Publish).
"""

import json
from collections.abc import Mapping
from typing import Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.text import ascii_line, plain

SCHEMA_VERSION: Final = "1.0"
_SUBJECT_LIMIT: Final = 100
_UNKNOWN: Final = "unknown"
_EVIDENCE_ITEMS: Final = 40
_EVIDENCE_LENGTH: Final = 500


def document(alert: Alert) -> dict[str, object]:
    """The alert as a JSON document, version 1.0; every value from outside is bounded."""
    finding = alert.finding
    return {
        "version": SCHEMA_VERSION,
        "fingerprint": finding.fingerprint,
        "state": alert.state.value,
        "severity": finding.severity.label,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "title": plain(finding.title, 150),
        "reason": plain(finding.reason, 2000),
        "remedy": plain(finding.remedy, 1000),
        "function": {
            "arn": str(finding.function),
            "name": finding.function.name,
            "account": finding.function.account,
            "region": finding.function.region,
        },
        "owner": plain(alert.owner, 100) or _UNKNOWN,
        "environment": plain(alert.environment, 100) or _UNKNOWN,
        "first_seen": alert.first_seen.isoformat(timespec="seconds"),
        "last_seen": alert.last_seen.isoformat(timespec="seconds"),
        "count": alert.count,
        "evidence": _bounded(finding.evidence),
        "links": [plain(link, 500) for link in finding.links],
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
        f"{finding.severity.label.upper()} {alert.state.value}: {plain(finding.title, 150)}",
        "",
        f"Function     {finding.function.name}",
        f"             {finding.function}",
        f"Owner        {plain(alert.owner, 100) or _UNKNOWN}",
        f"Environment  {plain(alert.environment, 100) or _UNKNOWN}",
        f"Since        {alert.first_seen.isoformat(' ', timespec='seconds')}"
        + (f" (seen {alert.count} times)" if alert.count > 1 else ""),
        "",
        "Why",
        f"  {plain(finding.reason, 2000)}",
        "",
        "What to do",
        f"  {plain(finding.remedy, 1000)}",
    ]
    if finding.links:
        lines += ["", "Read on", *(f"  {plain(link, 500)}" for link in finding.links)]
    return "\n".join([*lines, "", f"Rule {finding.rule}, alert {finding.fingerprint}", ""])


def sns_message(alert: Alert) -> str:
    """The body for SNS with `MessageStructure=json`: text for e-mail, JSON for everyone else."""
    return json.dumps(
        {"default": json.dumps(document(alert), ensure_ascii=False), "email": text(alert)},
        ensure_ascii=False,
    )


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
        "owner": plain(alert.owner, 100) or _UNKNOWN,
        "environment": plain(alert.environment, 100) or _UNKNOWN,
    }


def _bounded(evidence: Mapping[str, object]) -> dict[str, object]:
    bounded: dict[str, object] = {}
    for key, value in evidence.items():
        if isinstance(value, list):
            bounded[key] = [plain(item, _EVIDENCE_LENGTH) for item in value[:_EVIDENCE_ITEMS]]
            if len(value) > _EVIDENCE_ITEMS:
                bounded[f"{key}_omitted"] = len(value) - _EVIDENCE_ITEMS
        else:
            bounded[key] = plain(value, _EVIDENCE_LENGTH) if isinstance(value, str) else value
    return bounded
