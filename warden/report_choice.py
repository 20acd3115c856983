"""A report of one owner, and its findings as data for spreadsheets and programs. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, Final

from functions.reporter import counts
from functions.reporter.estate import Estate
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.core.reading import Known, Reading
from warden.alert_json import alert_json

_UNKNOWN: Final = "unknown"
COLUMNS: Final = (
    *("fingerprint", "state", "severity", "kind", "rule", "function", "account", "region"),
    *("owner", "environment", "first_seen", "last_seen", "count", "title", "reason", "remedy"),
    *("severity_reason", "subject", "acknowledged_by", "muted", "runbook"),
)
"""What a line of a spreadsheet says of a finding."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def of_owner(estate: Estate, pattern: str) -> Estate:
    """What belongs to the owners that a pattern matches; `unknown` stands for none.

    A function belongs to an owner by its tags, or because an alert about it does.
    """
    alerts = [one for one in estate.alerts if _matches(one.alert.owner, pattern)]
    theirs = {str(one.alert.finding.function) for one in alerts}
    policy = estate.config.tags
    listed = [
        one
        for one in estate.listed
        if _matches(_plain_owner(counts.owner_of(one, policy)), pattern)
        or str(one.function) in theirs
    ]
    known: Reading[Sequence[Listed]] = Known(listed)
    functions = known if isinstance(estate.functions, Known) else estate.functions
    return replace(estate, alerts=alerts, functions=functions, owner=pattern)


def as_rows(alerts: Iterable[StoredAlert], context: Context) -> list[dict[str, Any]]:
    """A line for each finding that is open or ended of late, the worst first."""
    ordered = sorted(
        alerts,
        key=lambda one: (not one.alert.is_open, -one.alert.finding.severity, one.alert.first_seen),
    )
    return [_row(one, alert_json(one, context)) for one in ordered]


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Lines for a spreadsheet, which takes none of their texts for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in rows)
    return text.getvalue()


def as_json(rows: Sequence[dict[str, Any]]) -> str:
    """The same for programs."""
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _row(one: StoredAlert, document: dict[str, Any]) -> dict[str, Any]:
    held, mute = one.handling.acknowledgement, one.handling.mute
    about = one.alert.finding
    return {
        **{name: document.get(name, "") for name in COLUMNS},
        "function": about.name,
        "account": about.function.account,
        "region": about.function.region,
        "acknowledged_by": held.by if held else "",
        "muted": mute.reason if mute else "",
    }


def _cell(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain_owner(owner: str) -> str:
    return "" if owner in {counts.NOBODY, counts.UNREAD} else owner


def _matches(owner: str, pattern: str) -> bool:
    return fnmatchcase(owner or _UNKNOWN, pattern)
