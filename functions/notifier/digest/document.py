"""A digest as a JSON document, version 1.0, as docs/digest.schema.json describes it. Pure."""

from typing import Final

from functions.notifier.digest.contents import Digest, Line, Section
from functions.notifier.digest.words import WORST_FIRST
from functions.shared.cost.bill import NOT_INCLUDED, Bill

SCHEMA_VERSION: Final = "1.0"


def document(digest: Digest) -> dict[str, object]:
    """The document."""
    period = digest.edition.period
    return {
        "version": SCHEMA_VERSION,
        "kind": "digest",
        "id": digest.edition.id,
        "cadence": digest.edition.cadence,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "made_at": digest.made_at.isoformat(timespec="seconds"),
        "account": digest.account,
        "region": digest.region,
        "owner": digest.addressee,
        "whole_estate": digest.whole_estate,
        "open": {s.label: digest.open_by_severity.get(s, 0) for s in WORST_FIRST},
        "new": digest.new,
        "resolved": digest.resolved,
        "sections": [_section(section) for section in digest.sections],
        "cost": _cost(digest.bill),
        "report": digest.report,
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "id": section.id,
        "title": section.title,
        "total": section.total,
        "command": section.command,
        "lines": [_line(line) for line in section.lines],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "what": line.what,
        "function": line.function,
        "severity": line.severity.label if line.severity is not None else "",
        "since": line.since.isoformat(timespec="seconds") if line.since else "",
        "note": line.note,
        "rule": line.rule,
        "fingerprint": line.fingerprint,
    }


def _cost(bill: Bill) -> dict[str, object]:
    return {
        "usd": round(bill.usd, 4),
        "usd_a_month": round(bill.usd_a_month, 2),
        "complete": not bill.unknown,
        "prices": bill.as_of,
        "lines": [
            {
                "what": line.what.value,
                "shown": line.shown,
                "usd": None if line.usd is None else round(line.usd, 6),
            }
            for line in bill.lines
        ],
        "not_included": list(NOT_INCLUDED),
    }
